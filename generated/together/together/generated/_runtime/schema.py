"""What this package asks of pydantic's core schemas: exact scalars, and a lenient reading.

A model's own schema is pydantic's with exact scalars (`tighten`): "1" is no integer and 1 is no
boolean; patterns are searched in linear time. The lenient schema (`loosen`) is derived from it
where a response did not fit: a missing required field reads as None, a value that does not fit is
kept as it came.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, Literal, cast

from pydantic import BaseModel
from pydantic_core import (
    CoreConfig,
    CoreSchema,
    PydanticCustomError,
    SchemaError,
    SchemaValidator,
    ValidationError,
)
from pydantic_core import core_schema as core

Mode = Literal["lenient", "strict", "off"]
Node = dict[str, Any]
Wrap = Callable[[Any, Callable[[Any], Any]], Any]
Unknown = Callable[[Any], Any]

_building = threading.Lock()
_lenient: dict[tuple[Any, Mode], SchemaValidator] = {}

# For patterns that look around, which pydantic's own engine does not (see `_engine`).
_ENGINE: Literal["python-re"] = "python-re"
_CONFIG = CoreConfig(regex_engine=_ENGINE)

_EXACT = frozenset({"bool", "int", "float"})
_DATES = frozenset({"date", "datetime"})
_VALUES = frozenset({"literal", "enum"})
_SCALARS = _EXACT | frozenset(
    {
        "str",
        "bytes",
        "literal",
        "enum",
        "date",
        "datetime",
        "time",
        "timedelta",
        "decimal",
    }
    | {"uuid", "url", "multi-host-url", "none", "function-before"}
)


def tighten(schema: CoreSchema) -> CoreSchema:
    """The same schema with scalars that do not convert, in place; models below are left alone."""
    stack: list[Any] = [schema]
    while stack:
        node = stack.pop()
        kind = node.get("type")
        if kind in _EXACT:
            node["strict"] = True
        elif kind in _DATES:
            _check(node, _written)
        elif kind in _VALUES:
            values = node.get("expected") or [each.value for each in node["members"]]
            if any(isinstance(value, int | float) for value in values):
                _check(node, _OneOf(values))
        elif kind == "str":
            if "pattern" in node:
                node["regex_engine"] = _engine(node["pattern"])
        elif kind == "union":
            choices = [_choice(choice) for choice in node["choices"]]
            if choices[-1].get("type") == "str" and all(
                choice.get("type") in _VALUES for choice in choices[:-1]
            ):
                node["mode"] = "left_to_right"
            # Messages would call a list by all that it may hold.
            node["choices"] = [
                (choice, "list") if choice.get("type") == "list" else choice
                for choice in choices
            ]
            stack.extend(choices)
        elif kind in ("model", "definition-ref"):
            continue
        else:
            stack.extend(_children(node))
    return schema


def _check(node: Node, check: Callable[[Any], Any]) -> None:
    """Puts a check before a node, in place."""
    inner = cast(CoreSchema, dict(node))
    node.clear()
    node.update(core.no_info_before_validator_function(check, inner))


@functools.cache
def _engine(pattern: str) -> Literal["python-re", "rust-regex"]:
    """Rust's engine, which takes linear time, for every pattern that it takes."""
    try:
        SchemaValidator(core.str_schema(pattern=pattern, regex_engine="rust-regex"))
    except SchemaError:
        return "python-re"
    return "rust-regex"


def bare(node: Node) -> Node:
    """A node behind the checks that stand before it."""
    while node["type"] == "function-before":
        node = node["schema"]
    return node


class _OneOf:
    """Lets only values of the types of some pass to a literal or an enum: to Python 1 is True."""

    __slots__ = ("_kinds", "_values")

    def __init__(self, values: list[Any]) -> None:
        self._values = values
        self._kinds = frozenset(map(_kind, values))

    def __call__(self, value: Any) -> Any:
        """The value; raises pydantic_core.PydanticCustomError."""
        if not isinstance(value, Enum) and _kind(value) not in self._kinds:
            expected = " or ".join(map(repr, self._values[:10]))
            message = "Input should be {expected}"
            raise PydanticCustomError("literal_error", message, {"expected": expected})
        return int(value) if type(value) is float and value.is_integer() else value


def _kind(value: object) -> type[object]:
    """The type that tells a value from those that Python calls equal to it."""
    if isinstance(value, bool):
        return bool
    if isinstance(value, int | float):
        return float
    return str if isinstance(value, str) else type(value)


def validator(source: Any) -> SchemaValidator:
    """The validator of a type, with exact scalars; a model's is the model's own."""
    if _is_model(source):
        source.model_rebuild()
        return cast(SchemaValidator, source.__pydantic_validator__)
    return SchemaValidator(core_schema(source), _CONFIG)


def core_schema(source: Any) -> CoreSchema:
    """The core schema of a type, with exact scalars."""
    if _is_model(source):
        source.model_rebuild()
        return cast(CoreSchema, source.__pydantic_core_schema__)
    from pydantic import ConfigDict, TypeAdapter

    # An annotated model has a configuration of its own, and takes no other.
    own = _is_model(getattr(source, "__origin__", source))
    config = None if own else ConfigDict(regex_engine=_ENGINE)
    return tighten(TypeAdapter(source, config=config).core_schema)


def _is_model(source: Any) -> bool:
    return isinstance(source, type) and issubclass(source, BaseModel)


def lenient(source: Any, mode: Mode, unknown: Unknown) -> SchemaValidator:
    """The validator that takes whatever a vendor answers; `off` checks no scalar at all.

    `unknown` turns the plain data of an unknown union member into what the caller sees.
    """
    found = _lenient.get((source, mode))
    if found is None:
        loosening = _Loosening(mode, unknown)
        loose = cast(CoreSchema, loosening.root(cast(Node, core_schema(source))))
        found = _fresh_validator(loose, loosening.classes)
        _lenient[source, mode] = found
    return found


class _Loosening:
    def __init__(self, mode: Mode, unknown: Unknown) -> None:
        self._mode: Mode = mode
        self._unknown = unknown
        self._definitions: list[Any] = []
        self.classes: set[Any] = set()

    def root(self, schema: Node) -> Node:
        if schema["type"] == "definitions":
            self._definitions = schema["definitions"]
            return {
                **schema,
                "schema": self._kept(schema["schema"]),
                "definitions": [self._loose(node) for node in schema["definitions"]],
            }
        return self._kept(schema)

    def _kept(self, node: Node) -> Node:
        """The loose schema at a place where a value that does not fit is kept."""
        inner = self._loose(node)
        if inner["type"] in ("any", "default"):
            return inner
        keep: Wrap
        match self._target(node)["type"]:
            case "int":
                keep = _keep_integral
            case "union" | "tagged-union":
                keep = _keep_or(self._unknown)
            case _:
                keep = _keep
        return cast(
            Node, core.no_info_wrap_validator_function(keep, cast(CoreSchema, inner))
        )

    def _loose(self, node: Node) -> Node:
        kind = node["type"]
        if kind == "model":
            self.classes.add(node["cls"])
        match kind:
            case "function-wrap" | "model" | "default" | "nullable":
                return {**node, "schema": self._inner(kind, node["schema"])}
            case "model-fields":
                fields = {
                    name: self._field(field) for name, field in node["fields"].items()
                }
                extras = node.get("extras_schema")
                loose = {**node, "fields": fields}
                return (
                    loose
                    if extras is None
                    else {**loose, "extras_schema": self._kept(extras)}
                )
            case "list" | "set" | "frozenset":
                items = node.get("items_schema")
                bare = _without(node, "min_length", "max_length", "unique_items")
                return (
                    bare
                    if items is None
                    else {**bare, "items_schema": self._kept(items)}
                )
            case "dict":
                values = node.get("values_schema")
                bare = _without(node, "min_length", "max_length")
                return (
                    bare
                    if values is None
                    else {**bare, "values_schema": self._kept(values)}
                )
            case "tagged-union":
                choices = {
                    tag: self._loose(choice) for tag, choice in node["choices"].items()
                }
                return {**node, "choices": choices}
            case "union":
                return self._union(node)
            case "function-plain":
                return self._member(node)
            case _ if kind in _SCALARS and self._mode == "off":
                return {"type": "any"}
            case _:
                return node

    def _inner(self, kind: str, node: Node) -> Node:
        exact = kind in ("function-wrap", "model")
        return self._loose(node) if exact else self._kept(node)

    def _field(self, field: Node) -> Node:
        schema = self._kept(field["schema"])
        if schema["type"] != "default":
            schema = cast(
                Node, core.with_default_schema(cast(CoreSchema, schema), default=None)
            )
        return {**field, "schema": schema}

    def _union(self, node: Node) -> Node:
        """Loose members where their shapes tell them apart; else the members as they are."""
        choices: list[Node] = [_choice(choice) for choice in node["choices"]]
        shapes = [self._shape(choice) for choice in choices]
        if len(set(shapes)) == len(shapes):
            return {**node, "choices": [self._loose(choice) for choice in choices]}
        exact: Any = {
            "type": "definitions",
            "schema": node,
            "definitions": self._definitions,
        }
        whole = exact if self._definitions else cast(CoreSchema, node)
        check = SchemaValidator(whole, _CONFIG)
        return cast(Node, core.no_info_plain_validator_function(check.validate_python))

    def _shape(self, node: Node) -> str:
        """Which kind of JSON value a member takes: two of one shape need telling apart."""
        kind = self._target(node)["type"]
        if kind in ("model", "dict", "tagged-union", "union"):
            return "object"
        return "scalar" if kind in _SCALARS else str(kind)

    def _target(self, node: Node) -> Node:
        """The definition that a node refers to; any other node is itself."""
        if node["type"] != "definition-ref":
            return node
        ref = node["schema_ref"]
        return next(each for each in self._definitions if each.get("ref") == ref)

    def _member(self, node: Node) -> Node:
        """The loose member of a tagged union, built when a value needs it."""
        member = node["function"]["function"]

        def read(value: Any) -> Any:
            loose = lenient(member.type, self._mode, self._unknown)
            return loose.validate_python(value)

        return cast(Node, core.no_info_plain_validator_function(read))


def _fresh_validator(schema: CoreSchema, classes: Iterable[Any]) -> SchemaValidator:
    """A validator that does not reuse the exact ones of the models in it, `classes`."""
    try:
        return SchemaValidator(schema, _CONFIG, _use_prebuilt=False)
    except TypeError:
        pass
    # pydantic before 2.12 cannot be asked: it reuses those of classes that are complete. Nor can
    # it send a model, where another type was expected, whose serializer is still to be built.
    for cls in classes:
        cls.model_rebuild()
    complete = [cls for cls in classes if cls.__pydantic_complete__]
    with _building:
        try:
            for cls in complete:
                cls.__pydantic_complete__ = False
            return SchemaValidator(schema, _CONFIG)
        finally:
            for cls in complete:
                cls.__pydantic_complete__ = True


def _choice(choice: Any) -> Node:
    """A union's member: pydantic-core also takes a pair of schema and label."""
    return cast(Node, choice[0] if isinstance(choice, tuple) else choice)


def _without(node: Node, *keys: str) -> Node:
    return {key: value for key, value in node.items() if key not in keys}


def _children(node: Node) -> list[Node]:
    found: list[Node] = []
    for key, value in node.items():
        if key in ("metadata", "serialization", "config"):
            continue
        if isinstance(value, dict):
            inner = cast(Node, value)
            if isinstance(inner.get("type"), str):
                found.append(inner)
            else:
                found.extend(_children(inner))
    return found


def _written(value: Any) -> Any:
    """A date as RFC 3339 writes it: pydantic by itself also takes a number for a Unix time."""
    if isinstance(value, int | float) or (isinstance(value, str) and "-" not in value):
        raise ValueError("a date as in RFC 3339 is expected")
    return value


def _keep(value: Any, handler: Callable[[Any], Any]) -> Any:
    try:
        return handler(value)
    except ValidationError:
        return value


def _keep_integral(value: Any, handler: Callable[[Any], Any]) -> Any:
    """JSON Schema takes 1.0 for an integer (JSON Schema Core, section 4.2.3)."""
    try:
        return handler(value)
    except ValidationError:
        return int(value) if isinstance(value, float) and value.is_integer() else value


def _keep_or(unknown: Unknown) -> Wrap:
    def keep(value: Any, handler: Callable[[Any], Any]) -> Any:
        try:
            return handler(value)
        except ValidationError:
            return unknown(value)

    return keep
