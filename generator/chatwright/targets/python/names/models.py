"""Names of models: their classes, modules and documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from msgspec import Struct

from chatwright.ir.api import Api
from chatwright.ir.schema import (
    AnySchema,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    EnumSchema,
    IntegerSchema,
    MapSchema,
    NullableSchema,
    NumberSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    SchemaTable,
    StringSchema,
    UnionSchema,
)
from chatwright.pins import Pin
from chatwright.targets.distinct import distinct
from chatwright.targets.python import spelling
from chatwright.targets.python.names.apis import ApiName
from chatwright.targets.python.names.files import distinct_stems, stem
from chatwright.targets.python.names.finding import Finding, warning

RUNTIME_NAMES: Mapping[str, str] = {
    "ApiResponse": ".api_response",
    "ApiClient": ".api_client",
    "Configuration": ".configuration",
    "OpenApiException": ".exceptions",
    "ApiTypeError": ".exceptions",
    "ApiValueError": ".exceptions",
    "ApiKeyError": ".exceptions",
    "ApiAttributeError": ".exceptions",
    "ApiException": ".exceptions",
}
"""What the package exports at its top besides its API classes and models, and from where."""

TYPE_NAMES = frozenset(
    {
        "Annotated",
        "Any",
        "Literal",
        "Nullable",
        "OpenEnum",
        "TypeAlias",
        "UUID",
        "Union",
    }
)


class ModelName(Struct, frozen=True, kw_only=True):
    """A model's class, its module in `models`, and the name of its document in `docs`."""

    class_name: str
    module: str
    document: str


def has_model(schema: Schema) -> bool:
    """Whether a schema under a name becomes a module of its own.

    Objects, oneOf and anyOf unions, and enums do; named arrays, maps and scalars are inlined
    where they are referred to.
    """
    match schema:
        case ObjectSchema():
            return True
        case UnionSchema():
            return schema.keyword != "type"
        case EnumSchema():
            return not all(
                isinstance(instance.value, bool) for instance in schema.values
            )
        case (
            AnySchema()
            | BooleanSchema()
            | IntegerSchema()
            | NumberSchema()
            | StringSchema()
            | ConstSchema()
            | ArraySchema()
            | MapSchema()
            | NullableSchema()
            | RefSchema()
        ):
            return False
        case _:
            assert_never(schema)


def models_of(
    api: Api,
    apis: Mapping[str, ApiName],
    pins: Mapping[str, Pin],
    found: list[Finding],
) -> Mapping[str, ModelName]:
    """The model of each schema that has one, in the order of the schemas."""
    chosen = sorted(
        (named for named in api.schemas if has_model(named.schema)),
        key=lambda named: (
            spelling.class_name(named.name) != named.name,
            named.inline,
            named.name,
        ),
    )
    wanted = [
        (
            pins[named.name].name
            if named.name in pins
            else _model_class(named.alias or named.name)
        )
        for named in chosen
    ]
    classes = distinct(wanted)
    modules = distinct([stem(spelling.module_name(name), "model_") for name in classes])
    documents = distinct_stems(
        [stem(name, "Model") for name in classes],
        (name.document for name in apis.values()),
    )
    for named, natural, class_name in zip(chosen, wanted, classes, strict=True):
        if class_name != natural:
            found.append(
                warning(
                    "schema-name-collision",
                    f"the schema {named.name!r} at {named.pointer} becomes {class_name}: "
                    f"another one is {natural}",
                    named.pointer,
                )
            )
    by_name = {
        named.name: ModelName(class_name=class_name, module=module, document=document)
        for named, class_name, module, document in zip(
            chosen, classes, modules, documents, strict=True
        )
    }
    return {
        named.name: by_name[named.name]
        for named in api.schemas
        if named.name in by_name
    }


def _model_class(name: str) -> str:
    class_name = spelling.class_name(name)
    return f"Model{class_name}" if class_name in TYPE_NAMES else class_name


def hidden_of(
    models: Mapping[str, ModelName],
    apis: Mapping[str, ApiName],
    schemas: SchemaTable,
    found: list[Finding],
) -> frozenset[str]:
    """The schemas whose models the top of the package cannot export."""
    top = {*RUNTIME_NAMES, *(name.class_name for name in apis.values())}
    hidden = {name for name, model in models.items() if model.class_name in top}
    for name in sorted(hidden):
        class_name = models[name].class_name
        found.append(
            warning(
                "runtime-name-collision",
                f"the schema {name!r} at {schemas[name].pointer} is importable from `models` "
                f"only: {class_name} at the top of the package is not a model",
                schemas[name].pointer,
            )
        )
    return frozenset(hidden)
