"""Schema objects with their spellings ironed out: one way to say null, one way to say union.

OpenAPI 3.0, 3.1 and the vendors' own habits say the same thing in many ways. A `Shape` is a schema
object after these are settled, and before it has a name: naming and building both read shapes, so
that they cannot disagree. What is settled here, and how, follows OpenAPI Generator's normaliser,
because it decides which inline schemas become models of their own.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from chatwright.diagnostics import InputError, Severity
from chatwright.document import Document, Node, Pointer
from chatwright.parser import reading
from chatwright.parser.findings import Findings
from chatwright.parser.members import Members, listed

MAX_NESTING = 64
"""How deep schemas may stand in each other, a `$ref` apart, before they are read as any value."""

MAX_CHAIN = 50
"""How many schemas are followed, each a part or a variant of the one before."""

TYPES = ("string", "integer", "number", "boolean", "array", "object")
NULL = ("null",)

REFERENCES = ("$ref", "$dynamicRef")
"""The keywords that refer: a dynamic anchor is looked for where it is written, not where it is used
(JSON Schema 2020-12, core, section 8.2.3.2)."""

UNREAD = (
    "not",
    "if",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "patternProperties",
    "propertyNames",
    "prefixItems",
    "contains",
    "unevaluatedItems",
    "unevaluatedProperties",
)
"""Keywords whose constraint a type cannot express; values that they refuse are accepted."""


class Shape(Struct, frozen=True, kw_only=True, eq=False):
    """One schema object, settled. It is compared by identity: one place, one shape.

    `keywords` is the object that decides the type; `around` are the objects that wrap it and only
    annotate it (a union of one member and null, say), outermost first. `types` has no null: that
    is `nullable`; it is `("null",)` where nothing but null is allowed. `reference` is where a
    `$ref` points. `values` is the enum, or the const. `variants` are the members of the union that
    `keyword` names. `additional` is None where the document is silent, and a bool where it says so.
    `overridden` is True where the variants contradict a `type` beside them, which then counts for
    nothing.
    """

    pointer: Pointer
    keywords: Mapping[str, Node]
    around: tuple[Mapping[str, Node], ...] = ()
    types: tuple[str, ...] = ()
    nullable: bool = False
    title: str | None = None
    reference: Pointer | None = None
    values: tuple[Node, ...] = ()
    properties: Mapping[str, Shape] | None = None
    additional: Shape | bool | None = None
    items: Shape | None = None
    parts: tuple[Shape, ...] = ()
    one_of: tuple[Shape, ...] = ()
    any_of: tuple[Shape, ...] = ()
    overridden: bool = False

    @property
    def is_object(self) -> bool:
        """Whether it has named properties, and may have them."""
        return bool(self.properties) and self.types in ((), ("object",))

    @property
    def is_composed(self) -> bool:
        """Whether it is made of other schemas: allOf, oneOf, anyOf, or several types."""
        return bool(self.parts or self.one_of or self.any_of)

    @property
    def is_required_only(self) -> bool:
        """Whether it says no more than which properties must be there."""
        return "required" in self.keywords and all(
            key == "required" or reading.is_annotation(key) for key in self.keywords
        )

    @property
    def is_scalar(self) -> bool:
        """Whether it is a value without parts, of one type."""
        return self.types in LEAVES and not (
            self.is_composed or self.properties or self.additional or self.items
        )

    def annotation(self, key: str) -> Node:
        """The outermost value of an annotation, None where there is none."""
        for keywords in self.around:
            if keywords.get(key) is not None:
                return keywords[key]
        return self.keywords.get(key)


class Shapes:
    """The shapes of a document, each read once."""

    def __init__(self, document: Document, findings: Findings) -> None:
        self._document = document
        self._findings = findings
        self._members = Members(document)
        self._read_shapes: dict[Pointer, Shape] = {}
        self._targets: dict[Pointer, None] = {}
        self._ends: dict[Shape, Shape | None] = {}
        self._dangling: set[Pointer] = set()

    @property
    def targets(self) -> tuple[Pointer, ...]:
        """Where the `$ref`s that were read so far point, in the order of discovery."""
        return tuple(self._targets)

    def dangles(self, pointer: Pointer) -> bool:
        """Whether the schema object at a pointer, read by now, is a `$ref` that leads nowhere."""
        return pointer in self._dangling

    def at(self, pointer: Pointer) -> Shape:
        """The shape of the schema object at a pointer. Raises LookupError where there is none."""
        known = self._read_shapes.get(pointer)
        return known or self._shape(self._document.get(pointer), pointer, 0)

    def target(self, shape: Shape) -> Shape:
        """The shape at the end of a chain of references; the shape itself where it is none.

        Raises InputError where the chain comes back to itself.
        """
        passed: list[Shape] = []
        current = shape
        while current.reference is not None and current not in self._ends:
            passed.append(current)
            self._ends[current] = None
            current = self.at(current.reference)
        end = current if current.reference is None else self._ends[current]
        self._ends.update((each, end) for each in passed)
        if end is None:
            raise InputError(
                self._document.diagnostic(
                    Severity.ERROR,
                    "cyclic-reference",
                    "this $ref leads back to itself; a schema must be at its end",
                    shape.pointer,
                )
            )
        return end

    def _shape(self, node: Node, pointer: Pointer, depth: int) -> Shape:
        known = self._read_shapes.get(pointer)
        if known is None:
            known = self._read_shapes[pointer] = self._read(node, pointer, depth)
        return known

    def _read(self, node: Node, pointer: Pointer, depth: int) -> Shape:
        if isinstance(node, bool):
            if not node:
                self._findings.note(
                    "unsupported-schema",
                    "`false` allows no value at all; read as any value",
                    pointer,
                )
            return Shape(pointer=pointer, keywords=reading.NOTHING)
        if not isinstance(node, dict):
            self._findings.warn(
                "invalid-schema",
                f"a schema is an object or a boolean, not {reading.describe(node)};"
                " read as any value",
                pointer,
            )
            return Shape(pointer=pointer, keywords=reading.NOTHING)
        if depth > MAX_NESTING:
            self._findings.warn(
                "deep-schema",
                f"schemas stand in each other more than {MAX_NESTING} deep;"
                " read as any value from here on",
                pointer,
            )
            return Shape(pointer=pointer, keywords=reading.NOTHING)
        for keyword in filter(node.__contains__, UNREAD):
            if not _is_read(keyword, node):
                self._findings.note(
                    "unsupported-keyword",
                    f"`{keyword}` is not checked; values that it refuses are accepted",
                    pointer / keyword,
                )
        for keyword in REFERENCES:
            if isinstance(node.get(keyword), str):
                return self._reference(node, keyword, pointer, depth)
        if node.get("$recursiveRef") == "#":
            return self._recursion(node, pointer)
        return self._union(formatted(node), pointer, depth)

    def _reference(
        self, node: Mapping[str, Node], keyword: str, pointer: Pointer, depth: int
    ) -> Shape:
        rest = {
            key: value for key, value in node.items() if key not in (keyword, "type")
        }
        try:
            target = self._document.resolve(str(node[keyword]), pointer)
        except InputError as error:
            self._findings.include(error, "read as any value")
            self._dangling.add(pointer)
            return Shape(pointer=pointer, keywords=rest)
        self._targets.setdefault(target)
        constraints = [
            key
            for key, value in rest.items()
            if key in STRUCTURE and (value or isinstance(value, bool))
        ]
        if constraints == ["required"] and not reading.texts(rest, "required"):
            constraints = []
        reference = Shape(
            pointer=pointer,
            keywords=rest,
            nullable=reading.flag(rest, "nullable"),
            title=reading.text(rest, "title"),
            reference=target,
        )
        if not constraints:
            return reference
        beside = self._read(rest, pointer, depth + 1)
        bare = replace(reference, keywords=reading.NOTHING, nullable=False, title=None)
        return Shape(
            pointer=pointer,
            keywords={
                key: value for key, value in rest.items() if reading.is_annotation(key)
            },
            nullable=beside.nullable,
            title=beside.title,
            parts=(bare, beside),
        )

    def _recursion(self, node: Mapping[str, Node], pointer: Pointer) -> Shape:
        """`$recursiveRef` (JSON Schema 2019-09): the schema around that has the anchor."""
        target = pointer
        while target.tokens:
            target = target.parent
            around = self._document.get(target)
            if isinstance(around, dict) and around.get("$recursiveAnchor") is True:
                self._targets.setdefault(target)
                return Shape(pointer=pointer, keywords=node, reference=target)
        self._findings.warn(
            "dangling-reference",
            "no schema around this `$recursiveRef` has `$recursiveAnchor: true`;"
            " read as any value",
            pointer / "$recursiveRef",
        )
        return Shape(pointer=pointer, keywords=node)

    def _union(self, node: Mapping[str, Node], pointer: Pointer, depth: int) -> Shape:
        shape = self._plain(node, pointer, depth)
        nullable = shape.nullable
        alone = not (shape.properties or shape.parts) and not (
            reading.sequence(node, "oneOf") and reading.sequence(node, "anyOf")
        )
        unions: dict[str, tuple[Shape, ...]] = {}
        for keyword in ("oneOf", "anyOf"):
            members = tuple(listed(node, pointer, keyword))
            if not members:
                continue
            merged = self._members.merged_enum(members) if alone else None
            if merged is not None and set(shape.types) <= {merged.kind}:
                return replace(
                    shape,
                    types=(merged.kind,),
                    nullable=nullable or merged.nullable,
                    values=merged.values,
                )
            rest = tuple(
                member for member in members if not self._members.is_null(member)
            )
            nullable = nullable or len(rest) < len(members)
            if not rest:
                return replace(shape, types=NULL)
            if alone and len(rest) == 1:
                inner = self._shape(*rest[0], depth + 1)
                return replace(
                    inner,
                    pointer=pointer,
                    around=(node, *inner.around),
                    nullable=nullable or inner.nullable,
                )
            if alone and self._members.kinds(members) == set(TYPES):
                return replace(shape, types=(), nullable=nullable)
            if alone and keyword == "oneOf" and shape.types in SCALARS:
                if self._members.agree(shape.types[0], rest):
                    return replace(
                        shape, nullable=nullable, values=self._members.constants(rest)
                    )
                shape = replace(shape, overridden=True)
            unions[keyword] = tuple(self._shape(*member, depth + 1) for member in rest)
        if unions:
            return replace(
                shape,
                nullable=nullable,
                one_of=unions.get("oneOf", ()),
                any_of=unions.get("anyOf", ()),
            )
        if len(shape.types) > 1 and not shape.values:
            limits = {
                key: value
                for key, value in node.items()
                if not reading.is_annotation(key)
            }
            alternative = replace(shape, keywords=limits, nullable=False, title=None)
            return replace(
                shape,
                any_of=tuple(
                    replace(alternative, types=(kind,)) for kind in shape.types
                ),
            )
        return shape

    def _plain(self, node: Mapping[str, Node], pointer: Pointer, depth: int) -> Shape:
        """The shape without the members of a union, which it may have as well."""
        named = self._types(node, pointer)
        types = tuple(kind for kind in named if kind != "null")
        nullable = reading.flag(node, "nullable") or "null" in named
        values = reading.sequence(node, "enum")
        if "const" in node:
            values = (node["const"],)
        if None in values:
            nullable = True
            values = tuple(value for value in values if value is not None)
            if not values:
                types = NULL
        if named and not types:
            types = NULL
        at_properties = pointer / "properties"
        properties = {
            name: self._shape(member, at_properties / name, depth + 1)
            for name, member in reading.mapping(node, "properties").items()
        }
        parts: list[Shape] = []
        for member, at in listed(node, pointer, "allOf"):
            if isinstance(member, dict) and all(map(reading.is_annotation, member)):
                nullable = nullable or reading.flag(member, "nullable")
                node = {**member, **node}
            else:
                parts.append(self._shape(member, at, depth + 1))
        shape = Shape(
            pointer=pointer,
            keywords=node,
            types=types,
            nullable=nullable,
            title=reading.text(node, "title"),
            values=values,
            properties=properties if "properties" in node else None,
            additional=self._additional(node, pointer, depth),
            items=(
                self._shape(node["items"], pointer / "items", depth + 1)
                if "items" in node and not isinstance(node["items"], list)
                else None
            ),
            parts=tuple(parts),
        )
        if parts and properties and not (node.get("oneOf") or node.get("anyOf")):
            own = replace(shape, parts=(), nullable=False, types=("object",))
            return replace(
                shape, properties=None, additional=None, title=None, parts=(*parts, own)
            )
        return shape

    def _types(self, node: Mapping[str, Node], pointer: Pointer) -> tuple[str, ...]:
        raw = node.get("type")
        named = tuple(raw) if isinstance(raw, list) else (raw,) if raw else ()
        types: list[str] = []
        for name in named:
            if name == "null" or name in TYPES:
                types.append(str(name))
            else:
                self._findings.warn(
                    "unknown-type",
                    f"{reading.describe(name)} is no type of JSON Schema; expected one of"
                    f" {', '.join(TYPES)} or null; read as any value",
                    pointer / "type",
                )
                return ()
        return tuple(dict.fromkeys(types))

    def _additional(
        self, node: Mapping[str, Node], pointer: Pointer, depth: int
    ) -> Shape | bool | None:
        """What the members may be that are no properties; patterns of their names are not told
        apart, so that where there are several schemas, they may be anything."""
        others: list[Shape | bool] = []
        for keyword in ("additionalProperties", "unevaluatedProperties"):
            if keyword in node and _is_read(keyword, node):
                value = node[keyword]
                others.append(
                    value
                    if isinstance(value, bool)
                    else self._shape(value, pointer / keyword, depth + 1)
                )
                break
        at = pointer / "patternProperties"
        for pattern, value in reading.mapping(node, "patternProperties").items():
            others.append(self._shape(value, at / pattern, depth + 1))
        allowed = [each for each in others if each is not False]
        match allowed:
            case []:
                return False if others else None
            case [only]:
                return only
            case _:
                return True


STRUCTURE = frozenset(
    {
        "additionalProperties",
        "allOf",
        "anyOf",
        "const",
        "enum",
        "items",
        "oneOf",
        "properties",
        "required",
    }
)
SCALARS = (("string",), ("integer",), ("number",))


LEAVES = (*SCALARS, ("boolean",))


LIMITS = {
    "string": ("minLength", "maxLength", "pattern"),
    "number": (
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
    ),
    "array": ("minItems", "maxItems", "uniqueItems"),
    "object": ("minProperties", "maxProperties"),
}
"""The keywords that limit values of one type only."""


COMPOSED = frozenset(
    {
        "$dynamicRef",
        "$ref",
        "allOf",
        "anyOf",
        "dependentSchemas",
        "if",
        "oneOf",
    }
)
"""The keywords beside which what is evaluated is not told by `properties` alone."""


def _is_read(keyword: str, node: Mapping[str, Node]) -> bool:
    """Whether what a keyword says is kept: nothing evaluates properties but what says so itself
    (JSON Schema 2020-12, core, section 11.3), and names of members are texts anyway."""
    match keyword:
        case "unevaluatedProperties":
            return COMPOSED.isdisjoint(node)
        case "propertyNames":
            return node[keyword] in (True, {}, {"type": "string"})
        case _:
            return keyword not in UNREAD


def formatted(node: Mapping[str, Node]) -> Mapping[str, Node]:
    """The schema object with OpenAPI 3.0's `format` for content that is bytes.

    Since 3.1, JSON Schema's `contentMediaType` and `contentEncoding` say it (OpenAPI 3.2.0,
    section 4.14.4).
    """
    if "format" in node or node.get("type", "string") not in ("string", ["string"]):
        return node
    if "contentEncoding" in node:
        encoded = node["contentEncoding"] in ("base64", "base64url")
        return {**node, "format": "byte"} if encoded else node
    if node.get("contentMediaType") == "application/octet-stream":
        return {**node, "type": "string", "format": "binary"}
    return node


def typed(shape: Shape) -> Shape:
    """The shape with the type that its limits are for, where it has no other."""
    if shape.types or shape.values or shape.is_composed or shape.properties:
        return shape
    for kind, keywords in LIMITS.items():
        if any(keyword in shape.keywords for keyword in keywords):
            return replace(shape, types=(kind,))
    return shape
