"""Addresses, references and places, where a directory of files would say less."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwright.diagnostics import InputError, Severity
from chatwright.document import Document, Pointer, load, reference
from chatwright.document.pointer import escape, unescape

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"


def written(folder: Path, **files: str) -> Document:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load(folder / "root.yaml")


def code(refused: pytest.ExceptionInfo[InputError]) -> str:
    (diagnostic,) = refused.value.diagnostics
    return diagnostic.code


@given(st.lists(st.text(max_size=6), max_size=4))
def test_a_pointer_reads_back(tokens: list[str]) -> None:
    pointer = Pointer("file")
    for token in tokens:
        assert unescape(escape(token)) == token
        pointer = pointer / token
    assert [unescape(token) for token in str(pointer).split("/")[1:]] == tokens
    assert pointer.tokens == tuple(tokens)


def test_a_pointer_is_written_as_rfc_6901_says() -> None:
    pointer = Pointer("file") / "paths" / "/v1/~me" / "post" / "parameters" / 0
    assert str(pointer) == "#/paths/~1v1~1~0me/post/parameters/0"
    assert pointer.name == "0"
    assert pointer.parent.name == "parameters"
    assert str(Pointer("file")) == "#"
    assert Pointer("file").name == ""


@pytest.mark.parametrize(
    ("text", "path", "tokens", "anchor"),
    [
        ("#", "", (), ""),
        ("", "", (), ""),
        ("#/", "", ("",), ""),
        ("#/a%20b/~01", "", ("a b", "~1"), ""),
        ("#/a//b", "", ("a", "", "b"), ""),
        ("x.yaml", "x.yaml", (), ""),
        ("a%20b/x.yaml#/c", "a b/x.yaml", ("c",), ""),
        ("../x.yaml#name", "../x.yaml", (), "name"),
    ],
)
def test_a_reference_has_parts(
    text: str, path: str, tokens: tuple[str, ...], anchor: str
) -> None:
    parts = reference.parse(text)
    assert (parts.path, parts.tokens, parts.anchor) == (path, tokens, anchor)
    assert not parts.remote


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/x.yaml",
        "//example.com/x.yaml",
        "file:///etc/hosts",
        "ftp://a/b",
        "urn:a:b",
    ],
)
def test_a_reference_to_elsewhere_is_remote(text: str, tmp_path: Path) -> None:
    document = written(tmp_path, root=HEAD)
    with pytest.raises(InputError) as refused:
        document.resolve(text, document.pointer)
    assert code(refused) == "remote-reference"


@pytest.mark.parametrize(
    "text", ["#/~2", "#/%ff", "x.yaml?a=b", "http://[", "a%00b.yaml"]
)
def test_what_is_no_reference_is_invalid(text: str, tmp_path: Path) -> None:
    document = written(tmp_path, root=HEAD)
    with pytest.raises(InputError) as refused:
        document.resolve(text, document.pointer)
    assert code(refused) == "invalid-reference"


def test_one_hop_at_a_time_and_all_at_once(tmp_path: Path) -> None:
    document = written(
        tmp_path,
        root=HEAD + "x-a: {$ref: '#/x-b'}\nx-b: {$ref: 'other.yaml#/c'}\n",
        other="c: {$ref: '#/d/1'}\nd: [1, {type: string}]\n",
    )
    at = document.pointer / "x-a"
    assert document.resolve("#/x-b", at) == document.pointer / "x-b"
    node, pointer = document.follow(document.get(at), at)
    assert node == {"type": "string"}
    assert str(pointer) == "#/d/1"
    assert Path(pointer.file).name == "other.yaml"
    assert document.location(pointer).line == 2


@pytest.mark.parametrize("token", ["01", "-1", "-", "2", "\u0661", "1" * 5_000])
def test_an_index_is_a_decimal_number_within_the_array(
    token: str, tmp_path: Path
) -> None:
    document = written(tmp_path, root=HEAD + "x-a: [1, 2]\n")
    with pytest.raises(InputError) as refused:
        document.resolve(f"#/x-a/{token}", document.pointer)
    assert code(refused) == "dangling-reference"


def test_get_of_nothing_is_a_lookup_error(tmp_path: Path) -> None:
    document = written(tmp_path, root=HEAD)
    for pointer in (document.pointer / "x", document.pointer / "info" / "title" / "x"):
        with pytest.raises(LookupError):
            document.get(pointer)


def test_inputs_grow_as_references_are_followed(tmp_path: Path) -> None:
    document = written(tmp_path, root=HEAD, other="a: 1\n")
    assert [Path(file.path).name for file in document.inputs()] == ["root.yaml"]
    document.resolve("other.yaml#/a", document.pointer)
    document.resolve("./other.yaml", document.pointer)
    root, other = document.inputs()
    assert root.sha256 == hashlib.sha256(HEAD.encode()).hexdigest()
    assert other.sha256 == hashlib.sha256(b"a: 1\n").hexdigest()
    assert other.path == str(tmp_path / "other.yaml")


def test_a_link_out_of_the_folder_escapes_unless_allowed(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.yaml").write_text("a: 1\n", encoding="utf-8")
    (inside / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (inside / "root.yaml").write_text(HEAD, encoding="utf-8")
    document = load(inside / "root.yaml")
    for ref in ("link.yaml#/a", "../secret.yaml#/a", str(tmp_path / "secret.yaml")):
        with pytest.raises(InputError) as refused:
            document.resolve(ref, document.pointer)
        assert code(refused) == "escaping-reference"
    allowed = load(inside / "root.yaml", allow_outside=True)
    assert allowed.get(allowed.resolve("link.yaml#/a", allowed.pointer)) == 1


def test_a_path_that_is_no_file_dangles(tmp_path: Path) -> None:
    document = written(tmp_path, root=HEAD)
    (tmp_path / "folder").mkdir()
    for ref in ("folder", "nothing.yaml", "n" * 5_000):
        with pytest.raises(InputError) as refused:
            document.resolve(ref, document.pointer)
        assert code(refused) == "dangling-reference"


def test_what_nobody_wrote_is_where_its_container_is(tmp_path: Path) -> None:
    document = written(tmp_path, root=HEAD + "paths:\n  /a:\n    get: {}\n")
    pointer = document.pointer / "paths" / "/a" / "get" / "responses" / "200"
    assert document.location(pointer).line == 5
    assert document.location(document.pointer).line == 1
    finding = document.diagnostic(Severity.NOTE, "code", "message", pointer)
    assert str(finding).splitlines()[1:] == [
        "  4 |   /a:",
        "  5 |     get: {}",
        "    |     ^",
    ]


def test_what_an_overlay_says_is_in_the_overlay(tmp_path: Path) -> None:
    (tmp_path / "root.yaml").write_text(
        HEAD + "tags: [{name: a}, {name: b}]\n", encoding="utf-8"
    )
    (tmp_path / "overlay.yaml").write_text(
        "overlay: 1.1.0\n"
        "info: {title: T, version: '1'}\n"
        "actions:\n"
        "  - target: $.tags[0]\n"
        "    remove: true\n"
        "  - target: $\n"
        "    update:\n"
        "      info: {title: Ours}\n"
        "      tags:\n"
        "        - name: c\n"
        "  - target: $.tags\n"
        "    update: {name: d}\n",
        encoding="utf-8",
    )
    document = load(tmp_path / "root.yaml", overlays=[tmp_path / "overlay.yaml"])

    def place(*tokens: str | int) -> tuple[str, int]:
        pointer = document.pointer
        for token in tokens:
            pointer = pointer / token
        location = document.location(pointer)
        return Path(location.file).stem, location.line

    assert document.root["tags"] == [{"name": "b"}, {"name": "c"}, {"name": "d"}]
    assert place("info") == ("root", 2)
    assert place("info", "title") == ("overlay", 8)
    assert place("info", "version") == ("root", 2)
    assert place("tags", 0, "name") == ("root", 3)
    assert place("tags", 1) == ("overlay", 10)
    assert place("tags", 2) == ("overlay", 12)
    assert [Path(file.path).stem for file in document.inputs()] == ["root", "overlay"]


def test_a_document_is_kept_as_it_is_written(tmp_path: Path) -> None:
    document = written(
        tmp_path,
        root="openapi: 3.0.3\ncomponents: {schemas: {A: {minimum: 1, exclusiveMinimum: true}}}\n",
        part="A:\n  maximum: 1\n  exclusiveMaximum: true\n",
    )
    at = document.pointer / "components" / "schemas" / "A"
    assert document.get(at) == {"exclusiveMinimum": 1}
    assert document.written.get(at) == {"minimum": 1, "exclusiveMinimum": True}
    assert document.location(at / "exclusiveMinimum").column == 40
    part = document.resolve("part.yaml#/A", document.pointer)
    assert document.get(part) == {"exclusiveMaximum": 1}
    assert document.location(part / "exclusiveMaximum").line == 3
    part = document.written.resolve("part.yaml#/A", document.pointer)
    assert document.written.get(part) == {"maximum": 1, "exclusiveMaximum": True}
