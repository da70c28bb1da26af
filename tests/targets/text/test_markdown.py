"""Text stays in its cell, line, block, span or fence, as a CommonMark parser sees it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwright.targets.markdown import (
    markdown_block,
    markdown_cell,
    markdown_code,
    markdown_comment,
    markdown_fence,
    markdown_line,
    markdown_literal_cell,
    markdown_raw_cell,
)
from tests.targets.text.commonmark import assert_ends, dangers, parse

_PIECES = (
    *(
        "`",
        "``",
        "```",
        "~~~",
        "\n",
        "\n\n",
        "\r\n",
        "\v",
        " ",
        "  ",
        "    ",
        "\t",
        "\\",
        "|",
    ),
    *(
        "- ",
        "1. ",
        "> ",
        "# ",
        "===",
        "---",
        "a",
        "b c",
        "[",
        "]",
        "(",
        ")",
        '"',
        "'",
        "=",
    ),
    *(
        "<script>x</script>",
        "<script>",
        "<!-- ",
        "-->",
        "<div>",
        "<br>",
        "<?",
        "<![CDATA[",
    ),
    *("<b>", "</b>", "<code>", "</code>", "<br/> ", "<b class=x>", "</b >"),
    *('<span style="color:red">', '<span style="color:red;x:y">', "</span>"),
    *(
        "](javascript:alert(1))",
        "]: javascript:x",
        "[a]: ",
        "[x]",
        "<javascript:x>",
        "](",
    ),
    *("<https://e.x/>", "https://e.x", "[t](https://e.x)", "[t](<java\tscript:x>)"),
    *(
        "&#106;avascript:x",
        "\n```\n",
        "\n```py\n",
        "\n  ```\n",
        "\n    ```\n",
        "\n~~~\n",
    ),
    *("\u202e", "\u2028", "\x00", "\ud800"),
)
TEXTS = st.lists(st.sampled_from(_PIECES), max_size=18).map("".join) | st.text()


@given(TEXTS)
def test_block(text: str) -> None:
    written = markdown_block(text)
    assert dangers(written) == []
    assert_ends(written)


@given(TEXTS)
def test_line(text: str) -> None:
    written = markdown_line(text)
    assert dangers(written) == [] and len(written.splitlines()) <= 1
    assert_ends(written)


@given(TEXTS, TEXTS, TEXTS)
def test_cells(prose: str, literal: str, raw: str) -> None:
    cells = (
        markdown_cell(prose),
        markdown_literal_cell(literal),
        markdown_raw_cell(raw),
    )
    row = f"a | {' | '.join(cells)} | z"
    table = f"a | b | c | d | e\n-|-|-|-|-\n{row}\n"
    tokens = parse(table)
    found = [after for before, after in pairwise(tokens) if before.type == "td_open"]
    assert len(found) == 5 and found[0].content == "a" and found[4].content == "z"
    assert dangers(table) == []
    assert row.splitlines() == [row]


@given(TEXTS.filter(str.strip))
def test_code(text: str) -> None:
    _, paragraph, _ = parse(f"a {markdown_code(text)} b")
    assert [token.type for token in paragraph.children or ()] == [
        "text",
        "code_inline",
        "text",
    ]


@given(TEXTS)
def test_fence(text: str) -> None:
    fence, _, heading, _ = parse(f"{markdown_fence(text, 'python')}\n# Next\n")
    assert (fence.type, fence.info, heading.content) == ("fence", "python", "Next")


@given(TEXTS)
def test_comment(text: str) -> None:
    assert len(markdown_comment(text).splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "comment", "cell"),
    [
        ("plain", "plain", "plain"),
        ('say "hi"', 'say \\"hi\\"', "say \\&quot;hi\\&quot;"),
        (
            "it's `a` = <b> & c",
            "it's `a` = <b> & c",
            "it&#39;s &#x60;a&#x60; &#x3D; &lt;b&gt; &amp; c",
        ),
        ("a\tb\nc\r\nd", "a b c  d", "a b c  d"),
        (
            "back\\slash \\n \\u0041",
            "back\\\\slash \\\\n \\\\u0041",
            "back\\\\slash \\\\n \\\\u0041",
        ),
        ("a\\/b", "a/b", "a/b"),
        ("'''", "'_'_'", "&#39;_&#39;_&#39;"),
    ],
)
def test_escapes_are_those_of_openapi_generator(
    text: str, comment: str, cell: str
) -> None:
    assert markdown_comment(text) == comment
    assert markdown_cell(text) == cell


@pytest.mark.parametrize(
    "text",
    [
        "Creates a model response for the given `messages`.",
        'See the [guide](https://example.com/a_(b) "title") and <https://example.com>.',
        "A `<think>` block, a<br>break, [here](#anchor) and [there](../README.md).",
        '1. Do:\n   ```json\n   {"a": "<b>"}\n   ```\n2. Done.',
        "```html\n<script>\n```\n\nA [link][1].\n\n[1]: https://example.com",
        "| a | b |\n|---|---|\n| `x` | y |",
        "A <b>bold <i>and</i></b> word, H<sub>2</sub>O,<br/>x<sup>2</sup>, <code>`a`</code>",
        'a <span style="color:red">422</span> error, <span style="color: blue;">b</span>',
        "<strong>Note</strong>: <em>a</em> <u>b</u>",
        "a < b, a <= b && c > d; `unmatched and ``odd` ticks",
    ],
)
def test_ordinary_markdown_stays_as_written(text: str) -> None:
    assert markdown_block(text) == text


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("a <!-- b", "a &lt;!-- b"),
        ("[a](javascript:alert(1))", "[a\\](javascript:alert(1))"),
        ("<b>never closed", "&lt;b>never closed"),
        ("<b>\nover lines\n</b>", "&lt;b>\nover lines\n&lt;/b>"),
        ("<b><i>crossed</b></i>", "<b>&lt;i>crossed</b>&lt;/i>"),
        ("`<b>`code</b>", "`<b>`code&lt;/b>"),
        ("<b onclick=x>a</b>", "&lt;b onclick=x>a&lt;/b>"),
        (
            '<span style="color:red;background:url(x)">a</span>',
            '&lt;span style="color:red;background:url(x)">a&lt;/span>',
        ),
        (
            "<b>[a](javascript:x)</b><script>",
            "<b>[a\\](javascript:x)</b>&lt;script>",
        ),
        ("<br>\n- a", "&lt;br>\n- a"),
        ("[a](JAVA&#115;cript:x)", "[a\\](JAVA&#115;cript:x)"),
        ("[a]: data:text/html,x", "[a\\]: data:text/html,x"),
        ("```\nnever closed", "```\nnever closed\n```"),
        ("- a\n  ~~~\nb", "- a\n  \\~~~\nb"),
        ("- `a\n- <b> `", "- \\`a\n- &lt;b> \\`"),
        ("\u202eabc\x07", "U+202EabcU+0007"),
        ("\ud800", "\ufffd"),
    ],
)
def test_what_would_leave_its_block_is_disarmed(text: str, block: str) -> None:
    assert markdown_block(text) == block


def test_cells_keep_their_bars() -> None:
    assert markdown_cell("a | b") == "a &#124; b"
    assert markdown_literal_cell('a|"b"\nc') == "a&#124;&quot;b&quot; c"
    assert markdown_raw_cell('a|"b"\n<c>') == 'a&#124;"b" &lt;c>'


def test_links_in_cells_lead_to_the_web() -> None:
    assert markdown_cell('[a](https://e.x "b")') == "[a](https://e.x \\&quot;b\\&quot;)"
    assert markdown_cell("[a](javascript:x)") == "[a\\](javascript:x)"
    assert markdown_cell(f"[a](javascript{' ' * 300}:x)").startswith("[a](javascript ")
    assert markdown_cell(f"[a]({'a' * 300}:x)").startswith("[a\\](")
