"""A document: what the vendor wrote, as plain trees whose every node knows its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from chatwright.diagnostics import Diagnostic, InputError, Location, Severity

from . import reference
from .files import UnreadableError
from .identity import Identities, joined
from .library import Library, Tree
from .overlay import apply
from .pointer import Node, Pointer, child, children
from .source import Input, Source, listed, nearest, quoted
from .upgrade import ACCEPTED, SWAGGER, upgrade, upgrade_part

_CIRCLE = 6
_VERSIONS = "Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2 are accepted"


class Document:
    """An OpenAPI description in the newest shape, with the files that its references reach.

    A file that it refers to is read when a reference to it is first followed. Nodes are plain
    JSON values; they belong to the document and are not to be changed.
    """

    file: str
    """The root file's display path: as the user gave it."""

    root: dict[str, Node]
    """The root file's tree, after overlays and upgrade."""

    version: str
    """What the root file says that its version is, such as `3.0.3`."""

    diagnostics: tuple[Diagnostic, ...]
    """What was noticed while the document was loaded."""

    written: Document
    """The same document in the shape that it is written in: after overlays, before upgrade."""

    def __init__(
        self,
        *,
        library: Library,
        file: str,
        root: dict[str, Node],
        version: str,
        diagnostics: tuple[Diagnostic, ...] = (),
        written: Document | None = None,
    ) -> None:
        """Use `load`. A document without one that it is `written` as is not upgraded."""
        self.file = file
        self.root = root
        self.version = version
        self.diagnostics = diagnostics
        self.written = written or self
        self._library = library
        self._roots: dict[str, Node] = {file: root}
        self._identities: dict[str, Identities] = {}
        self._identified: dict[str, bool] = {}

    @property
    def pointer(self) -> Pointer:
        """The address of the root."""
        return Pointer(self.file)

    def inputs(self) -> tuple[Input, ...]:
        """Every file read so far, in the order of reading; grows as references are followed."""
        return self._library.inputs()

    def get(self, pointer: Pointer) -> Node:
        """The node at an address.

        Raises LookupError where there is none.
        """
        node = self._roots[pointer.file]
        for token in pointer.tokens:
            node = child(node, token)
        return node

    def resolve(self, ref: str, at: Pointer) -> Pointer:
        """The address that a `$ref` names, one hop (OpenAPI 3.2.0, section 4.2; RFC 6901).

        `at` is the object that holds the `$ref`: a relative one is relative to the `$id` of a
        schema around it (JSON Schema 2020-12, core, section 8.2.1), or else to its file.

        Raises InputError, located at the reference: `dangling-reference`, `invalid-reference`,
        `remote-reference`, `escaping-reference`.
        """
        try:
            parts = reference.parse(ref)
            named = self._named(ref, at)
            beside = self._beside(ref) if parts.remote else None
        except ValueError as failure:
            raise self._refusal(
                "invalid-reference", f"{quoted(ref)}: {failure}", at
            ) from None
        if named is not None:
            return named
        if parts.remote and beside is None:
            raise self._refusal(
                "remote-reference",
                f"{quoted(ref)} is not a local file, and references are not followed over the "
                "network; a path relative to this file is expected",
                at,
            )
        origin = at
        if beside is not None:
            parts, origin = beside, self.pointer
        base = Pointer(self._reach(parts.path, origin) if parts.path else at.file)
        if parts.anchor:
            return self._anchor(ref, parts.anchor, base, at)
        target = Pointer(base.file, parts.tokens)
        if self._is_definition(target):
            target = Pointer(base.file, ("components", "schemas", *parts.tokens[1:]))
        try:
            self.get(target)
        except LookupError:
            raise self._dangling(ref, target, at) from None
        return target

    def _is_definition(self, target: Pointer) -> bool:
        """Whether another file refers to a schema where Swagger 2.0 has it in the root file."""
        return (
            target.tokens[:1] == ("definitions",)
            and target.file == self.file
            and self.written is not self
            and self.version == SWAGGER
        )

    def fetch(self, ref: str) -> Node:
        """What a `$ref` of the root file names, None where it names nothing."""
        try:
            return self.get(self.resolve(ref, self.pointer))
        except InputError:
            return None

    def follow(self, node: Node, at: Pointer) -> tuple[Node, Pointer]:
        """The node that `node`, at `at`, stands for, and its address: `$ref`s are resolved.

        Raises InputError as `resolve` does, and `cyclic-reference` where references lead in a
        circle and never to anything else.
        """
        passed = {at: None}
        while isinstance(node, dict) and "$ref" in node:
            ref = node["$ref"]
            if not isinstance(ref, str):
                raise self._refusal(
                    "invalid-reference", "a `$ref` is expected to be a string", at
                )
            at = self.resolve(ref, at)
            if at in passed:
                way = [*passed, at]
                circle = [str(pointer) for pointer in way[way.index(at) :]]
                if len(circle) > _CIRCLE:
                    circle[_CIRCLE - 2 : -1] = ["..."]
                raise self._refusal(
                    "cyclic-reference",
                    "the references lead in a circle and to nothing else: "
                    + " -> ".join(circle),
                    way[-2],
                )
            passed[at] = None
            node = self.get(at)
        return node, at

    def location(self, pointer: Pointer) -> Location:
        """Where a node is written: its key or its first character.

        A node that nobody wrote, because the upgrade added it, is where its container is.
        """
        source, offset = self._place(pointer)
        return source.location(offset)

    def diagnostic(
        self, severity: Severity, code: str, message: str, pointer: Pointer
    ) -> Diagnostic:
        """A finding at a node, with its location and the lines in question."""
        source, offset = self._place(pointer)
        return source.diagnostic(severity, code, message, offset)

    def _named(self, ref: str, at: Pointer) -> Pointer | None:
        """The address that a reference names by a `$id` or `$self`, None where it does not.

        Raises ValueError as `reference.parse` does.
        """
        if not self._is_identified(at.file):
            return None
        url, _, fragment = ref.partition("#")
        around = self._identity(at.file).around(at)
        if url:
            uri = joined(around.uri, url)
            found = (
                self._identity(file).find(uri)
                for file in self._roots
                if self._is_identified(file)
            )
            resource = next(filter(None, found), None)
        else:
            resource = around if around.pointer.tokens else None
        if resource is None:
            return None
        place = resource.pointer
        parts = reference.parse(f"#{fragment}")
        if parts.anchor:
            return self._identity(place.file).anchor(parts.anchor, resource)
        target = Pointer(place.file, (*place.tokens, *parts.tokens))
        try:
            self.get(target)
        except LookupError:
            # A fragment is often meant for the whole file, though the schema has a name.
            if not url:
                return None
            raise self._dangling(ref, target, at) from None
        return target

    def _beside(self, ref: str) -> reference.Reference | None:
        """What a URL names beside the root file, as its `$self` says where that is (OpenAPI 3.2.0,
        section 4.1.2.2.1), None where it is elsewhere."""
        own = self.root.get("$self")
        if not isinstance(own, str):
            return None
        folder = f"{own.partition('#')[0].rpartition('/')[0]}/"
        if "://" not in folder or not ref.startswith(folder):
            return None
        return reference.parse(f"./{ref.removeprefix(folder)}")

    def _identity(self, file: str) -> Identities:
        if file not in self._identities:
            self._identities[file] = Identities(self._roots[file], file)
        return self._identities[file]

    def _is_identified(self, file: str) -> bool:
        """Whether a file may hold a name, which is rare: few files are searched for all of them."""
        known = self._identified.get(file)
        if known is None:
            texts = self._library.sources.texts() if file == self.file else ()
            known = any(
                "$id" in text or "$self" in text
                for text in (*texts, self._library.sources.of(file).text)
            )
            self._identified[file] = known
        return known

    def _place(self, pointer: Pointer) -> tuple[Source, int]:
        marks = self._library.marks
        node = self._roots[pointer.file]
        best = (
            min(marks.keys(node).values(), default=None)
            if isinstance(node, dict)
            else None
        )
        for token in pointer.tokens:
            position = marks.position(node, token)
            best = position if position is not None else best
            try:
                node = child(node, token)
            except LookupError:
                break
        if best is None:
            return self._library.sources.of(pointer.file), 0
        return self._library.sources.find(best)

    def _reach(self, path: str, at: Pointer) -> str:
        """The display path of the file that a path in a reference at `at` names."""
        try:
            tree = self._library.reach(path, at.file)
        except UnreadableError as failure:
            refused = failure.code.endswith("-reference")
            code = failure.code if refused else "dangling-reference"
            raise self._refusal(
                code, f"{quoted(path)}: {failure.message}", at
            ) from None
        if tree.file not in self._roots:
            root = tree.root
            if isinstance(root, dict) and ("openapi" in root or "swagger" in root):
                _version(self._library, tree, root)
            self._roots[tree.file] = (
                root
                if self.written is self
                else upgrade_part(
                    root, self._library.marks, swagger=self.version == SWAGGER
                )
            )
        return tree.file

    def _anchor(self, ref: str, name: str, base: Pointer, at: Pointer) -> Pointer:
        identities = self._identity(base.file)
        found = identities.anchor(name, identities.around(base))
        if found is None:
            anchors = identities.anchors
            known = f"it has {listed([*anchors])}" if anchors else "it has none"
            raise self._refusal(
                "dangling-reference",
                f"{quoted(ref)}: {base.file} has no `$anchor` {quoted(name)}; {known}; "
                "a JSON Pointer begins with `#/`",
                at,
            )
        return found

    def _dangling(self, ref: str, target: Pointer, at: Pointer) -> InputError:
        """The error for a pointer to nothing: how far it leads, and what is there."""
        node, reached = self._roots[target.file], Pointer(target.file)
        for token in target.tokens:
            try:
                node = child(node, token)
            except LookupError:
                break
            reached = reached / token
        missing = target.tokens[len(reached.tokens)]
        names = [name for name, _ in children(node)]
        near = nearest(missing, names) or names
        there = f"it has {listed(near)}" if near else "nothing is in it"
        whole = target.file if not reached.tokens else f"`{reached}`"
        return self._refusal(
            "dangling-reference",
            f"{quoted(ref)}: {whole} has no {quoted(missing)}; {there}",
            at,
        )

    def _refusal(self, code: str, message: str, at: Pointer) -> InputError:
        return InputError(self.diagnostic(Severity.ERROR, code, message, at / "$ref"))


def load(
    path: str | Path,
    *,
    overlays: Sequence[str | Path] = (),
    allow_outside: bool = False,
) -> Document:
    """The document in a file, or at an `http(s)` URL, with overlays applied in their order.

    References may leave the root file's folder only if `allow_outside`.

    Raises InputError for a file that cannot be read, is neither YAML nor JSON, or is no OpenAPI
    description of an accepted version.
    """
    library = Library(allow_outside=allow_outside)
    tree = library.open(str(path))
    if not isinstance(tree.root, dict):
        found = "a sequence" if isinstance(tree.root, list) else "a single value"
        raise tree.source.error(
            "not-a-mapping",
            f"the document is {found}; an OpenAPI description is a mapping with an `openapi` key",
            0,
        )
    diagnostics = tuple(
        diagnostic
        for overlay in overlays
        for diagnostic in apply(library.open_overlay(str(overlay)), tree.root, library)
    )
    written = Document(
        library=library,
        file=tree.file,
        root=tree.root,
        version=_version(library, tree, tree.root),
        diagnostics=diagnostics,
    )
    return Document(
        library=library,
        file=tree.file,
        root=upgrade(tree.root, library.marks, written.fetch),
        version=written.version,
        diagnostics=diagnostics,
        written=written,
    )


def _version(library: Library, tree: Tree, root: dict[str, Node]) -> str:
    """The version that a description says it has (OpenAPI 3.2.0, section 4.1.2).

    Raises InputError `no-openapi-key` or `unknown-version`.
    """
    keys = library.marks.keys(root)
    if "openapi" in root:
        version = root["openapi"]
        if isinstance(version, str | float) and ACCEPTED.fullmatch(str(version)):
            return str(version)
        code, key = "unknown-version", "openapi"
    elif "swagger" in root:
        if str(root["swagger"]) == SWAGGER:
            return SWAGGER
        code, key = "unknown-version", "swagger"
    else:
        near = nearest("openapi", list(root))
        hint = f"; is {quoted(near[0])} meant?" if near else ""
        source, offset = library.sources.find(
            min(keys.values(), default=tree.source.base)
        )
        raise source.error(
            "no-openapi-key",
            f"the document has no `openapi` key{hint}; it says the version, as in "
            f"`openapi: 3.1.0`; {_VERSIONS}",
            offset,
        )
    source, offset = library.sources.find(keys[key])
    raise source.error(
        code, f"the version is {quoted(f'{key}: {root[key]}')}; {_VERSIONS}", offset
    )
