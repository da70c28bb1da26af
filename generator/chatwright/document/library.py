"""Every file that one document is made of, each read once."""

from __future__ import annotations

import os.path
from dataclasses import dataclass
from pathlib import Path, PurePath

from chatwright.diagnostics import InputError, Location, error

from . import files, json, yaml
from .marks import Marks
from .pointer import Node
from .source import Input, Source, Sources, quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """One file: its source, and what it says."""

    source: Source
    root: Node

    @property
    def file(self) -> str:
        """The file's display path."""
        return self.source.file


class Library:
    """The files that have been read: their trees, texts and positions.

    The first one opened is the root; what its references may reach lies in its folder, unless
    `allow_outside`. Trees belong to the library's user, who may change them.
    """

    def __init__(self, *, allow_outside: bool = False) -> None:
        self.sources = Sources()
        self.marks = Marks()
        self._allow_outside = allow_outside
        self._root_folder: Path | None = None
        self._paths: dict[str, Path] = {}
        self._files: dict[Path, str] = {}

    def open(self, location: str) -> Tree:
        """The file or `http(s)` URL that the user named.

        Raises InputError where it cannot be read.
        """
        remote = files.is_url(location)
        file = files.without_credentials(location) if remote else location
        try:
            content = files.fetch(location) if remote else files.read(Path(location))
        except files.UnreadableError as failure:
            raise error(failure.code, failure.message, Location(file=file)) from None
        if not remote:
            self._remember(file, Path(location).resolve())
        return self._read(file, content)

    def reach(self, path: str, base: str) -> tuple[str, Tree | None]:
        """The file that a relative path in the file `base` names: display path, tree if new.

        Raises UnreadableError `escaping-reference`, `remote-reference`, or as `files.read` does,
        and InputError where the file's text cannot be read.
        """
        origin = self._paths.get(base)
        if origin is None or self._root_folder is None:
            raise files.UnreadableError(
                "remote-reference",
                f"{quoted(path)} is relative to a URL, and references are not followed over the "
                "network; a document in one piece, or in local files, is expected",
            )
        target = (origin.parent / path).resolve()
        if not self._allow_outside and not target.is_relative_to(self._root_folder):
            raise files.UnreadableError(
                "escaping-reference",
                f"{quoted(path)} is outside of the root document's folder; "
                "a file inside of it is expected, or the user's leave to go outside",
            )
        known = self._files.get(target)
        if known is not None:
            return known, None
        content = files.read(target)
        file = os.path.normpath(os.path.join(os.path.dirname(base), path))
        self._remember(file, target)
        return file, self._read(file, content)

    def inputs(self) -> tuple[Input, ...]:
        """Every file that was read, in the order of reading."""
        return self.sources.inputs()

    def _remember(self, file: str, path: Path) -> None:
        if self._root_folder is None:
            self._root_folder = path.parent
        self._paths[file] = path
        self._files.setdefault(path, file)

    def _read(self, file: str, content: bytes) -> Tree:
        source = self.sources.add(file, content)
        return Tree(source=source, root=_parse(source, self.marks))


def _parse(source: Source, marks: Marks) -> Node:
    """The tree of a text: JSON where the file is named so, YAML, which JSON is part of, elsewhere.

    What looks like JSON is tried as JSON first, because that is faster and reads all of it: YAML
    has no surrogate pairs and no long keys.
    """
    if PurePath(source.file.partition("?")[0]).suffix.lower() == ".json":
        return json.read(source, marks)
    if source.text.lstrip()[:1] == "{":
        try:
            return json.read(source, marks)
        except InputError:
            return yaml.read(source, marks)
    return yaml.read(source, marks)
