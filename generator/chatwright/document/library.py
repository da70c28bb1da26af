"""Every file that one document is made of, each read once."""

from __future__ import annotations

import os.path
from pathlib import Path, PurePath

from msgspec import Struct

from chatwright.diagnostics import InputError, Location, error

from . import files, json, yaml
from .marks import Marks
from .pointer import Node
from .source import Input, Source, Sources


class Tree(Struct, frozen=True, kw_only=True):
    """One file: its source, and what is written in it."""

    source: Source
    root: Node

    @property
    def file(self) -> str:
        """The file's display path."""
        return self.source.file


class Library:
    """The files that have been read: their trees, texts and positions.

    What references may reach lies in the root file's folder, unless `allow_outside`.
    """

    def __init__(self, *, allow_outside: bool = False) -> None:
        self.sources = Sources()
        self.marks = Marks()
        self._allow_outside = allow_outside
        self._folder: Path | None = None
        self._paths: dict[str, Path] = {}
        self._trees: dict[Path, Tree] = {}

    def open(self, location: str) -> Tree:
        """The root file, or what an `http(s)` URL answers with.

        Raises InputError where it cannot be read.
        """
        remote = files.is_url(location)
        file = files.without_credentials(location) if remote else location
        try:
            content = files.fetch(location) if remote else files.read(Path(location))
        except files.UnreadableError as failure:
            raise error(failure.code, failure.message, Location(file=file)) from None
        tree = self._parse(file, content)
        if not remote:
            path = Path(os.path.realpath(location))
            self._folder = path.parent
            self._remember(tree, path)
        return tree

    def open_overlay(self, location: str) -> Tree:
        """The overlay in a local file.

        Raises InputError where it cannot be read.
        """
        try:
            content = files.read(Path(location))
        except files.UnreadableError as failure:
            raise error(
                failure.code, failure.message, Location(file=location)
            ) from None
        return self._parse(location, content)

    def reach(self, path: str, base: str) -> Tree:
        """The file that a relative path in the file `base` names.

        Raises UnreadableError `escaping-reference`, `remote-reference`, or as
        `files.read_regular` does, and InputError where the file's text cannot be read.
        """
        origin = self._paths.get(base)
        if origin is None or self._folder is None:
            raise files.UnreadableError(
                "remote-reference",
                "a path relative to a URL, and references are not followed over the network; "
                "a document in one piece, or in local files, is expected",
            )
        target = Path(os.path.realpath(origin.parent / path))
        if not self._allow_outside and not target.is_relative_to(self._folder):
            raise files.UnreadableError(
                "escaping-reference",
                "this is outside of the root document's folder; a file inside of it is expected, "
                "or the leave to go outside (`--allow-outside`, or `allow_outside: true` in the "
                "project file)",
            )
        known = self._trees.get(target)
        if known is not None:
            return known
        content = files.read_regular(target)
        return self._remember(
            self._parse(
                os.path.normpath(os.path.join(os.path.dirname(base), path)), content
            ),
            target,
        )

    def inputs(self) -> tuple[Input, ...]:
        """Every file that was read, in the order of reading."""
        return self.sources.inputs()

    def _remember(self, tree: Tree, path: Path) -> Tree:
        self._paths[tree.file] = path
        self._trees[path] = tree
        return tree

    def _parse(self, file: str, content: bytes) -> Tree:
        source = self.sources.add(file, content)
        return Tree(source=source, root=_tree(source, self.marks))


def _tree(source: Source, marks: Marks) -> Node:
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
