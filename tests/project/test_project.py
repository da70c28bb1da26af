"""What a project file may say, and what is said about one that may not."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatwright.diagnostics import InputError
from chatwright.project import (
    Client,
    Flavour,
    PythonTarget,
    Url,
    default_distribution,
    fingerprint,
    package_problem,
    select,
)
from chatwright.project_file import read

MINIMAL = """\
clients:
  acme:
    document: specs/acme.yaml
    targets:
      python:
        package: acme_client
"""

Write = Callable[[str], Path]


@pytest.fixture
def project(tmp_path: Path) -> Write:
    """Writes a project file, and gives its path."""

    def write(text: str) -> Path:
        path = tmp_path / "home" / "chatwright.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def findings(path: Path) -> list[str]:
    """`line:column code` of every finding."""
    with pytest.raises(InputError) as failure:
        read(path)
    return [
        (
            f"{found.location.line}:{found.location.column} {found.code}"
            if found.location
            else found.code
        )
        for found in failure.value.diagnostics
    ]


def message(path: Path) -> str:
    """The message of the one finding."""
    with pytest.raises(InputError) as failure:
        read(path)
    (found,) = failure.value.diagnostics
    return found.message


def test_a_minimal_client_has_the_defaults(project: Write) -> None:
    path = project(MINIMAL)
    home = path.parent
    assert read(path).clients == (
        Client(
            name="acme",
            folder=home,
            document=home / "specs/acme.yaml",
            targets=(
                PythonTarget(
                    package="acme_client",
                    distribution="acme-client",
                    version="1.0.0",
                    flavour=Flavour.SYNC,
                    output=home / "generated/acme",
                ),
            ),
        ),
    )


def test_a_whole_client(project: Write) -> None:
    path = project("""\
clients:
  gabber:
    document: specs/gabber.yaml
    overlays: [specs/gabber.overlay.yaml, ../shared.yaml]
    upstream: https://gabber.example/openapi
    operations: [Inference, listModels, /v1/models]
    targets:
      python:
        package: gabber.generated.gabber
        distribution: gabber-sdk
        version: "1!2.0rc1.post2.dev3+local.4"
        flavour: async
        output: clients/gabber
""")
    home = path.parent
    (client,) = read(path).clients
    assert client == Client(
        name="gabber",
        folder=home,
        document=home / "specs/gabber.yaml",
        overlays=(home / "specs/gabber.overlay.yaml", home / "../shared.yaml"),
        upstream="https://gabber.example/openapi",
        operations=("Inference", "listModels", "/v1/models"),
        targets=(
            PythonTarget(
                package="gabber.generated.gabber",
                distribution="gabber-sdk",
                version="1!2.0rc1.post2.dev3+local.4",
                flavour=Flavour.ASYNC,
                output=home / "clients/gabber",
            ),
        ),
    )


def test_a_document_may_be_a_url(project: Write) -> None:
    path = project(MINIMAL.replace("specs/acme.yaml", "https://acme.example/api.json"))
    (client,) = read(path).clients
    assert client.document == Url(address="https://acme.example/api.json")


def test_clients_keep_their_order_and_are_selected_by_name(project: Write) -> None:
    entry = MINIMAL.split("\n", 1)[1]
    path = project(
        "clients:\n" + "".join(entry.replace("  acme:", f"  {name}:") for name in "cab")
    )
    found = read(path)
    assert [client.name for client in found.clients] == ["c", "a", "b"]
    assert [client.name for client in select(found, ["b", "c"])] == ["c", "b"]
    assert select(found, []) == found.clients
    with pytest.raises(KeyError, match="d"):
        select(found, ["a", "d"])


@pytest.mark.parametrize(
    ("line", "replacement", "expected"),
    [
        ("clients:", "client:", ["1:1 unknown-key", "1:1 missing-key"]),
        ("    document:", "    documnt:", ["3:5 unknown-key", "2:3 missing-key"]),
        ("    targets:", "    target:", ["4:5 unknown-key", "2:3 missing-key"]),
        ("      python:", "      pyhton:", ["5:7 unknown-key"]),
        ("        package:", "        packge:", ["6:9 unknown-key", "5:7 missing-key"]),
        ("specs/acme.yaml", "[a, b]", ["3:5 not-a-string"]),
        ("specs/acme.yaml", "''", ["3:5 not-a-string"]),
        ("specs/acme.yaml", "", ["3:5 missing-value"]),
        ("acme_client", "3", ["6:9 not-a-string"]),
        ("acme_client", "acme.class", ["6:9 package-name"]),
        ("  acme:", "  a/b:", ["2:3 client-name"]),
        ("  acme:", "  -x:", ["2:3 client-name"]),
    ],
)
def test_a_wrong_line_is_located(
    project: Write, line: str, replacement: str, expected: list[str]
) -> None:
    assert line in MINIMAL
    assert findings(project(MINIMAL.replace(line, replacement))) == expected


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("version: 1.0", "not-a-string"),
        ("version: one", "version"),
        ("version: 1.0.0-", "version"),
        ("version: ''", "not-a-string"),
        ("distribution: acme client", "distribution-name"),
        ("distribution: -acme", "distribution-name"),
        ("distribution: ácme", "distribution-name"),
        ("flavour: asynchronous", "flavour"),
        ("flavour: true", "not-a-string"),
        ("output: .", "output-holds-project"),
        ("output: ..", "output-holds-project"),
        ("output: [a]", "not-a-string"),
        ('output: "a\\0b"', "not-a-string"),
        ('output: "a\\nb"', "not-a-string"),
        ("flavor: sync", "unknown-key"),
    ],
)
def test_a_wrong_key_of_a_target(project: Write, line: str, code: str) -> None:
    assert findings(project(f"{MINIMAL}        {line}\n")) == [f"7:9 {code}"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("overlays: specs/acme.overlay.yaml", "4:5 not-a-list"),
        ("overlays: [a.yaml, 3]", "4:24 not-a-string"),
        ("operations: ['']", "4:18 not-a-string"),
        ("upstream: acme.example", "4:5 not-a-url"),
        ("upstream: file:///etc/passwd", "4:5 not-a-url"),
    ],
)
def test_a_wrong_key_of_a_client(project: Write, line: str, expected: str) -> None:
    text = MINIMAL.replace("    targets:", f"    {line}\n    targets:")
    assert findings(project(text)) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1:1 empty"]),
        ("# nothing\n", ["1:1 empty"]),
        ("[]\n", ["1:1 not-a-mapping"]),
        ("clients:\n", ["1:1 missing-value"]),
        ("clients: []\n", ["1:1 not-a-mapping"]),
        ("clients: {}\n", ["1:1 no-client"]),
        ("clients:\n  a:\n", ["2:3 missing-value"]),
        ("clients:\n  a: text\n", ["2:3 not-a-mapping"]),
        (
            "clients:\n  a:\n    document: a\n    targets: {}\n",
            ["4:5 no-target"],
        ),
        ("clients: {a: *b}\n", ["1:14 undefined-alias"]),
        ("clients: {a: 1, a: 2}\n", ["1:17 duplicate-key"]),
        ("clients: [\n", ["2:1 not-yaml"]),
    ],
)
def test_a_file_that_is_no_project(
    project: Write, text: str, expected: list[str]
) -> None:
    assert findings(project(text)) == expected


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert findings(tmp_path / "chatwright.yaml") == ["no-project"]
    assert findings(tmp_path) == ["unreadable"]


MARKS = "[]{}:,&*!|>'\"%@`#?-\\\n\t \0\ud800é0~."
EDITS = st.lists(
    st.tuples(st.integers(0, 130), st.integers(0, 9), st.text(MARKS, max_size=4)),
    max_size=4,
)


@settings(max_examples=200, deadline=None)
@given(EDITS)
def test_no_file_ends_in_a_traceback(edits: list[tuple[int, int, str]]) -> None:
    text = MINIMAL
    for start, length, replacement in edits:
        text = text[:start] + replacement + text[start + length :]
    with tempfile.TemporaryDirectory() as home:
        path = Path(home, "chatwright.yaml")
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            read(path)
        except InputError as failure:
            assert failure.diagnostics


def test_a_loop_of_links_is_an_output_like_any_other(project: Write) -> None:
    path = project(f"{MINIMAL}        output: loop\n")
    (path.parent / "loop").symlink_to("loop")
    assert read(path).clients


def test_the_nearest_key_is_named_or_else_all(project: Write) -> None:
    text = MINIMAL.replace("    targets:", "    {}: x\n    targets:")
    assert "did you mean `upstream`?" in message(project(text.format("upstrem")))
    keys = "document, overlays, upstream, operations, allow_outside, names, targets"
    assert f"its keys are {keys}" in message(project(text.format("zzz")))


def test_every_finding_is_reported_at_once(project: Write) -> None:
    text = f"{MINIMAL}        version: one\n        flavour: two\n        colour: red\n"
    assert sorted(findings(project(text))) == [
        "7:9 version",
        "8:9 flavour",
        "9:9 unknown-key",
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("generated/a", "generated/a"),
        ("generated/a", "generated/a/b"),
        ("generated/a/b", "generated/a"),
        ("generated/a", "generated/x/../a"),
    ],
)
def test_outputs_that_overlap(project: Write, first: str, second: str) -> None:
    entry = MINIMAL.split("\n", 1)[1]
    path = project(
        "clients:\n"
        + f"{entry}        output: {first}\n"
        + f"{entry.replace('acme:', 'other:')}        output: {second}\n"
    )
    assert findings(path) == ["13:9 outputs-overlap"]
    assert "other.python and acme.python overlap" in message(path)


def test_outputs_with_a_common_beginning_do_not_overlap(project: Write) -> None:
    entry = MINIMAL.split("\n", 1)[1]
    path = project(
        "clients:\n"
        + f"{entry}        output: generated/a\n"
        + f"{entry.replace('acme:', 'other:')}        output: generated/ab\n"
    )
    assert len(read(path).clients) == 2


@pytest.mark.parametrize(
    "package",
    [
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "a-b",
        "1a",
        "a b",
        "a/b",
        "..",
        "class",
        "a.import",
        "a.match",
        "type",
        "_",
        "a.__init__",
        "__main__",
        "json",
        "asyncio.client",
        "pydantic",
        "urllib3.contrib",
        "aiohttp",
        "ﬁle",
        "größe",
        "a\n",
    ],
)
def test_names_that_are_no_package(package: str) -> None:
    assert package_problem(package)


@pytest.mark.parametrize(
    "package",
    ["acme", "gabber.generated.gabber", "_private", "a1.b_2", "Together", "x.json"],
)
def test_names_of_packages(package: str) -> None:
    assert package_problem(package) is None


def test_the_default_distribution_has_dashes() -> None:
    assert default_distribution("gabber.generated.gabber") == "gabber-generated-gabber"
    assert default_distribution("_tachyon__sdk") == "tachyon-sdk"


def test_the_fingerprint_is_of_the_entry_not_of_the_machine(
    project: Write, tmp_path: Path
) -> None:
    def of(text: str, folder: str) -> str:
        path = tmp_path / folder / "chatwright.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        (client,) = read(path).clients
        return fingerprint(client, client.targets[0])

    here = of(MINIMAL, "here")
    assert of(MINIMAL, "there") == here
    assert (
        of(f"{MINIMAL}        version: 1.0.0\n        output: elsewhere\n", "x") == here
    )
    assert of(f"{MINIMAL}        version: 1.0.1\n", "x") != here
    assert of(f"{MINIMAL}        flavour: async\n", "x") != here
    assert of(MINIMAL.replace("acme.yaml", "other.yaml"), "x") != here


def test_references_stay_inside_unless_allowed(project: Write) -> None:
    (inside,) = read(project(MINIMAL)).clients
    path = project(MINIMAL + "    allow_outside: true\n")
    (outside,) = read(path).clients
    assert (inside.allow_outside, outside.allow_outside) == (False, True)
    (target,) = inside.targets
    assert fingerprint(inside, target) != fingerprint(outside, target)
    assert findings(project(MINIMAL + "    allow_outside: sometimes\n")) == [
        "7:5 not-a-boolean"
    ]
