"""Request bodies as bytes: forms, multipart, text and files (RFC 7578, WHATWG URL and HTML)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias, cast
from weakref import finalize

from ..exceptions import ApiTypeError, ApiValueError
from . import style
from .operation import FormField
from .style import Data

File: TypeAlias = (
    bytes | bytearray | str | os.PathLike[str] | BinaryIO | tuple[str, bytes | BinaryIO]
)
"""What is uploaded: bytes, the path of a file, a binary file object, or one of the first and the
last after the file name that it is given."""

_BLOCK = 256 * 1024


class Copy:
    """What a file that can be read only once holds from here on, in a file that goes with it."""

    def __init__(self, file: BinaryIO) -> None:
        from shutil import copyfileobj
        from tempfile import TemporaryFile

        with ExitStack() as stack:
            self.file: BinaryIO = stack.enter_context(TemporaryFile())
            copyfileobj(file, self.file)
            finalize(self, stack.pop_all().close)
        self.size: int = self.file.tell()


Source: TypeAlias = bytes | str | tuple[BinaryIO, int] | Copy
"""Bytes, the path of a file, a file object with the position that it is sent from, or a copy."""


@dataclass(frozen=True, slots=True)
class Chunks:
    """A body that is read while it is sent, any number of times.

    `length` is its size in bytes.
    """

    sources: tuple[Source, ...]
    length: int

    def __iter__(self) -> Iterator[bytes]:
        for source in self.sources:
            match source:
                case bytes():
                    for start in range(0, len(source), _BLOCK):
                        yield source[start : start + _BLOCK]
                case str():
                    with open(source, "rb") as file:
                        yield from _blocks(file)
                case Copy():
                    source.file.seek(0)
                    yield from _blocks(source.file)
                case (file, position):
                    file.seek(position)
                    yield from _blocks(file)


Content: TypeAlias = bytes | Chunks


def form(fields: Iterable[tuple[FormField, object]]) -> bytes:
    """An `application/x-www-form-urlencoded` body (OpenAPI, Encoding Object)."""
    parts: list[str] = []
    for field, held in fields:
        value = style.data(held)
        if field.style is None and field.explode is None and isinstance(value, dict):
            value = style.text(value)
        parts.append(
            style.query(
                field.name,
                value,
                field.style or "form",
                field.explode if field.explode is not None else _explodes(field),
                field.allow_reserved,
            )
        )
    return "&".join(part for part in parts if part).encode("ascii")


def multipart(fields: Iterable[tuple[FormField, object]], boundary: str) -> Content:
    """A `multipart/form-data` body (RFC 7578). A list is one part for each of its items."""
    sources: list[Source] = []
    length = 0
    for field, value in fields:
        items = cast("list[object]", value) if isinstance(value, list) else [value]
        for item in items:
            head, source, size = _part(field, item)
            opening = f"--{boundary}\r\n{head}\r\n\r\n".encode()
            sources += (opening, source, b"\r\n")
            length += len(opening) + size + 2
    closing = f"--{boundary}--\r\n".encode()
    sources.append(closing)
    length += len(closing)
    if length <= _BLOCK and all(isinstance(source, bytes) for source in sources):
        return b"".join(cast("list[bytes]", sources))
    return Chunks(tuple(sources), length)


def binary(value: object) -> Content:
    """A body of bytes: given as such, as text in UTF-8, as a path object or a file object."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    source, size = _source(value)
    return source if isinstance(source, bytes) else Chunks((source,), size)


def fields(value: object) -> list[tuple[FormField, object]]:
    """The properties of an object that is sent as a form."""
    if not isinstance(value, dict):
        raise ApiTypeError(
            f"cannot send a {type(value).__name__} as a form: an object is accepted"
        )
    members = cast("Mapping[str, Data]", value)
    return [
        (FormField(name, name, "Any"), held)
        for name, held in members.items()
        if held is not None
    ]


def described(argument: str, file: object) -> tuple[str, object, str]:
    """A file's name, which is its argument's where it has none, what it holds, and the media
    type that goes with the name."""
    name: str | None = None
    held = file
    if isinstance(file, tuple):
        name, held = cast("tuple[str, object]", file)
    name = name or _file_name(held) or argument
    return name, held, _guessed(name)


def _explodes(field: FormField) -> bool:
    return field.style in (None, "form", "deepObject")


def _part(field: FormField, value: object) -> tuple[str, Source, int]:
    disposition = f'Content-Disposition: form-data; name="{_quoted(field.name)}"'
    content_type = field.content_type
    if not field.file:
        data = style.data(value)
        if content_type is None and isinstance(data, (dict, list)):
            content_type = "application/json"
        content = style.text(data).encode()
        return _head(disposition, content_type), content, len(content)
    name, held, guessed = described(field.argument, value)
    source, size = _source(held)
    disposition += f'; filename="{_quoted(name)}"'
    return _head(disposition, content_type or guessed), source, size


def _head(disposition: str, content_type: str | None) -> str:
    if content_type is None:
        return disposition
    return f"{disposition}\r\nContent-Type: {content_type}"


def _source(value: object) -> tuple[Source, int]:
    if isinstance(value, (bytes, bytearray)):
        content = bytes(value)
        return content, len(content)
    if isinstance(value, (str, os.PathLike)):
        path = os.fspath(cast("str | os.PathLike[str]", value))
        try:
            return path, os.stat(path).st_size
        except OSError as error:
            raise ApiValueError(f"cannot read {path}: {error.strerror}") from error
    if not hasattr(value, "read"):
        raise ApiTypeError(
            f"cannot send a {type(value).__name__}: bytes, a path or a binary file object"
            " is accepted"
        )
    file = cast("BinaryIO", value)
    try:
        position = file.tell()
        size = file.seek(0, os.SEEK_END) - position
        file.seek(position)
    except (AttributeError, OSError):
        copy = Copy(file)
        return copy, copy.size
    return (file, position), size


def _file_name(value: object) -> str | None:
    if isinstance(value, (str, os.PathLike)):
        return os.path.basename(os.fspath(cast("str | os.PathLike[str]", value)))
    name = getattr(value, "name", None)
    return os.path.basename(name) if isinstance(name, str) else None


def _guessed(name: str) -> str:
    from mimetypes import guess_type

    return guess_type(name)[0] or "application/octet-stream"


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(_BLOCK):
        yield block
