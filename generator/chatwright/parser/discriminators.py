"""How the variant of a union is told: declared by the document, or inferred from constants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from chatwright.diagnostics import InputError
from chatwright.document import Document, Node
from chatwright.ir.schema import Discriminator
from chatwright.parser import reading
from chatwright.parser.findings import Findings
from chatwright.parser.names import COMPONENTS, Names
from chatwright.parser.shapes import MAX_CHAIN, Shape, Shapes


class Constants(Struct, frozen=True, kw_only=True):
    """The values that a schema's objects have for one property, and whether it is always there."""

    values: tuple[str, ...]
    required: bool


class Discriminators:
    """The discriminators of a document's unions and parents (OpenAPI 3.2.0, section 4.25)."""

    def __init__(
        self, document: Document, shapes: Shapes, names: Names, findings: Findings
    ) -> None:
        self._document = document
        self._shapes = shapes
        self._names = names
        self._findings = findings
        self._children = children(names)
        self._parents: set[str] = set()
        for name, shape in names.first.items():
            if declares_discriminator(shape):
                self._parents.update((name, *self._descendants(name)))

    def of_union(self, shape: Shape, members: Sequence[Shape]) -> Discriminator | None:
        """The discriminator of a oneOf or an anyOf, None where its variants cannot be told."""
        named = [(self._names.of(member), member) for member in members]
        if len(named) < 2:
            return None
        variants = [(name, member) for name, member in named if name is not None]
        declared = reading.text(
            reading.mapping(shape.keywords, "discriminator"), "propertyName"
        )
        if len(variants) < len(named):
            if declared is not None:
                self._findings.warn(
                    "discriminator",
                    "a variant is no object, so the discriminator cannot tell it;"
                    " left out",
                    shape.pointer / "discriminator",
                )
            return None
        if declared is None:
            return self._inferred(variants)
        return self._declared(shape, declared, variants)

    def of_any(self, names: Sequence[str]) -> Discriminator | None:
        """What tells the schemas of some names apart, None where nothing does."""
        if len(names) < 2:
            return None
        return self._inferred([(name, self._names.first[name]) for name in names])

    def of_parent(self, shape: Shape) -> Discriminator | None:
        """The discriminator of a schema that others extend through allOf."""
        declared = reading.text(
            reading.mapping(shape.keywords, "discriminator"), "propertyName"
        )
        name = self._names.components.get(shape.pointer)
        if declared is None or name is None:
            return None
        heirs = [(heir, self._names.first[heir]) for heir in self._descendants(name)]
        return self._declared(shape, declared, heirs)

    def is_parent(self, name: str) -> bool:
        """Whether a schema declares a discriminator or inherits one, which makes it a base."""
        return name in self._parents

    def nearest(self, bases: Sequence[str]) -> tuple[str, ...]:
        """Some bases without those that others of them extend: no class can have both in any
        order."""
        if len(bases) < 2:
            return tuple(bases)
        return tuple(
            base
            for base in dict.fromkeys(bases)
            if not {*self._descendants(base)} & {*bases}
        )

    def _declared(
        self, shape: Shape, property_name: str, variants: Sequence[tuple[str, Shape]]
    ) -> Discriminator | None:
        names = {name for name, _ in variants}
        explicit = [
            (value, name)
            for value, name in self._explicit(shape)
            if name in names or not names
        ]
        told = {name for _, name in explicit}
        mapping = dict(explicit)
        for name, variant in variants:
            found = self._constants(variant, property_name)
            own = () if name in told else (name,)
            for value in found.values if found else own:
                if mapping.setdefault(value, name) != name and name not in told:
                    self._findings.warn(
                        "discriminator",
                        f"`{property_name}` is {value!r} in both {mapping[value]} and"
                        f" {name}, so it cannot tell them; left out",
                        shape.pointer / "discriminator",
                    )
                    return None
        if not mapping:
            return None
        return Discriminator(
            property_name=property_name,
            mapping=tuple(mapping.items()),
            declared=True,
            default=self._default(shape, mapping),
        )

    def _default(self, shape: Shape, mapping: Mapping[str, str]) -> str | None:
        """The value whose variant the document has for any other (`defaultMapping`)."""
        discriminator = reading.mapping(shape.keywords, "discriminator")
        if "defaultMapping" not in discriminator:
            return None
        name = self._mapped(discriminator["defaultMapping"], shape)
        value = next((value for value, told in mapping.items() if told == name), None)
        if value is None:
            self._findings.warn(
                "discriminator",
                f"{discriminator['defaultMapping']!r} is none of the variants; left out",
                shape.pointer / "discriminator" / "defaultMapping",
            )
        return value

    def _explicit(self, shape: Shape) -> Iterator[tuple[str, str]]:
        """The mapping that the document writes: by name, or by reference."""
        discriminator = reading.mapping(shape.keywords, "discriminator")
        at = shape.pointer / "discriminator" / "mapping"
        for value, target in reading.mapping(discriminator, "mapping").items():
            name = self._mapped(target, shape)
            if name is None:
                self._findings.warn(
                    "discriminator",
                    f"{target!r} names no schema; this value is left out",
                    at / value,
                )
            else:
                yield value, name

    def _mapped(self, target: Node, shape: Shape) -> str | None:
        if not isinstance(target, str):
            return None
        here = self._document.pointer
        for token in COMPONENTS:
            here = here / token
        if (here / target) in self._names.components:
            return self._names.components[here / target]
        try:
            return self._names.components.get(
                self._document.resolve(target, shape.pointer)
            )
        except InputError:
            return None

    def _inferred(self, variants: Sequence[tuple[str, Shape]]) -> Discriminator | None:
        """A property whose required constant differs in all variants."""
        for property_name in self._properties(variants[0][1]):
            mapping: dict[str, str] = {}
            for name, variant in variants:
                found = self._constants(variant, property_name)
                end = self._end(variant)
                if end is None or found is None or not found.required:
                    break
                if len(found.values) > 1 and not (end.one_of or end.any_of):
                    break
                if any(value in mapping for value in found.values):
                    break
                mapping.update(dict.fromkeys(found.values, name))
            else:
                return Discriminator(
                    property_name=property_name,
                    mapping=tuple(mapping.items()),
                    declared=False,
                )
        return None

    def _properties(self, shape: Shape) -> Iterator[str]:
        seen: set[Shape] = set()
        stack = [shape]
        while stack:
            current = self._end(stack.pop())
            if current is not None and current not in seen:
                seen.add(current)
                yield from current.properties or ()
                stack.extend(
                    reversed((*current.parts, *current.one_of, *current.any_of))
                )

    def _constants(self, shape: Shape, property_name: str) -> Constants | None:
        """The string constants of a property in a schema, None where it has others or none."""
        known: dict[Shape, Constants | None] = {}

        def constants(shape: Shape, depth: int) -> Constants | None:
            end = self._end(shape)
            if end is None or depth > MAX_CHAIN:
                return None
            if end not in known:
                known[end] = None
                known[end] = self._said(
                    end, property_name, lambda part: constants(part, depth + 1)
                )
            return known[end]

        return constants(shape, 0)

    def _said(
        self,
        end: Shape,
        property_name: str,
        constants: Callable[[Shape], Constants | None],
    ) -> Constants | None:
        """The constants of a property that a schema and its parts say, those of each part known."""
        found: list[Constants] = []
        member = (end.properties or {}).get(property_name)
        if member is not None:
            member = self._end(member)
            if member is None or not member.values:
                return None
            if not all(isinstance(value, str) for value in member.values):
                return None
            found.append(
                Constants(values=tuple(map(str, member.values)), required=False)
            )
        for part in end.parts:
            inherited = constants(part)
            if inherited is not None:
                found.insert(0, inherited)
        for members in (end.one_of, end.any_of):
            inner = [constants(variant) for variant in members]
            known = [each for each in inner if each is not None]
            if inner and len(known) == len(inner):
                found.append(
                    Constants(
                        values=tuple(
                            dict.fromkeys(
                                value for each in known for value in each.values
                            )
                        ),
                        required=all(each.required for each in known),
                    )
                )
        if not found:
            return None
        demanded = (end, *end.parts)
        return Constants(
            values=found[-1].values,
            required=any(each.required for each in found)
            or any(
                property_name in reading.texts(each.keywords, "required")
                for each in demanded
            ),
        )

    def _end(self, shape: Shape) -> Shape | None:
        try:
            return self._shapes.target(shape)
        except InputError:
            return None

    def _descendants(self, name: str) -> Iterator[str]:
        seen = {name}
        stack = [name]
        while stack:
            for heir in self._children.get(stack.pop(), ()):
                if heir not in seen:
                    seen.add(heir)
                    stack.append(heir)
                    yield heir


def declares_discriminator(shape: Shape) -> bool:
    """Whether a schema that is no union has a discriminator: others extend it."""
    return not (shape.one_of or shape.any_of) and bool(
        reading.mapping(shape.keywords, "discriminator")
    )


def children(names: Names) -> Mapping[str, Sequence[str]]:
    """Which schemas extend each schema, one step, through a reference in their allOf."""
    found: dict[str, list[str]] = {}
    for name, shape in names.first.items():
        for part in shape.parts:
            if part.reference is not None:
                found.setdefault(names.components[part.reference], []).append(name)
    return found
