"""Documents that are small to write and large to read, or that lead nowhere, by what they do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

Object = dict[str, Any]

_HEAD = 'openapi: 3.1.0\ninfo: {title: a, version: "1"}\npaths: {}\n'
_NAMES = [f"U{number}" for number in range(6)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bomb:
    """A document, and the code of the finding that it ends in: None where it is generated."""

    text: str
    suffix: str = "json"
    refused: str | None = None


def _ref(name: str, kind: str = "schemas") -> Object:
    return {"$ref": f"#/components/{kind}/{name}"}


def _object(name: str) -> Object:
    return {"type": "object", "properties": {name: {"type": "string"}}}


def _schemas(schemas: Object, paths: Object | None = None) -> Bomb:
    return Bomb(text=json.dumps(_document({"schemas": schemas}, paths)))


def _document(components: Object, paths: Object | None = None) -> Object:
    return {
        "openapi": "3.1.0",
        "info": {"title": "a", "version": "1"},
        "paths": paths or {},
        "components": components,
    }


def _post(schema: Object, **operation: object) -> Object:
    """The paths of one operation that sends and gets a schema."""
    content = {"application/json": {"schema": schema}}
    answer = {"description": "a", "content": content}
    body: Object = {"requestBody": {"content": content}, "responses": {"200": answer}}
    return {"/a": {"post": {"operationId": "op", **body, **operation}}}


def _with(schema: str) -> str:
    """A document of one schema, which is written as it is."""
    return json.dumps(_document({"schemas": {"Deep": 0}})).replace("0}", f"{schema}}}")


def _nested(levels: int, before: str, after: str, inner: str = "{}") -> str:
    return before * levels + inner + after * levels


def _yaml(text: str, refused: str | None = None) -> Bomb:
    return Bomb(text=_HEAD + text, suffix="yaml", refused=refused)


def _numbers(schemas: Object, **numbers: str) -> Bomb:
    """A document with numbers that JSON's writer does not write, where their names stand."""
    text = _schemas(schemas).text
    for name, number in numbers.items():
        text = text.replace(f'"{name}"', number)
    return Bomb(text=text)


def _aliases() -> dict[str, Bomb]:
    levels = range(1, 12)
    nine = {n: ", ".join([f"*a{n - 1}"] * 9) for n in levels}
    keys = {n: ", ".join(f"k{i}: *a{n - 1}" for i in range(9)) for n in levels}
    merged = [
        f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 50)}], x{n}: 1}}"
        for n in range(1, 400)
    ]
    bombs = {
        "aliases of sequences": [
            "a0: &a0 [x]",
            *(f"a{n}: &a{n} [{nine[n]}]" for n in levels),
        ],
        "aliases of mappings": [
            "a0: &a0 {}",
            *(f"a{n}: &a{n} {{{keys[n]}}}" for n in levels),
        ],
        "aliases in merge keys": ["a0: &a0 {x0: 1, y0: 1}", *merged],
        "aliases of one long sequence": [
            f"a: &a [{', '.join('x' * 10_000)}]",
            f"b: [{', '.join(['*a'] * 10_000)}]",
        ],
    }
    return {
        name: _yaml("\n".join(lines), "alias-bomb") for name, lines in bombs.items()
    }


def _depths() -> dict[str, Bomb]:
    levels = 10_000
    too_deep = {
        "flow sequences": _yaml("x-a: " + _nested(levels, "[", "]", ""), "too-deep"),
        "flow mappings": _yaml("x-a: " + _nested(levels, "{a: ", "}", "1"), "too-deep"),
        "block sequences": _yaml(f"x-a:\n  {'- ' * levels}1\n", "too-deep"),
        "block mappings": _yaml(
            "x-a:\n" + "".join(" " * (n + 1) + "a:\n" for n in range(levels)),
            "too-deep",
        ),
        "keys": _yaml(f"x-a:\n  {'? ' * levels}a\n", "complex-key"),
        "arrays": Bomb(text=_with(_nested(levels, "[", "]", "")), refused="too-deep"),
        "objects": Bomb(text=_with(_nested(levels, '{"a":', "}")), refused="too-deep"),
        "allOf": Bomb(
            text=_with(_nested(levels, '{"allOf":[', "]}")), refused="too-deep"
        ),
    }
    less = {
        "allOf, less": ('{"allOf":[', "]}"),
        "oneOf, less": ('{"oneOf":[', "]}"),
        "not, less": ('{"not":', "}"),
        "items, less": ('{"items":', "}"),
        "$defs, less": ('{"$defs":{"a":', "}}"),
        "then, less": ('{"if":{},"then":', "}"),
        "properties, less": ('{"properties":{"a":', "}}"),
        "allOf of objects, less": (
            '{"type":"object","properties":{"a":{}},"allOf":[',
            "]}",
        ),
        "default, less": ('{"default":[', "]}"),
    }
    return {
        **{f"deep {name}": bomb for name, bomb in too_deep.items()},
        **{
            f"deep {name}": Bomb(text=_with(_nested(450, *around)))
            for name, around in less.items()
        },
    }


def _all_numbers() -> dict[str, Bomb]:
    limits: Object = {
        "i": {
            "type": "integer",
            "maximum": "HIGH",
            "minimum": "LOW",
            "default": "HIGH",
        },
        "n": {"type": "number", "exclusiveMaximum": "HIGH", "multipleOf": "STEP"},
        "d": {"type": "number", "multipleOf": "STEP", "default": "HIGH"},
        "s": {"type": "string", "maxLength": "HIGH", "minLength": "HIGH"},
        "l": {"type": "array", "maxItems": "HIGH", "minItems": "HIGH", "items": {}},
        "m": {"type": "object", "minProperties": "HIGH"},
        "e": {"enum": ["HIGH", "LOW"]},
        "c": {"const": "HIGH", "description": "a"},
    }
    schemas: Object = {
        "A": {"type": "object", "required": [*limits], "properties": limits}
    }
    digits = "9" * 100_000
    return {
        "digits in JSON": Bomb(text=_with(digits), refused="number-too-long"),
        "digits in YAML": _yaml(f"x-a: {digits}", "number-too-long"),
        "digits in hexadecimal": _yaml(f"x-a: 0x{digits}", "number-too-long"),
        "digits after the point": _numbers(
            schemas, HIGH=f"0.{digits}", LOW=f"-0.{digits}", STEP=f"0.{digits}"
        ),
        "exponents": _numbers(
            schemas, HIGH="1e999999", LOW="-1e999999", STEP="1e-999999"
        ),
        "numbers of a thousand digits": _numbers(
            schemas, HIGH="9" * 1000, LOW=f"-{'9' * 999}", STEP="0.1"
        ),
        "lengths": _schemas(
            {
                "A": {
                    "type": "array",
                    "minItems": 10**8,
                    "items": {"type": "string", "minLength": 10**9},
                },
                "B": {"type": "object", "minProperties": 10**8},
            },
            _post(_ref("A")),
        ),
        "arrays of arrays": _schemas(
            {
                **{
                    f"T{n}": {
                        "type": "array",
                        "minItems": 3,
                        "items": _ref(f"T{n + 1}"),
                    }
                    for n in range(60)
                },
                "T60": {"type": "string"},
            },
            _post(_ref("T0")),
        ),
    }


def _cycles() -> dict[str, Bomb]:
    long = 3000
    following = {n: f"S{(n + 1) % long}" for n in range(long)}
    responses = {f"R{n}": _ref(f"R{n + 1}", "responses") for n in range(10_000)}
    parameters = {f"P{n}": _ref(f"P{n + 1}", "parameters") for n in range(10_000)}
    last = {"name": "a", "in": "query", "schema": {"type": "string"}}
    get = {
        "parameters": [_ref("P0", "parameters")],
        "responses": {"200": _ref("R0", "responses")},
    }
    components = {
        "parameters": {**parameters, "P10000": last},
        "responses": {**responses, "R10000": {"description": "a"}},
    }
    round_parameters = {**parameters, "P10000": _ref("P0", "parameters")}
    return {
        "allOf of itself": _schemas({"A": {"allOf": [_ref("A"), _object("a")]}}),
        "allOf of each other": _schemas(
            {
                "A": {"allOf": [_ref("B")], "properties": {"a": _ref("A")}},
                "B": {"allOf": [_ref("C")], "properties": {"b": _ref("B")}},
                "C": {"allOf": [_ref("A")]},
            }
        ),
        "allOf through unions": _schemas(
            {
                "A": {"oneOf": [_ref("B"), {"type": "object", "allOf": [_ref("A")]}]},
                "B": {"anyOf": [_ref("A"), {"allOf": [_ref("B"), _ref("A")]}]},
                "C": {"oneOf": [_ref("C")]},
                "D": {"allOf": [{"oneOf": [_ref("D"), _ref("A")]}] * 2},
            }
        ),
        "references to each other": _schemas(
            {"A": _ref("B"), "B": _ref("A"), "C": _ref("C")}
        ),
        "a circle of references": _schemas(
            {f"S{n}": _ref(name) for n, name in following.items()}
        ),
        "a circle of allOf": _schemas(
            {f"S{n}": {"allOf": [_ref(name)]} for n, name in following.items()}
        ),
        "a circle of parameters": Bomb(
            text=json.dumps(
                _document({"parameters": round_parameters}, {"/a": {"get": get}})
            ),
            refused="cyclic-reference",
        ),
        "a chain of references": _schemas(
            {
                **{f"S{n}": _ref(f"S{n + 1}") for n in range(10_000)},
                "S10000": {"type": "string"},
            }
        ),
        "a chain of parameters and responses": Bomb(
            text=json.dumps(_document(components, {"/a": {"get": get}}))
        ),
        "a chain of unions": _schemas(
            {
                **{
                    f"S{n}": {"oneOf": [_ref(f"S{n + 1}"), {"type": "string"}]}
                    for n in range(600)
                },
                "S600": {"type": "integer"},
            }
        ),
        "a chain of arrays": _schemas(
            {
                **{
                    f"S{n}": {"type": "array", "items": _ref(f"S{n + 1}")}
                    for n in range(long)
                },
                f"S{long}": {"type": "integer"},
            }
        ),
        "unions of each other, with examples that fit none": _schemas(
            {
                **{
                    name: {
                        "oneOf": [
                            *(_ref(other) for other in _NAMES if other != name),
                            {"type": "integer"},
                        ]
                    }
                    for name in _NAMES
                },
                "O": {
                    "type": "object",
                    "required": ["a"],
                    "properties": {"a": {**_ref("U0"), "default": "text"}},
                    "example": {"a": "text"},
                },
            },
            _post(_ref("O")),
        ),
    }


def _products() -> dict[str, Bomb]:
    def two(number: int) -> Object:
        return {"oneOf": [_object(f"a{number}"), _object(f"b{number}")]}

    heirs = {
        f"P{n}": {
            **_object("k"),
            "discriminator": {"propertyName": "k"},
            "allOf": [_ref(f"P{m}") for m in range(max(0, n - 5), n)],
        }
        for n in range(45)
    }
    return {
        "allOf of the same twice": _schemas(
            {
                "A0": _object("a"),
                **{
                    f"A{n}": {"allOf": [_ref(f"A{n - 1}")] * 2 + [_object(f"p{n}")]}
                    for n in range(1, 60)
                },
            }
        ),
        "oneOf of the same twice": _schemas(
            {
                "A0": _object("a"),
                **{
                    f"A{n}": {"oneOf": [_ref(f"A{n - 1}")] * 2 + [_object(f"p{n}")]}
                    for n in range(1, 60)
                },
            }
        ),
        "allOf of unions": _schemas(
            {
                "P": {
                    "allOf": [
                        {"oneOf": [_object(f"p{i}_{j}") for j in range(10)]}
                        for i in range(12)
                    ]
                }
            }
        ),
        "allOf of one large union": _schemas(
            {
                **{f"T{n}": _object(f"t{n}") for n in range(100)},
                "P": {"allOf": [{"anyOf": [_ref(f"T{n}") for n in range(100)]}] * 5},
            }
        ),
        "allOf of unions of allOf": _schemas(
            {
                "A0": two(0),
                **{
                    f"A{n}": {"allOf": [_ref(f"A{n - 1}"), two(n)]}
                    for n in range(1, 30)
                },
            }
        ),
        "oneOf of allOf of oneOf": _schemas(
            {
                "U0": _object("a"),
                **{
                    f"U{n}": {
                        "oneOf": [
                            {"allOf": [_ref(f"U{n - 1}"), _object(f"{side}{n}")]}
                            for side in "xy"
                        ]
                    }
                    for n in range(1, 25)
                },
            }
        ),
        "all of all before": _schemas(
            {
                **{f"L0_{i}": _object(f"a{i}") for i in range(10)},
                **{
                    f"L{level}_{i}": {
                        "allOf": [_ref(f"L{level - 1}_{j}") for j in range(10)]
                    }
                    for level in range(1, 20)
                    for i in range(10)
                },
            }
        ),
        "inheritance from many": _schemas(heirs),
        "trees of required objects": _schemas(
            {
                **{
                    f"T{n}": {
                        "type": "object",
                        "required": ["a", "b"],
                        "properties": {key: _ref(f"T{n + 1}") for key in "ab"},
                    }
                    for n in range(60)
                },
                "T60": {"type": "string"},
            },
            _post(_ref("T0")),
        ),
        "discriminated unions of each other": _schemas(
            {
                name: {
                    "oneOf": [_ref(other) for other in _NAMES],
                    "discriminator": {"propertyName": "k"},
                }
                for name in _NAMES
            }
        ),
        "types and unions": _schemas(
            {
                "A": {
                    key: [{"type": ["string", "integer", "object", "array"]}] * 50
                    for key in ("oneOf", "anyOf", "allOf")
                }
            }
        ),
    }


def _many() -> dict[str, Bomb]:
    parameters = [
        {"name": f"p{n}", "in": "query", "schema": {"type": "string"}}
        for n in range(2000)
    ]
    million = ",".join(f'"k{n}":1' for n in range(1_000_000))
    return {
        "a million keys": Bomb(text=_with(f'{{"x-a":{{{million}}}}}')),
        "many properties": _schemas(
            {
                "A": {
                    "type": "object",
                    "properties": {f"p{n}": {"type": "string"} for n in range(5000)},
                }
            }
        ),
        "many properties of one name": _schemas(
            {
                "A": {
                    "type": "object",
                    "properties": {f"a{'-' * n}": {} for n in range(1000)},
                }
            }
        ),
        "many enum values": _schemas({"A": {"enum": [f"v{n}" for n in range(20_000)]}}),
        "many parameters": _schemas({}, _post({}, parameters=parameters)),
        "many path parameters": _schemas(
            {},
            {f"/{'/'.join(f'{{p{n}}}' for n in range(1000))}": _post({})["/a"]},
        ),
        "many operations of one name": _schemas(
            {}, {f"/{n}": _post({})["/a"] for n in range(300)}
        ),
        "many names that are none": _schemas(
            {f"a{'-_. '[n % 4] * (n // 4 + 1)}b": _object("a") for n in range(1500)}
        ),
        "many alternatives of security": Bomb(
            text=json.dumps(
                {
                    **_document(
                        {
                            "securitySchemes": {
                                f"k{n}": {"type": "apiKey", "in": "header", "name": "k"}
                                for n in range(200)
                            }
                        },
                        _post({}),
                    ),
                    "security": [{f"k{n}": [] for n in range(200)}] * 200,
                }
            )
        ),
    }


BOMBS = {
    **_aliases(),
    **_depths(),
    **_all_numbers(),
    **_cycles(),
    **_products(),
    **_many(),
}
PATTERNS = (
    "^(a+)+$",
    "(a|a)*b",
    "(.*)*x",
    r"(\w+\s?)*$",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(?=(a+)+$)a",
    "(?!(a|a)*b$)a",
    "(?<!a)(a|aa)+$",
    r"(a+)\1+$",
    "((a{0,100}){0,100}){0,100}",
    r"\d{1,1000000}",
    "[a-z]{1,65535}{1,65535}",
    "(" * 5000 + ")" * 5000,
    "(?=a)" * 1000,
    "a" * 100_000,
    "(?P<a>a)(?P=a)*(?P=a)*(?P=a)*b",
    "(" * 900 + ")" * 900,
)


def patterns() -> Bomb:
    """Expressions that keep an engine that backtracks busy, for a property and a parameter each."""
    strings = {
        f"a{n}": {"type": "string", "pattern": text, "default": "a" * 50 + "!"}
        for n, text in enumerate(PATTERNS)
    }
    named: Object = {
        f"A{n}": {"type": "object", "patternProperties": {text: {}}}
        for n, text in enumerate(PATTERNS)
    }
    parameters = [
        {"name": name, "in": "query", "schema": schema}
        for name, schema in strings.items()
    ]
    return _schemas(
        {"A": {"type": "object", "properties": strings}, **named},
        _post(_ref("A"), parameters=parameters),
    )
