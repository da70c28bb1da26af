"""Request bodies as bytes: forms, multipart, text and files (RFC 7578, WHATWG URL and HTML)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
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


@dataclass(frozen=True, slots=True)
class Span:
    """The `size` bytes of a file from `position` on: of the path of one, a file object, or a
    copy."""

    file: str | BinaryIO | Copy
    position: int
    size: int

    def __len__(self) -> int:
        return self.size

    def blocks(self) -> Iterator[bytes]:
        """The bytes; raises ApiValueError where the file no longer has them."""
        left = self.size
        try:
            with self._opened() as file:
                file.seek(self.position)
                while left:
                    block = file.read(min(left, _BLOCK))
                    if not block:
                        raise ApiValueError(
                            f"{self._name()} has become shorter since it was given:"
                            f" {left} of {self.size} bytes are missing"
                        )
                    left -= len(block)
                    yield block
        except OSError as error:
            raise ApiValueError(
                f"cannot read {self._name()}: {error.strerror}"
            ) from error

    def _opened(self) -> AbstractContextManager[BinaryIO]:
        match self.file:
            case str():
                return open(self.file, "rb")
            case Copy():
                return nullcontext(self.file.file)
            case _:
                return nullcontext(self.file)

    def _name(self) -> str:
        if isinstance(self.file, str):
            return self.file
        return str(getattr(self.file, "name", "the file"))


Source: TypeAlias = bytes | Span


@dataclass(frozen=True, slots=True)
class Chunks:
    """A body that is read while it is sent, any number of times."""

    sources: tuple[Source, ...]

    @property
    def length(self) -> int:
        """Its size in bytes."""
        return sum(len(source) for source in self.sources)

    def __iter__(self) -> Iterator[bytes]:
        for source in self.sources:
            if isinstance(source, Span):
                yield from source.blocks()
                continue
            for start in range(0, len(source), _BLOCK):
                yield source[start : start + _BLOCK]


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
    for field, value in fields:
        items = cast("list[object]", value) if isinstance(value, list) else [value]
        for item in items:
            head, source = _part(field, item)
            sources += (f"--{boundary}\r\n{head}\r\n\r\n".encode(), source, b"\r\n")
    sources.append(f"--{boundary}--\r\n".encode())
    body = Chunks(tuple(sources))
    if body.length <= _BLOCK and all(isinstance(source, bytes) for source in sources):
        return b"".join(body)
    return body


def binary(value: object) -> Content:
    """A body of bytes: given as such, as text in UTF-8, as a path object or a file object."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    source = _source(value)
    return source if isinstance(source, bytes) else Chunks((source,))


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


def _part(field: FormField, value: object) -> tuple[str, Source]:
    disposition = f'Content-Disposition: form-data; name="{_quoted(field.name)}"'
    content_type = field.content_type
    if not field.file:
        data = style.data(value)
        if content_type is None and isinstance(data, (dict, list)):
            content_type = "application/json"
        return _head(disposition, content_type), style.text(data).encode()
    name, held, guessed = described(field.argument, value)
    disposition += f'; filename="{_quoted(name)}"'
    return _head(disposition, content_type or guessed), _source(held)


def _head(disposition: str, content_type: str | None) -> str:
    if content_type is None:
        return disposition
    return f"{disposition}\r\nContent-Type: {content_type}"


def _source(value: object) -> Source:
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    if isinstance(value, (str, os.PathLike)):
        path = os.fspath(cast("str | os.PathLike[str]", value))
        try:
            return Span(path, 0, os.stat(path).st_size)
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
        return Span(copy, 0, copy.size)
    return Span(file, position, size)


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
