"""Documents that nobody wrote: schemas of every keyword, parameters in every style, odd names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from hypothesis import strategies as st

Object: TypeAlias = dict[str, Any]
Strategy: TypeAlias = st.SearchStrategy[Any]

WORDS = (
    *("id", "name", "Name", "NAME", "class", "self", "from", "model_config", "copy"),
    *("json", "schema", "kind", "type", "1st", "x-y", "x_y", "x.y", "a b", "@odata.id"),
    *("größe", "名前", "$ref", "_links", "__init__", "None", "data", "items", "import"),
)
"""Names of properties and parameters."""

COMPONENTS = (
    *("Pet", "pet", "List", "Any", "Field", "Model", "ApiResponse", "object", "1st"),
    *("a.b.C", "Pet-Item", "Größe", "Optional", "Error", "date", "Union", "None"),
)
"""Names of schemas."""

FORMATS = (
    *("date", "date-time", "uuid", "byte", "binary", "uri", "email", "decimal"),
    *("password", "int64", "unheard-of"),
)
JSON_TYPES = (
    *("application/json", "application/vnd.api+json; version=1", "text/json", "*/*"),
    *("application/problem+json; charset=utf-8", "application/*"),
)
OTHER_TYPES = (
    *("text/plain", "text/csv", "application/octet-stream", "image/*"),
    *("application/xml", "application/pdf"),
)


def sometimes(strategy: Strategy) -> Strategy:
    """A keyword's values, and most of the time none."""
    return st.none() | st.none() | strategy


def described(**keywords: Strategy) -> Strategy:
    """Objects with the keywords that are not None."""
    return st.fixed_dictionaries(dict(keywords)).map(
        lambda made: {key.strip("_"): x for key, x in made.items() if x is not None}
    )


NOTHING: Strategy = st.builds(dict[str, Any])
"""The schema that says nothing."""


def merged(first: Strategy, second: Strategy) -> Strategy:
    """Objects with the keywords of two, where both have one that of the first."""

    def both(pair: tuple[Object, Object]) -> Object:
        return {**pair[1], **pair[0]}

    return st.tuples(first, second).map(both)


remarks = described(
    title=sometimes(st.sampled_from(("A title", "Pet", ""))),
    description=sometimes(st.sampled_from(('Two\n\nlines of """text""".', "\\", ""))),
    deprecated=sometimes(st.just(True)),
    nullable=sometimes(st.booleans()),
    readOnly=sometimes(st.just(True)),
    example=sometimes(st.sampled_from((None, 1, "x", {"a": [1]}))),
    default=sometimes(st.sampled_from((0, True, "a", [], {}, 1.5, "2026-01-02"))),
    **{"x-vendor": sometimes(st.just({"$ref": "#/nowhere"}))},
)
"""What says nothing of values; `null`, examples and defaults may well be wrong, as people's are."""

strings = described(
    type=st.just("string"),
    format=sometimes(st.sampled_from(FORMATS)),
) | described(
    type=st.just("string"),
    minLength=sometimes(st.integers(0, 2)),
    maxLength=sometimes(st.integers(2, 40)),
    pattern=sometimes(st.sampled_from((r"^[a-z]+$", r"\w", r"^\S*$"))),
)
numbers = described(
    type=st.sampled_from(("integer", "number")),
    format=sometimes(st.sampled_from(("int32", "int64", "float", "double"))),
    minimum=sometimes(st.sampled_from((-10, 0, 0.5))),
    maximum=sometimes(st.sampled_from((10, 99.5))),
)
values = described(
    enum=st.lists(
        st.sampled_from(("a", "b", "A", "", "1", 1, 1.5, True, False, None, 0, "a b")),
        min_size=1,
        max_size=5,
    )
) | described(
    type=st.just("string"),
    enum=st.lists(st.sampled_from(("a", "A", "b-c", "*", "")), min_size=1, max_size=3),
)
constants = described(const=st.sampled_from(("a", 1, True, 1.0)))
scalars = strings | numbers | values | constants | st.just({"type": "boolean"})


def references(names: Sequence[str]) -> Strategy:
    """References to schemas, alone and beside other keywords."""
    bare = st.sampled_from(names).map(lambda name: {"$ref": pointer(name)})
    return bare | bare | merged(bare, remarks)


def pointer(name: str) -> str:
    """What a reference to a schema says."""
    return f"#/components/schemas/{name}"


def objects(inner: Strategy) -> Strategy:
    """Schemas of objects, and what there is around objects."""
    words = st.sampled_from(WORDS)
    return described(
        type=st.just("object"),
        properties=st.dictionaries(words, inner, max_size=4),
        required=sometimes(st.lists(words, max_size=2, unique=True)),
        additionalProperties=sometimes(st.booleans() | inner),
    )


def compositions(inner: Strategy, names: Sequence[str]) -> Strategy:
    """Schemas of other schemas."""
    several = st.lists(inner, min_size=1, max_size=3)
    return (
        described(oneOf=several)
        | described(anyOf=several)
        | described(
            allOf=st.lists(references(names) | objects(inner), min_size=1, max_size=2),
            description=sometimes(st.just("All of it.")),
        )
        | described(
            type=st.lists(
                st.sampled_from(("string", "integer", "null", "array", "object")),
                min_size=1,
                max_size=3,
                unique=True,
            )
        )
    )


def schemas(names: Sequence[str]) -> Strategy:
    """Schemas of any kind, which refer to others by name."""
    leaves: Strategy = scalars | references(names) | NOTHING

    def nested(inner: Strategy) -> Strategy:
        plain = (
            objects(inner)
            | described(
                type=st.just("array"),
                items=inner,
                minItems=sometimes(st.integers(0, 1)),
                uniqueItems=sometimes(st.just(True)),
            )
            | described(type=st.just("object"), additionalProperties=inner)
            | compositions(inner, names)
        )
        return merged(plain, remarks)

    return st.recursive(leaves, nested, max_leaves=8)


@st.composite
def tagged(draw: st.DrawFn, name: str) -> Object:
    """A union whose discriminator tells its variants, and they themselves."""
    tags = draw(st.lists(st.sampled_from(("a", "B", "c-d")), min_size=2, unique=True))
    word = draw(st.sampled_from(("kind", "@type", "class")))
    members: Object = {
        f"{name}_{tag}": {
            "type": "object",
            "required": [word],
            "properties": {
                word: {"type": "string", "enum": [tag]},
                "value": draw(scalars),
            },
        }
        for tag in tags
    }
    mapping = {tag: pointer(f"{name}_{tag}") for tag in tags}
    union: Object = {draw(st.sampled_from(("oneOf", "anyOf"))): []}
    for member in members:
        next(iter(union.values())).append({"$ref": pointer(member)})
    told: Object = {"propertyName": word}
    if draw(st.booleans()):
        told["mapping"] = mapping
    if draw(st.booleans()):
        union["discriminator"] = told
    return {**members, name: union}


@st.composite
def families(draw: st.DrawFn, name: str) -> Object:
    """A parent with a discriminator, and its heirs."""
    parent = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string"}, "value": draw(scalars)},
        "discriminator": {"propertyName": "kind"},
    }
    heirs: Object = {
        f"{name}{number}": {
            "allOf": [
                {"$ref": pointer(name)},
                {"type": "object", "properties": {draw(st.sampled_from(WORDS)): {}}},
            ]
        }
        for number in range(draw(st.integers(1, 2)))
    }
    return {name: parent, **heirs}


texts = st.sampled_from(("a", "A", "b-c", "*", "a b"))
plain = (
    described(type=st.just("string"), enum=st.lists(texts, min_size=1, max_size=3))
    | described(type=st.just("string"), minLength=sometimes(st.just(1)))
    | numbers
    | st.just({"type": "boolean"})
)
"""Scalars that styles can tell from nothing at all."""

flat = st.dictionaries(
    st.sampled_from(("R", "G-G", "b b")), plain, min_size=1, max_size=2
).map(lambda properties: {"type": "object", "properties": properties})
lists = plain.map(lambda items: {"type": "array", "items": items, "minItems": 1})
STYLES: Mapping[str, tuple[str | None, ...]] = {
    "path": (None, "simple", "label", "matrix"),
    "query": (None, "form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": (None, "simple"),
    "cookie": (None, "form"),
}


@st.composite
def parameters(draw: st.DrawFn, name: str, location: str) -> Object:
    """A parameter that can be written in its style."""
    style = draw(st.sampled_from(STYLES[location]))
    if name in ADJACENT or location == "cookie" or style == "label":
        return {"name": name, "in": location, "required": True, "schema": NUMBER}
    shaped = {
        "deepObject": flat,
        "spaceDelimited": lists,
        "pipeDelimited": lists,
    }.get(str(style), plain | plain | lists | flat)
    found: Object = {
        "name": name,
        "in": location,
        "required": location == "path" or draw(st.booleans()),
    }
    if draw(st.integers(0, 7)) == 0:
        found["content"] = {"application/json": {"schema": draw(shaped)}}
        return found
    found["schema"] = draw(shaped)
    if style is not None:
        found["style"] = style
    explode = draw(sometimes(st.booleans()))
    if explode is not None and style not in ("spaceDelimited", "pipeDelimited"):
        found["explode"] = explode
    return found


ADJACENT = ("a", "b", "x-y", "format")
"""Parameters that share a segment, so that a server cannot tell every value of them, as in labels
and cookies."""

NUMBER: Object = {"type": "integer", "minimum": 1, "maximum": 9}
PATHS = (
    ("/things", ()),
    ("/things/{id}", ("id",)),
    ("/{a}:{b}", ("a", "b")),
    ("/a/{x-y}.{format}", ("x-y", "format")),
    ("/v1/{name}:cancel", ("name",)),
    ("/files/{class}/", ("class",)),
    ("/search?kind=all", ()),
    ("/", ()),
    ("/größe/{größe}", ("größe",)),
)
IDS = (
    *("list", "List", "get-thing", "get_thing", "1", "class", "things/list", "GET /x"),
    *("a.b.c", "größe", "call_api", "__init__", "", "from"),
)


def bodies(schema: Strategy) -> Strategy:
    """The content of a body."""
    json_body = st.dictionaries(
        st.sampled_from(JSON_TYPES[:4]),
        described(schema=schema),
        min_size=1,
        max_size=1,
    )
    other = st.dictionaries(
        st.sampled_from(OTHER_TYPES),
        described(schema=st.just({"type": "string"})),
        min_size=1,
        max_size=1,
    )
    form = st.sampled_from(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ).flatmap(lambda kind: flat.map(lambda made: {kind: {"schema": made}}))
    both = merged(json_body, form)
    return json_body | json_body | other | form | both


def responses(schema: Strategy) -> Strategy:
    """What an operation answers with."""
    answer = described(
        description=st.sampled_from(("", "ok", "a | b")),
        content=sometimes(
            st.dictionaries(
                st.sampled_from(JSON_TYPES), described(schema=schema), max_size=1
            )
            | st.dictionaries(
                st.sampled_from(OTHER_TYPES),
                described(schema=sometimes(st.just({"type": "string"}))),
                max_size=1,
            )
        ),
        headers=sometimes(
            st.dictionaries(
                st.sampled_from(("Link", "X-Rate")), described(schema=scalars)
            )
        ),
    )
    return st.dictionaries(
        st.sampled_from(("200", "201", "204", "2XX", "404", "4XX", "default")),
        answer,
        min_size=1,
        max_size=3,
    )


@st.composite
def operations(
    draw: st.DrawFn, path: str, names: Sequence[str], schema: Strategy
) -> Object:
    """An operation and its parameters, those of the path among them."""
    given = [draw(parameters(name, "path")) for name in names]
    for location in draw(
        st.lists(st.sampled_from(("query", "header", "cookie")), max_size=3)
    ):
        words = WORDS if location == "query" else ("X-Id", "x-id", "A_b", "class")
        name = draw(st.sampled_from(words))
        known = {(each["name"].lower(), each["in"]) for each in given}
        if (name.lower(), location) not in known:
            given.append(draw(parameters(name, location)))
    return draw(
        described(
            operationId=sometimes(st.sampled_from(IDS)),
            tags=sometimes(
                st.lists(st.sampled_from(("a", "A", "x y", "default", "模型")))
            ),
            summary=sometimes(st.just("It | does * so.")),
            deprecated=sometimes(st.just(True)),
            parameters=st.just(given),
            requestBody=sometimes(
                described(required=sometimes(st.just(True)), content=bodies(schema))
            ),
            responses=responses(schema),
        )
    )


@st.composite
def documents(draw: st.DrawFn) -> Object:
    """Documents of up to four paths and about ten schemas."""
    names = draw(
        st.lists(st.sampled_from(COMPONENTS), min_size=2, unique=True, max_size=5)
    )
    schema = schemas(names)
    components: Object = {name: draw(merged(schema, remarks)) for name in names}
    for name in names[:1]:
        components.update(draw(tagged(name) | families(name) | NOTHING))
    paths: Object = {}
    for path, given in draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=4)):
        methods = draw(
            st.lists(st.sampled_from(("get", "post", "put")), unique=True, max_size=2)
        )
        paths[path] = {
            method: draw(operations(path, given, schema))
            for method in methods or ["post"]
        }
    return {
        "openapi": draw(st.sampled_from(("3.0.3", "3.1.0", "3.2.0"))),
        "info": {"title": "Invented", "version": "1"},
        "servers": [{"url": "http://127.0.0.1/base"}],
        "paths": paths,
        "components": {"schemas": components},
    }
