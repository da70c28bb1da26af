"""Bodies: forms, multipart, text, bytes and files."""

from __future__ import annotations

import io
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.package import load
from tests.runtime.test_request import built

operation = load("_runtime.operation")
exceptions = load("exceptions")
Body, Field, Operation = operation.Body, operation.FormField, operation.Operation


def post(*arguments: Any, content_type: str, **described: Any) -> Any:
    return Operation(
        id="post",
        method="POST",
        path="/x",
        arguments=arguments,
        content_types=(content_type,),
        **described,
    )


def parts(sent: Any) -> list[tuple[Any, ...]]:
    """Name, file name, media type and content of each part."""
    content = sent.body if isinstance(sent.body, bytes) else b"".join(sent.body)
    if not isinstance(sent.body, bytes):
        assert len(content) == sent.body.length
    message = BytesParser(policy=HTTP).parsebytes(
        f"Content-Type: {sent.headers['Content-Type']}\r\n\r\n".encode() + content
    )
    assert not message.defects
    return [
        (
            part.get_param("name", header="content-disposition"),
            part.get_filename(),
            part.get_content_type() if "content-type" in part else None,
            part.get_payload(decode=True),
        )
        for part in message.iter_parts()
    ]


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (Field("a", "a", "str"), "x y&z=é", "a=x%20y%26z%3D%C3%A9"),
        (Field("a", "a[]", "list[int]"), [1, 2], "a%5B%5D=1&a%5B%5D=2"),
        (Field("a", "a", "list[int]", style="form", explode=False), [1, 2], "a=1,2"),
        (
            Field("a", "a", "list[int]", style="pipeDelimited", explode=False),
            [1, 2],
            "a=1%7C2",
        ),
        (Field("a", "a", "dict[str, int]"), {"k": 1}, "a=%7B%22k%22%3A1%7D"),
        (Field("a", "a", "dict[str, int]", style="deepObject"), {"k": 1}, "a%5Bk%5D=1"),
        (Field("a", "a", "bool"), True, "a=true"),
        (Field("a", "a", "str", required=False), None, ""),
    ],
)
def test_forms(field: Any, value: Any, expected: str) -> None:
    media_type = "application/x-www-form-urlencoded"
    sent = built(post(field, content_type=media_type), value)
    assert sent.body == expected.encode()
    assert sent.headers["Content-Type"] == media_type


def test_an_object_as_a_form() -> None:
    media_type = "application/x-www-form-urlencoded"
    described = post(Body("m", "Message"), content_type=media_type)
    assert built(described, {"role": "user", "content": "a b"}).body == (
        b"role=user&content=a%20b"
    )


def test_multipart() -> None:
    described = post(
        Field("purpose", "purpose", "str"),
        Field("tags", "tags[]", "list[str]"),
        Field("options", "options", "dict[str, int]"),
        Field("note", "note", "str", content_type="text/markdown"),
        Field("left", "left", "str", required=False),
        content_type="multipart/form-data",
    )
    sent = built(described, 'a"\r\nb', ["x", "y"], {"k": 1}, "*é*", None)
    assert parts(sent) == [
        ("purpose", None, None, b'a"\r\nb'),
        ("tags[]", None, None, b"x"),
        ("tags[]", None, None, b"y"),
        ("options", None, "application/json", b'{"k":1}'),
        ("note", None, "text/markdown", "*é*".encode()),
    ]


class Unseekable(io.RawIOBase):
    """A file that is read once, such as a pipe."""

    def __init__(self, content: bytes) -> None:
        self._file = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)


def opened(path: Path) -> Any:
    file = path.open("rb")
    file.seek(2)
    return file


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param(Path, ("sound.wav", "audio/x-wav", b"RIFF"), id="path"),
        pytest.param(str, ("sound.wav", "audio/x-wav", b"RIFF"), id="name"),
        pytest.param(opened, ("sound.wav", "audio/x-wav", b"FF"), id="file"),
        pytest.param(
            b"RIFF", ("file", "application/octet-stream", b"RIFF"), id="bytes"
        ),
        pytest.param(("s.png", b"P"), ("s.png", "image/png", b"P"), id="pair"),
        pytest.param(
            io.BytesIO(b"abc"),
            ("file", "application/octet-stream", b"abc"),
            id="memory",
        ),
        pytest.param(
            ("a.txt", Unseekable(b"abc")), ("a.txt", "text/plain", b"abc"), id="pipe"
        ),
    ],
)
def test_files(made: Any, expected: tuple[str, str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    path.write_bytes(b"RIFF")
    described = post(
        Field("file", "file", "bytes", file=True), content_type="multipart/form-data"
    )
    value: Any = made(path) if callable(made) else made
    sent = built(described, value)
    assert parts(sent) == [("file", *expected)]
    assert parts(sent) == [("file", *expected)]
    if hasattr(value, "close"):
        value.close()


def test_several_files() -> None:
    described = post(
        Field("files", "files[]", "list[bytes]", file=True),
        content_type="multipart/form-data",
    )
    sent = built(described, [b"a", ("b.txt", b"b")])
    assert [(name, content) for name, _, _, content in parts(sent)] == [
        ("files[]", b"a"),
        ("files[]", b"b"),
    ]


def test_a_form_is_sent_as_such_where_json_would_do_as_well() -> None:
    described = Operation(
        id="post",
        method="POST",
        path="/x",
        arguments=(Field("file", "file", "bytes", file=True),),
        content_types=("application/json", "multipart/form-data"),
    )
    assert parts(built(described, ("a.txt", b"a"))) == [
        ("file", "a.txt", "text/plain", b"a")
    ]


def test_names_of_files_cannot_leave_their_header() -> None:
    described = post(
        Field("file", "file", "bytes", file=True), content_type="multipart/form-data"
    )
    sent = built(described, ('a"\r\nX-Evil: 1', b"x"))
    assert b'filename="a%22%0D%0AX-Evil: 1"\r\n' in sent.body


@pytest.mark.parametrize("value", [5, object(), "no-such-file"])
def test_files_that_are_none(value: Any) -> None:
    described = post(
        Field("file", "file", "bytes", file=True), content_type="multipart/form-data"
    )
    with pytest.raises(
        (exceptions.ApiTypeError, exceptions.ApiValueError), match="cannot"
    ):
        built(described, value)


@pytest.mark.parametrize(
    ("content_type", "type_", "value", "expected"),
    [
        ("text/plain", "str", "é", "é".encode()),
        ("text/plain; charset=latin-1", "str", "é", b"\xe9"),
        ("text/plain", "bool", True, b"true"),
        ("application/octet-stream", "bytes", b"\0\xff", b"\0\xff"),
        ("application/xml", "str", "<é/>", "<é/>".encode()),
        ("application/vnd.x+json", "list[int]", [1], b"[1]"),
        ("application/json", "str", "x", b'"x"'),
        ("application/json", "int | None", None, b"null"),
    ],
)
def test_whole_bodies(
    content_type: str, type_: str, value: Any, expected: bytes
) -> None:
    sent = built(post(Body("body", type_), content_type=content_type), value)
    assert sent.body == expected
    assert sent.headers["Content-Type"] == content_type


def test_a_file_as_the_whole_body(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    described = post(Body("body", "bytes"), content_type="application/octet-stream")
    for value in (path, path.open("rb")):
        sent = built(described, value)
        assert (sent.body.length, b"".join(sent.body)) == (3, b"abc")


def test_the_content_type_of_one_call() -> None:
    described = post(Body("body", "dict[str, str]"), content_type="application/json")
    sent = built(
        described, {"a": "b"}, content_type="application/x-www-form-urlencoded"
    )
    assert sent.body == b"a=b"
    assert sent.headers["Content-Type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize("streaming", [False, True])
def test_a_form_field_that_turns_a_stream_on(streaming: bool) -> None:
    described = post(
        Field("text", "text", "str"),
        Field("stream", "stream", "bool", required=False),
        content_type="multipart/form-data",
        stream=operation.EventStream("Chunk", selector="stream"),
    )
    sent = built(described, "x", None, streaming=streaming)
    assert [(name, content) for name, _, _, content in parts(sent)] == [
        ("text", b"x"),
        *([("stream", b"true")] if streaming else []),
    ]
    with pytest.raises(exceptions.ApiValueError, match="post_stream"):
        built(described, "x", True)
