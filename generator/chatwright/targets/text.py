"""Writes foreign text into source code and documents: one function for each kind of literal.

Everything here takes text as a document holds it, any sequence of code points, and gives text
that cannot leave its literal, line, cell or fence. What a reader would not see, or would see in
another order than a parser does (controls, line separators, bidirectional and invisible
characters, unusual spaces, private use, surrogates), is written as an escape wherever the literal
has escapes: Unicode Technical Report 36 and the Trojan Source attack (CVE-2021-42574) say why.
The characters are listed, not asked of `unicodedata`, so that every Python version writes the
same bytes.
"""

from __future__ import annotations

import hashlib
import keyword
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = (
    "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
)

# General categories Cc, Cf, Zl, Zp, Cs and Co, Zs but the space, the noncharacters, and
# Default_Ignorable_Code_Point but the variation selectors, which emoji are written with.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    "\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164"
    "\ud800-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe\U0003ffff"
    "\U000e0000-\U000e0fff\U000efffe-\U0010ffff]"
)
_SELECTOR = re.compile("[\ufe00-\ufe0f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACE = re.compile("[\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_SHORT_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TAB_STOP = 4

# Python reads no decimal literal of more digits (sys.int_info.default_max_str_digits), and no
# deeper brackets (MAXLEVEL of its tokenizer, less what surrounds the literal).
_DECIMAL_LIMIT = 10**4300
_DEPTH_LIMIT = 100

_FILE_NAME_LIMIT = 255
_DEVICE = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]", re.IGNORECASE)

# Comments that tools obey: type checkers, linters, formatters, coverage; and PEP 263.
_DIRECTIVE = re.compile(
    r"(^|#)(\s*)(?="
    r"(?:type|pyright|basedpyright|mypy|pyre|pyrefly|ty|ruff|flake8|pylint|bandit|pragma|fmt|isort"
    r"|yapf|autopep8|black)\s*:|(?:noqa|nosec|isort|pyre-ignore|pyre-fixme)\b)",
    re.IGNORECASE,
)
_CODING = re.compile(r"coding(?=[:=])", re.IGNORECASE)


def python_string(value: str) -> str:
    """The text as a string literal of one line (Python lexical analysis, section 2.4.1).

    The quotes are those that black keeps: double ones, unless single ones need fewer escapes.
    Evaluating the literal gives the text back, whatever it holds.
    """
    quote = "'" if value.count('"') > value.count("'") else '"'
    body = value.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    return f"{quote}{_escaped(body, _escape)}{quote}"


def python_literal(value: Json) -> str:
    """A JSON value as a Python expression of one line, as black writes it.

    Evaluating it gives the value back, with lists and dictionaries for arrays and objects.
    Infinities and NaN become calls of `float`. Raises ValueError for a value nested more than 100
    deep, which Python could not compile.
    """
    return _literal(value, 0)


def python_identifier(text: str) -> str:
    """The text as an ASCII identifier that is no keyword (Python lexical analysis, section 2.3).

    An identifier comes back unchanged. Other characters become underscores; a keyword, a leading
    digit and nothing at all take the prefix `var_`, as OpenAPI Generator has it. Python compares
    identifiers after NFKC, so that letters beyond ASCII never go through. Not injective: names are
    kept apart where they are chosen.
    """
    name = re.sub(r"[^A-Za-z0-9_]", "_", text)
    if not name or name[0].isdigit() or keyword.iskeyword(name):
        return f"var_{name}"
    return name


def visible(text: str) -> str:
    """The text without what a reader would not see, for names that must not look alike."""
    return _SELECTOR.sub("", _UNSEEN.sub("", text))


def docstring_text(text: str) -> str:
    """The normal form of a description: what `inspect.getdoc` gives for its docstring.

    Lines end where `str.splitlines` ends them; tabs become spaces up to the next multiple of
    four, other white space becomes a space, and a lone surrogate, which no docstring can hold,
    U+FFFD. Blank lines around the text, white space at the ends of lines and the indentation that
    all lines share are removed. Nothing else changes.
    """
    if text.isprintable():
        return text.strip(" ")
    lines = [_docstring_line(line).rstrip() for line in text.splitlines()]
    margin = min(
        (len(line) - len(line.lstrip(" ")) for line in lines if line), default=0
    )
    return "\n".join(line[margin:] for line in lines).strip("\n")


def docstring_body(text: str) -> str:
    """The normal form of a description, escaped to stand between three double quotes."""
    body = docstring_text(text).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return "\n".join(_escaped(line, _escape) for line in body.split("\n"))


def comment_line(text: str) -> str:
    """One line of text as a comment; what a tool would obey is disarmed with a backslash."""
    line = _escaped(text.expandtabs(_TAB_STOP).rstrip(), _escape)
    line = _DIRECTIVE.sub(r"\1\2\\", _CODING.sub(r"\g<0>\\", line))
    return f"# {line}" if line else "#"


def toml_string(text: str) -> str:
    """The text as a basic string (TOML 1.0, section String), on one line.

    Parsing it gives the text back; a lone surrogate, which TOML has no way to say, is U+FFFD.
    """
    body = _visible_surrogates(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_escaped(body, _escape_toml)}"'


def file_name(text: str, suffix: str = "") -> str:
    """The text as the name of a file that every system takes, with the suffix at its end.

    Letters, digits, `.`, `_` and `-` of ASCII stay and all else becomes `_`; no name begins with
    a dot or a dash, ends with a dot, is one of Windows' device names whatever its suffix, or is
    longer than 255 bytes: a longer one is cut and gets part of its digest. Not injective; names
    that differ only in case are the caller's to keep apart.
    """
    name = re.sub(r"[^A-Za-z0-9._-]", "_", text).rstrip(".")
    if not name or name[0] in ".-":
        name = f"_{name}"
    stem, dot, rest = name.partition(".")
    if _DEVICE.fullmatch(stem):
        name = f"{stem}_{dot}{rest}"
    room = _FILE_NAME_LIMIT - len(suffix)
    if len(name) > room:
        digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]
        name = f"{name[: room - len(digest) - 1]}_{digest}"
    return name + suffix


def _docstring_line(line: str) -> str:
    if line.isprintable():
        return line
    return _SPACE.sub(" ", _visible_surrogates(line).expandtabs(_TAB_STOP))


def _escaped(text: str, escape: Callable[[re.Match[str]], str]) -> str:
    """The text with escapes for what a reader would not see: nothing, in most texts."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub(escape, text)


def _visible_surrogates(text: str) -> str:
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _escape_toml(match: re.Match[str]) -> str:
    character = match[0]
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    code = ord(character)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _literal(value: Json, depth: int) -> str:
    if depth > _DEPTH_LIMIT:
        raise ValueError(
            f"a value nested more than {_DEPTH_LIMIT} deep has no Python literal"
        )
    match value:
        case None | bool():
            return repr(value)
        case str():
            return python_string(value)
        case int():
            return str(value) if abs(value) < _DECIMAL_LIMIT else _hexadecimal(value)
        case float():
            return _float(value)
        case Mapping():
            entries = (
                f"{python_string(key)}: {_literal(each, depth + 1)}"
                for key, each in value.items()
            )
            return f"{{{', '.join(entries)}}}"
        case _:
            return f"[{', '.join(_literal(each, depth + 1) for each in value)}]"


def _hexadecimal(value: int) -> str:
    return f"{'-' if value < 0 else ''}0x{abs(value):X}"


def _float(value: float) -> str:
    text = repr(value)
    if text.lstrip("-") in ("inf", "nan"):
        return f'float("{text}")'
    return text.replace("e+", "e")


def rust_string(text: str) -> str:
    """The text as a string literal of one line (Rust reference, section 2.6).

    Evaluating it gives the text back; a lone surrogate, which no Rust string can hold, is U+FFFD.
    """
    body = _visible_surrogates(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_escaped(body, _escape_rust)}"'


def rust_raw_string(text: str) -> str:
    """Text of ASCII without carriage returns as a raw string literal (Rust reference, section 2.6).

    Its lines are lines of the literal.
    """
    hashes = "#"
    while f'"{hashes}' in text:
        hashes += "#"
    return f'r{hashes}"{text}"{hashes}'


def rust_doc(text: str, indent: int = 0, marker: str = "///") -> str:
    """The text as doc comment lines (Rust reference, section 2.3.2), none for an empty text.

    What a reader would not see is written as its code point. Lines of four blanks or more, which
    markdown takes for code, lose what is more than three.
    """
    lines: list[str] = []
    for line in docstring_text(text).split("\n"):
        shown = _UNSEEN.sub(lambda match: f"U+{ord(match[0]):04X}", line)
        lines.append(
            f"{' ' * indent}{marker} {shown}".rstrip()
            if shown
            else " " * indent + marker
        )
    return "\n".join(lines) if text.strip() else ""


def _escape_rust(match: re.Match[str]) -> str:
    character = match[0]
    short = _SHORT_ESCAPES.get(character)
    return short or f"\\u{{{ord(character):x}}}"
