"""Named unions: at run time a class that pydantic validates as the plain union of its members.

To a type checker the name is only that union. The class keeps the wrapper that OpenAPI
Generator writes callable: `Content(value)`, `Content(actual_instance=value)` and
`Content.from_json(text)` all give the member itself.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ForwardRef, cast, get_args

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, SchemaValidator, core_schema

from . import schema as schemas
from .member import Member
from .namespace import evaluate

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaValue


class UnionMeta(type):
    """What calling and `isinstance` mean on a named union."""

    __members__: str
    __choices__: Mapping[str, str]
    __discriminator__: tuple[str, ...]
    __default__: str | None
    __validator__: SchemaValidator | None

    def __call__(cls, /, *args: Any, **kwargs: Any) -> Any:
        """The member for `actual_instance`, or for the keywords of an object.

        Raises pydantic.ValidationError where no member takes it, TypeError for more than one
        positional argument.
        """
        if len(args) > 1:
            raise TypeError(f"{cls.__name__}() takes one value, got {len(args)}")
        if args:
            return cls.model_validate(args[0])
        if kwargs.keys() == {"actual_instance"}:
            return cls.model_validate(kwargs["actual_instance"])
        return cls.model_validate(kwargs)

    def __instancecheck__(cls, instance: Any) -> bool:
        return _validator(cls).isinstance_python(instance)

    def model_validate(cls, obj: Any) -> Any:
        """The member for a Python value; raises pydantic.ValidationError."""
        return _validator(cls).validate_python(obj)

    def model_validate_json(cls, json_data: str | bytes) -> Any:
        """The member for a JSON text; raises pydantic.ValidationError."""
        return _validator(cls).validate_json(json_data)

    def from_dict(cls, obj: Any) -> Any:
        """The member for plain data; raises pydantic.ValidationError."""
        return cls.model_validate(obj)

    def from_json(cls, json_str: str | bytes) -> Any:
        """The member for a JSON text; raises pydantic.ValidationError."""
        return cls.model_validate_json(json_str)

    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler, /
    ) -> CoreSchema:
        ref = f"{cls.__module__}.{cls.__qualname__}:{id(cls)}"
        if ref in _building.refs:
            return core_schema.definition_reference_schema(ref)
        _building.refs.add(ref)
        try:
            return cast(CoreSchema, {**_schema(cls, handler), "ref": ref})
        finally:
            _building.refs.discard(ref)

    def __get_pydantic_json_schema__(
        cls, source: CoreSchema, handler: GetJsonSchemaHandler, /
    ) -> JsonSchemaValue:
        """The JSON Schema of the union, its members included."""
        if not cls.__choices__:
            return handler(source)
        return handler(
            _tagged(
                cls,
                {
                    value: schemas.core_schema(evaluate(name, cls.__module__))
                    for value, name in cls.__choices__.items()
                },
            )
        )


class _Building(threading.local):
    """The unions whose schemas this thread is building: one of them may contain itself."""

    def __init__(self) -> None:
        self.refs: set[str] = set()


_building = _Building()


def _schema(cls: UnionMeta, handler: GetCoreSchemaHandler) -> CoreSchema:
    if not cls.__choices__:
        members = evaluate(cls.__members__, cls.__module__)
        return schemas.tighten(handler.generate_schema(members))
    return _tagged(
        cls,
        {
            value: core_schema.with_info_plain_validator_function(
                Member(name, cls.__module__)
            )
            for value, name in cls.__choices__.items()
        },
    )


def _tagged(cls: UnionMeta, choices: dict[Any, CoreSchema]) -> CoreSchema:
    if cls.__default__ is not None:
        return core_schema.tagged_union_schema(choices, _or_default(cls))
    paths: list[list[str | int]] = [[name] for name in cls.__discriminator__]
    return core_schema.tagged_union_schema(choices, paths, from_attributes=True)


def _or_default(cls: UnionMeta) -> Callable[[Any], str | None]:
    """Tells the member of a value: that of the default where nothing else is told."""

    def told(value: Any) -> str | None:
        for name in cls.__discriminator__:
            found: object = (
                cast("Mapping[str, object]", value).get(name)
                if isinstance(value, Mapping)
                else getattr(value, name, None)
            )
            if isinstance(found, str) and found in cls.__choices__:
                return found
        return cls.__default__

    return told


def _validator(cls: UnionMeta) -> SchemaValidator:
    if cls.__validator__ is None:
        cls.__validator__ = schemas.validator(cls)
    return cls.__validator__


def union(
    module: str,
    name: str,
    choices: Mapping[str, str] | None = None,
    discriminator: tuple[str, ...] = (),
    default: str | None = None,
) -> UnionMeta:
    """The class of a union whose members are those of the alias `name` of the module.

    `choices` maps each value of the discriminator to the name of its member; `discriminator`
    is the property's name on the wire and, where it differs, the attribute's; `default` is the
    value of `choices` that holds for any other.
    """
    members = getattr(sys.modules[module], name)
    attributes: dict[str, Any] = {
        "__module__": module,
        "__members__": " | ".join(map(_expression, get_args(members) or (members,))),
        "__choices__": choices or {},
        "__discriminator__": discriminator,
        "__default__": default,
        "__validator__": None,
    }
    return UnionMeta(name, (), attributes)


def _expression(member: object) -> str:
    """The type expression that an alias's member was written as."""
    return member.__forward_arg__ if isinstance(member, ForwardRef) else repr(member)
