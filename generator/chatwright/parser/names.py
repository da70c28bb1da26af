"""The names of inline schemas: those that OpenAPI Generator's InlineModelResolver gives.

Users know these names from the clients that they have, so each rule here is that program's,
version 7.26.0, its order of visiting included, because equal schemas share the name of the first.
A name is neutral (`ChatCompletionRequest_messages_inner`); targets case and escape it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from chatwright.diagnostics import InputError
from chatwright.document import Document, Node, Pointer
from chatwright.parser import reading
from chatwright.parser.paths import PathOperation, media_types, visited_operations
from chatwright.parser.shapes import MAX_CHAIN, Shape, Shapes
from chatwright.parser.signatures import Signatures

ITEM = "_inner"
VALUE = "_value"

STREAMED = (("x-event-stream", "item"), ("x-fern-streaming", "response-stream"))
"""The extensions that say what an operation streams, and the key of the items' schema."""

COMPONENTS = ("components", "schemas")


class Names(Struct, frozen=True, kw_only=True):
    """The name of every schema that has one.

    `components` names the schema objects that a `$ref` can reach, `inline` the shapes that stand
    in place; `first` is the shape that stands for each name, which equal ones share.
    """

    components: Mapping[Pointer, str]
    inline: Mapping[Shape, str]
    first: Mapping[str, Shape]

    def of(self, shape: Shape) -> str | None:
        """The name that a place refers to, None where its schema is written out there."""
        if shape.reference is not None:
            return self.components[shape.reference]
        return self.inline.get(shape)


def assign(document: Document, shapes: Shapes) -> Names:
    """The names of all schemas of a document, decided over the whole of it."""
    namer = Namer(document, shapes)
    namer.register_components()
    namer.visit_paths()
    namer.visit_components()
    namer.visit_component_responses()
    namer.visit_rest()
    namer.register_targets()
    namer.merge_titled()
    namer.name_rest()
    return namer.names()


@functools.lru_cache(maxsize=10_000)
def sanitize(text: str) -> str:
    """A name out of any text: letters, digits and underscores, not beginning with a digit."""
    name = re.sub(r"^[0-9]", r"_\g<0>", text)
    return re.sub(r"[^A-Za-z0-9]", "_", name)


class Namer:
    """One walk over a document, in OpenAPI Generator's order."""

    def __init__(self, document: Document, shapes: Shapes) -> None:
        self._document = document
        self._shapes = shapes
        self._components: dict[Pointer, str] = {}
        self._inline: dict[Shape, str] = {}
        self._first: dict[str, Shape] = {}
        self._signature = Signatures(self._inline, self._components)
        self._signatures: dict[str, str] = {}
        self._titled: dict[str, str] = {}
        self._places: list[tuple[Shape, str]] = []

    def names(self) -> Names:
        """What was decided."""
        return Names(
            components=self._components, inline=self._inline, first=self._first
        )

    def register_components(self) -> None:
        """The document's own names, which no inline schema may take."""
        root = self._document.root
        for name in reading.mapping(reading.mapping(root, "components"), "schemas"):
            pointer = self._document.pointer / "components" / "schemas" / name
            shape = self._shapes.at(pointer)
            self._components[pointer] = name
            self._first[name] = shape
            if shape.title is not None:
                self._remember(name, shape, self._signature.of(shape))

    def visit_paths(self) -> None:
        """Bodies, parameters and responses of every operation, callbacks and webhooks too."""
        for operation in visited_operations(self._document):
            self._operation(operation)

    def visit_components(self) -> None:
        """What stands in the schemas that have a name, old and new."""
        for name, shape in tuple(self._first.items()):
            mixed = shape.is_composed and (
                shape.parts or shape.properties or (shape.one_of and shape.any_of)
            )
            if not mixed:
                self._visit(shape, name)
                continue
            if shape.properties:
                self._visit(shape, name)
            self._visit_children(f"{name}_allOf", shape.parts, replaced=False)
            self._visit_children(f"{name}_anyOf", shape.any_of, replaced=True)
            self._visit_children(f"{name}_oneOf", shape.one_of, replaced=True)

    def visit_component_responses(self) -> None:
        """Reusable responses that no operation uses; their schemas have no better name."""
        root = self._document.root
        responses = reading.mapping(reading.mapping(root, "components"), "responses")
        at = self._document.pointer / "components" / "responses"
        for name, response in responses.items():
            if isinstance(response, dict):
                self._content(response, at / name, None)

    def visit_rest(self) -> None:
        """Finds the schemas that OpenAPI Generator does not look for."""
        for operation in visited_operations(self._document):
            for extension, item in STREAMED:
                if item in reading.mapping(operation.node, extension):
                    at = operation.pointer / extension / item
                    self._places.append((self._shapes.at(at), f"{operation.name}_item"))
                    break
            for parameter, pointer in self._followed(*operation.parameters):
                name = f"{operation.name}_{reading.text(parameter, 'name')}_parameter"
                self._inner(parameter, pointer, name)
            for status, at in operation.responses:
                for response, pointer in self._followed(at):
                    for header in reading.mapping(response, "headers"):
                        name = f"{operation.name}_{status}_{header}_header"
                        places = self._followed(pointer / "headers" / header)
                        for node, place in places:
                            self._inner(node, place, name)

    def _inner(self, node: Mapping[str, Node], pointer: Pointer, name: str) -> None:
        """The schema of a header, and those under the `content` of a header or a parameter."""
        if "schema" in node:
            self._places.append((self._shapes.at(pointer / "schema"), name))
        for _, content, at in media_types(self._document, node, pointer):
            if "schema" in content:
                self._places.append((self._shapes.at(at / "schema"), name))

    def register_targets(self) -> None:
        """What a `$ref` reaches outside of the components: other files, places within schemas."""
        known: set[Pointer] = set()
        while waiting := [
            target
            for target in self._shapes.targets
            if target not in self._components and target not in known
        ]:
            for target in waiting:
                known.add(target)
                shape = self._shapes.at(target)
                name = self._inline.get(shape)
                if name is None:
                    name = self._unique(sanitize(target_name(target)))
                    self._first[name] = shape
                    self._visit(shape, name)
                self._components[target] = name

    def merge_titled(self) -> None:
        """Inline schemas of the same title and structure are one; components stay."""
        components = set(self._components.values())
        canonical: dict[str, str] = {}
        merged: dict[str, str] = {}
        for name in sorted(self._first, key=lambda name: (is_numbered(name), name)):
            shape = self._first[name]
            if shape.title is None:
                continue
            same = canonical.setdefault(self._signature.of(shape, loose=True), name)
            if same != name and name not in components:
                merged[name] = same
        for shape, name in self._inline.items():
            self._inline[shape] = merged.get(name, name)
        for name in merged:
            del self._first[name]

    def name_rest(self) -> None:
        """Names what OpenAPI Generator overlooks and a type needs: these names come last."""
        waiting = [(shape, name) for name, shape in self._first.items()]
        seen: set[Shape] = set()
        for shape, name in self._places:
            self._rest(shape, sanitize(name), seen)
        for shape, name in waiting:
            self._rest_below(shape, name, seen)

    def _rest(self, shape: Shape, name: str, seen: set[Shape]) -> None:
        if shape.reference is not None:
            return
        if shape not in self._inline and self._needs_name(shape):
            self._name(self._resolve(shape.title, name), shape)
        self._rest_below(shape, self._inline.get(shape, name), seen)

    def _rest_below(self, shape: Shape, name: str, seen: set[Shape]) -> None:
        if shape in seen:
            return
        seen.add(shape)
        for key, member in (shape.properties or {}).items():
            self._rest(member, sanitize(f"{name}_{key}"), seen)
        if isinstance(shape.additional, Shape):
            self._rest(shape.additional, name + VALUE, seen)
        if shape.items is not None:
            self._rest(shape.items, name + ITEM, seen)
        for part in shape.parts:
            self._rest_below(part, f"{name}_allOf", seen)
        for variant in shape.any_of:
            self._rest(variant, f"{name}_anyOf", seen)
        for variant in shape.one_of:
            self._rest(variant, f"{name}_oneOf", seen)

    def _needs_name(self, shape: Shape) -> bool:
        """Whether a schema cannot be written in place: an object, alternatives, a mixture."""
        if shape.is_object or shape.one_of or shape.any_of:
            return True
        parts = [part for part in shape.parts if not part.is_required_only]
        if len(parts) == 1:
            return parts[0].reference is None and self._needs_name(parts[0])
        return any(self._is_model(self._end(part)) for part in parts)

    def _operation(self, operation: PathOperation) -> None:
        name = operation.name
        for body, pointer in self._followed(operation.body):
            self._content(body, pointer, f"{name}_request")
        for parameter, pointer in self._followed(*operation.parameters):
            if "schema" in parameter:
                suffix = f"_{reading.text(parameter, 'name')}_parameter"
                self._place(self._shapes.at(pointer / "schema"), name + suffix)
        for status, at in operation.responses:
            response = self._document.get(at)
            if isinstance(response, dict) and "$ref" not in response:
                self._content(response, at, f"{name}_{status}_response")

    def _followed(
        self, *pointers: Pointer | None
    ) -> Iterator[tuple[Mapping[str, Node], Pointer]]:
        """The objects at the ends of references; those that lead nowhere are left out."""
        for pointer in pointers:
            if pointer is None:
                continue
            try:
                node, at = self._document.follow(self._document.get(pointer), pointer)
            except InputError:
                continue
            if isinstance(node, dict):
                yield node, at

    def _content(
        self, node: Mapping[str, Node], pointer: Pointer, name: str | None
    ) -> None:
        for _, content, at in media_types(self._document, node, pointer):
            for key in ("schema", "itemSchema"):
                if key in content:
                    shape = self._shapes.at(at / key)
                    self._places.append((shape, name or "inline_object"))
                    self._place(shape, name)

    def _place(self, shape: Shape, name: str | None) -> None:
        """Names what is in a schema, then the schema itself where it is a model."""
        if shape.reference is not None or shape.is_scalar:
            return
        resolved = self._resolve(shape.title, name)
        self._visit(shape, resolved)
        if self._is_model(shape):
            self._name(resolved, shape)

    def _visit(self, shape: Shape, prefix: str) -> None:
        """Names the models that stand in a schema, but not the schema."""
        if shape.reference is not None:
            return
        if shape.types in ((), ("object",)):
            for key, member in (shape.properties or {}).items():
                self._place(member, f"{prefix}_{key}")
            if isinstance(shape.additional, Shape):
                self._place(shape.additional, prefix + VALUE)
        if shape.items is not None:
            self._place(shape.items, prefix + ITEM)
        for part in shape.parts:
            self._visit(part, self._resolve(part.title, f"{prefix}_allOf"))
        if not shape.overridden:
            for variant in shape.any_of:
                self._place(variant, f"{prefix}_anyOf")
            for variant in shape.one_of:
                self._place(variant, f"{prefix}_oneOf")

    def _visit_children(
        self, prefix: str, children: Iterable[Shape], *, replaced: bool
    ) -> None:
        """Names what is in the members of a composed component, and the members if `replaced`."""
        for child in children:
            if child.reference is not None or not (child.properties or child.values):
                continue
            name = self._resolve(child.title, prefix)
            self._visit_properties(child, name)
            self._visit(child, name)
            if replaced:
                self._name(name, child)

    def _visit_properties(self, shape: Shape, prefix: str) -> None:
        """Names the properties of a member of a composed component: without `_inner`."""
        for key, member in (shape.properties or {}).items():
            if member in self._inline or member.reference is not None:
                continue
            path = f"{prefix}_{key}"
            inner = member.items
            if isinstance(member.additional, Shape):
                inner = member.additional
            elif member.items is None and is_plain_object(member):
                name = self._resolve(member.title, path)
                self._visit_properties(member, name)
                self._name(name, member)
                continue
            if inner is not None:
                self._visit_inner(inner, prefix, path)
            elif member.is_composed and not (
                len(member.parts) == 1 and not (member.one_of or member.any_of)
            ):
                name = self._resolve(member.title, path)
                self._visit(member, name)
                self._add(name, member, self._signature.of(member))

    def _visit_inner(self, inner: Shape, prefix: str, path: str) -> None:
        if inner in self._inline or inner.reference is not None:
            return
        if is_plain_object(inner):
            if inner.properties:
                self._visit_properties(inner, prefix)
                name = self._resolve(inner.title, path)
                self._name(name, inner)
        elif inner.is_composed:
            name = self._resolve(inner.title, path)
            self._visit(inner, name)
            self._add(name, inner, self._signature.of(inner))

    def _is_model(self, shape: Shape, seen: frozenset[Shape] = frozenset()) -> bool:
        """Whether a schema needs a class: properties or alternatives, in it or merged into it."""
        if shape in seen or len(seen) > MAX_CHAIN:
            return True
        if shape.reference is not None or shape.overridden:
            return False
        if shape.is_object:
            return True
        parts = [part for part in shape.parts if not part.is_required_only]
        if len(parts) == 1 and parts[0].reference is not None:
            return False
        if parts:
            return any(
                self._is_model(self._end(part), seen | {shape}) for part in parts
            )
        return bool(shape.any_of or shape.one_of)

    def _end(self, shape: Shape) -> Shape:
        try:
            return self._shapes.target(shape)
        except InputError:
            return shape

    def _resolve(self, title: str | None, name: str | None) -> str:
        """The name that a schema gets if it is a model: its title, or its place."""
        if title is not None and sanitize(title).replace("_", ""):
            return self._unique(sanitize(title))
        return self._unique("inline_object" if name is None else sanitize(name))

    def _unique(self, name: str) -> str:
        unique = name
        count = 0
        while unique in self._first:
            count += 1
            unique = f"{name}_{count}"
        return unique

    def _name(self, name: str, shape: Shape) -> None:
        """Gives a schema the name of an equal one, or this one."""
        own = self._signature.of(shape)
        existing = self._signatures.get(own)
        if existing is None and shape.title is not None and not shape.values:
            existing = self._titled.get(self._signature.of(shape, loose=True))
        if existing is None:
            self._add(name, shape, own)
        else:
            self._inline[shape] = existing

    def _add(self, name: str, shape: Shape, own: str) -> None:
        """Gives a schema, whose signature is `own`, this name or the next that is free."""
        name = self._unique(name)
        self._remember(name, shape, own)
        self._first[name] = shape
        self._inline[shape] = name

    def _remember(self, name: str, shape: Shape, own: str) -> None:
        self._signatures[own] = name
        if shape.title is not None and not shape.values:
            self._titled.setdefault(self._signature.of(shape, loose=True), name)


def is_numbered(name: str) -> bool:
    """Whether a name ends in the number that made it unique."""
    return re.search(r"_\d+$", name) is not None


def is_plain_object(shape: Shape) -> bool:
    """Whether it is an object, but no map and not composed."""
    if shape.types == ("object",):
        return not (shape.additional is True or isinstance(shape.additional, Shape))
    return not shape.types and bool(shape.properties)


def target_name(pointer: Pointer) -> str:
    """What to call a schema that a `$ref` reaches and no component names."""
    tokens = [token for token in pointer.tokens if token not in FILLERS]
    if tokens:
        return "_".join(tokens)
    return re.sub(r"\.[A-Za-z]+$", "", pointer.file.replace("\\", "/").split("/")[-1])


FILLERS = frozenset({"components", "definitions", "properties", "schema", "schemas"})
