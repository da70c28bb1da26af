"""What every generated model is: its fields; all behaviour stands here, once.

Only what was set is sent, and required constants always. None for a field that is not nullable
means absent. What a response holds beyond the document is kept in `additional_properties`.
"""

from __future__ import annotations

import enum
import inspect
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Self,
    TypeAlias,
    TypeVar,
    cast,
)

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    ValidationError,
    ValidationInfo,
)
from pydantic_core import CoreSchema, core_schema

from ..exceptions import ApiAttributeError
from . import namespace, returned, schema

T = TypeVar("T")


class _Null:
    """Marks a type that null belongs to; elsewhere None means absent."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "nullable"


_NULL = _Null()
_SENDING = object()

Nullable: TypeAlias = Annotated[T | None, _NULL]
"""A value or null: None that was set is sent as null."""


class _Shape:
    """What a model class knows of its fields, worked out on first use."""

    __slots__ = ("absent", "accepted")

    def __init__(self, cls: type[Model]) -> None:
        fields = cls.__pydantic_fields__
        self.accepted: frozenset[str] = frozenset(fields).union(
            field.alias for field in fields.values() if field.alias is not None
        )
        optional = {
            name: field
            for name, field in fields.items()
            if not field.is_required() and _NULL not in field.metadata
        }
        self.absent: frozenset[str] = frozenset(optional).union(
            field.alias for field in optional.values() if field.alias is not None
        )


class Model(BaseModel):
    """The base of every generated model.

    The constructor raises TypeError for an unknown keyword and pydantic.ValidationError for a
    value that does not fit; assignment is validated too. Parsing (`from_dict`, `from_json`)
    keeps unknown members in `additional_properties`, which is also how a caller sends a member
    that the document does not know.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        defer_build=True,
        extra="allow",
        protected_namespaces=(),
        regex_engine="python-re",
        ser_json_bytes="base64",
        val_json_bytes="base64",
        validate_assignment=True,
        validate_by_alias=True,
        validate_by_name=True,
    )

    __constants__: ClassVar[tuple[str, ...]] = ()
    __discriminator__: ClassVar[
        tuple[str, Mapping[str, str]] | tuple[str, Mapping[str, str], str] | None
    ] = None
    __shape__: ClassVar[_Shape | None] = None

    if TYPE_CHECKING:
        additional_properties: dict[str, Any] = Field(default_factory=dict[str, Any])
        """Members beyond the document's, by their name on the wire."""

    else:

        @property
        def additional_properties(self) -> dict[str, Any]:
            """Members beyond the document's, by their name on the wire."""
            return self.__pydantic_extra__

        @additional_properties.setter
        def additional_properties(self, value: dict[str, Any]) -> None:
            made = isinstance(self.__pydantic_extra__, returned.Made)
            kept = returned.Made(value) if made else value
            object.__setattr__(self, "__pydantic_extra__", kept)

        def __setattr__(self, name: str, value: Any) -> None:
            _assign(self, name, value, super().__setattr__)

    def __init__(self, /, **data: Any) -> None:
        cls = type(self)
        shape = cls.__dict__.get("__shape__") or _shape(cls)
        extra = data.pop("additional_properties", None)
        if not data.keys() <= shape.accepted:
            raise TypeError(
                _unknown_keywords(cls, data.keys() - shape.accepted, shape.accepted)
            )
        for name, value in tuple(data.items()):
            if value is None and name in shape.absent:
                del data[name]
        if extra is not None:
            data = {**extra, **data}
        try:
            self.__pydantic_validator__.validate_python(
                data, self_instance=self, context=_SENDING
            )
        except ValidationError as error:
            _fill(self, data, error)
        _mark_made(self)

    # Tells pydantic that parsing need not come through this constructor.
    cast(Any, __init__).__pydantic_base_init__ = True

    @property
    def actual_instance(self) -> Self:
        """The object itself: a member of a union is what the union holds."""
        return self

    @classmethod
    def model_rebuild(
        cls,
        *,
        force: bool = False,
        raise_errors: bool = True,
        _parent_namespace_depth: int = 2,
        _types_namespace: Mapping[str, Any] | None = None,
    ) -> bool | None:
        """Builds the validator, once the models that the fields name are imported."""
        for base in cls.__mro__:
            if issubclass(base, Model) and base is not Model:
                namespace.load(base.__module__, inspect.get_annotations(base).values())
        return super().model_rebuild(
            force=force,
            raise_errors=raise_errors,
            _parent_namespace_depth=0,
            _types_namespace=_types_namespace,
        )

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler, /
    ) -> CoreSchema:
        built = cast("dict[str, Any]", handler(source))
        if built["type"] == "model":
            inner = built["schema"]
            for field in inner["fields"].values():
                schema.tighten(field["schema"])
            cls.__constants__ = tuple(
                name
                for name, field in inner["fields"].items()
                if _is_constant(field["schema"])
            )
            if cls.__constants__:
                built["post_init"] = "_set_constants"
        if cls.__dict__.get("__discriminator__") is None:
            return cast(CoreSchema, built)
        return core_schema.with_info_wrap_validator_function(
            cls._dispatch, cast(CoreSchema, built)
        )

    @classmethod
    def _dispatch(
        cls, value: Any, handler: Callable[[Any], Any], info: ValidationInfo, /
    ) -> Any:
        """The model of the class that the discriminator names (OpenAPI 3.2, section 4.25)."""
        if isinstance(value, dict) and info.context is not _SENDING:
            name, mapping, *default = cls.__discriminator__ or ("", {})
            told = cast("dict[str, Any]", value).get(name)
            target = mapping.get(told) if isinstance(told, str) else None
            if target is None and default:
                (target,) = default
            if target is not None and target != cls.__name__:
                subclass: type[Model] = namespace.evaluate(target, cls.__module__)
                return subclass.model_validate(value)
        return handler(value)

    def _set_constants(self, context: object) -> None:
        if context is _SENDING:
            self.__pydantic_fields_set__.update(self.__constants__)

    def to_dict(self) -> dict[str, Any]:
        """The members that are set, by their names on the wire, as Python values."""
        members: dict[str, Any] = self.__pydantic_serializer__.to_python(
            self, by_alias=True, exclude_unset=True, warnings=False
        )
        return members

    def to_json(self) -> str:
        """The members that are set as a JSON text."""
        return self.__pydantic_serializer__.to_json(
            self, by_alias=True, exclude_unset=True, warnings=False
        ).decode()

    def to_str(self) -> str:
        """The members that are set, laid out for people."""
        from pprint import pformat

        return pformat(self.to_dict())

    @classmethod
    def from_dict(cls, obj: Mapping[str, Any] | None) -> Self | None:
        """The model of plain data, None for None; raises pydantic.ValidationError."""
        return None if obj is None else cls.model_validate(obj)

    @classmethod
    def from_json(cls, json_str: str | bytes) -> Self | None:
        """The model of a JSON text; raises pydantic.ValidationError."""
        return cls.model_validate_json(json_str)


class UnknownModel(Model):
    """An object that the document does not describe: an unknown member of a union.

    Its members read as attributes, and `to_dict()` gives back what came.
    """


class OpenEnum(enum.Enum):
    """The base of generated enums."""

    @classmethod
    def from_json(cls, json_str: str) -> Self:
        """The member of a JSON text; raises ValueError for another value."""
        return cls(json.loads(json_str))


def unknown_model(value: Any) -> Any:
    """An UnknownModel of an object; any other value as it is."""
    if not isinstance(value, dict):
        return value
    # pydantic 2.11 cannot send a model whose serializer is still to be built.
    UnknownModel.model_rebuild()
    return UnknownModel.model_validate(value)


def _is_constant(field: dict[str, Any]) -> bool:
    """Whether a field has one value, which it also has by default: a required constant."""
    if field["type"] != "default":
        return False
    inner = schema.bare(field["schema"])
    return bool(inner.get("expected") == [field.get("default")])


def _shape(cls: type[Model]) -> _Shape:
    cls.model_rebuild()
    shape = _Shape(cls)
    type.__setattr__(cls, "__shape__", shape)
    return shape


def _fill(model: Model, data: dict[str, Any], refused: ValidationError) -> None:
    """Makes a model of keywords among which is what came from the vendor."""
    arguments: dict[str, Any] = {"self_instance": model, "context": _SENDING}
    exact = partial(model.__pydantic_validator__.validate_python, **arguments)

    def loose(plain: Any) -> Any:
        reading = schema.lenient(type(model), "lenient", unknown_model)
        return reading.validate_python(plain, **arguments)

    returned.validated(data, refused, exact, loose)


def _mark_made(model: Model) -> None:
    made = returned.Made(model.__pydantic_extra__ or ())
    object.__setattr__(model, "__pydantic_extra__", made)


def _put(
    model: Model, name: str, value: Any, assign: Callable[[str, Any], None]
) -> None:
    """Sets a field to a value that fits it, or to what came from the vendor."""
    extra = model.__pydantic_extra__

    def exact(members: dict[str, Any]) -> None:
        assign(name, members[name])

    def loose(members: dict[str, Any]) -> None:
        reading = schema.lenient(type(model), "lenient", unknown_model)
        vars(model)[name] = vars(reading.validate_python(members))[name]
        model.__pydantic_fields_set__.add(name)

    try:
        assign(name, value)
    except ValidationError as error:
        returned.validated({name: value}, error, exact, loose)
    if isinstance(extra, returned.Made):
        # pydantic puts a copy in its place.
        _mark_made(model)


def _assign(
    model: Model, name: str, value: Any, assign: Callable[[str, Any], None]
) -> None:
    if name.startswith("_") or name == "additional_properties":
        object.__setattr__(model, name, value)
        return
    cls = type(model)
    shape = cls.__dict__.get("__shape__") or _shape(cls)
    if value is None and name in shape.absent:
        field = cls.__pydantic_fields__[name]
        default = field.get_default(call_default_factory=True, validated_data={})
        vars(model)[name] = default
        model.__pydantic_fields_set__.discard(name)
    elif name in cls.__pydantic_fields__ or name in (model.__pydantic_extra__ or ()):
        _put(model, name, value, assign)
    else:
        raise ApiAttributeError(_unknown(cls, name, cls.__pydantic_fields__))


def _unknown_keywords(
    cls: type[Model], names: set[str], accepted: frozenset[str]
) -> str:
    return "; ".join(_unknown(cls, name, accepted) for name in sorted(names))


def _unknown(cls: type[Model], name: str, accepted: Any) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, sorted(accepted), n=1)
    hint = f", did you mean {near[0]!r}?" if near else ""
    return f"{cls.__name__} has no field {name!r}{hint}"
