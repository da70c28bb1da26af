"""The documents of the models: OpenAPI Generator's tables, and examples that run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from chatwright.ir.api import Api
from chatwright.ir.schema import (
    EnumSchema,
    NamedSchema,
    NullableSchema,
    ObjectSchema,
    Property,
    RefSchema,
    Schema,
    UnionSchema,
)
from chatwright.ir.walk import table
from chatwright.targets.markdown import (
    markdown_cell,
    markdown_code,
    markdown_line,
    markdown_literal_cell,
    markdown_raw_cell,
)
from chatwright.targets.operations import number_text
from chatwright.targets.python.docs.constructors import Construction, Constructors
from chatwright.targets.python.docs.defaults import default_text
from chatwright.targets.python.docs.escapes import quoted
from chatwright.targets.python.docs.notation import Notations
from chatwright.targets.python.docs.samples import Samples, Unsampled, json_text
from chatwright.targets.python.layout import assignment, from_import
from chatwright.targets.python.names import ModelName, Names
from chatwright.targets.python.settings import PackageSettings
from chatwright.targets.templates import render
from chatwright.targets.views import PropertyView

_MOST_VARIANTS = 8
_MODULES: Mapping[str, str] = {
    "UUID": "uuid",
    "date": "datetime",
    "datetime": "datetime",
}


class MemberView(Struct, frozen=True, kw_only=True):
    """One member of an enum."""

    name: str
    value: str


def files(api: Api, names: Names, settings: PackageSettings) -> dict[str, str]:
    """The document of each model, by its path below the output folder."""
    documents = _Documents(api, names, settings)
    schemas = table(api)
    return {
        f"docs/{model.document}.md": documents.document(schemas[name], model)
        for name, model in names.models.items()
    }


def imports(
    package: str, models: Iterable[ModelName], names: Iterable[str]
) -> list[str]:
    """The import statements for names of the standard library and for models."""
    modules: dict[str, list[str]] = {}
    for name in sorted(names):
        modules.setdefault(_MODULES[name], []).append(name)
    standard = [from_import(module, found) for module, found in sorted(modules.items())]
    own = [
        from_import(f"{package}.models.{model.module}", (model.class_name,))
        for model in sorted(models, key=lambda model: model.module)
    ]
    return [*standard, *([""] if standard and own else []), *own]


class _Documents:
    def __init__(self, api: Api, names: Names, settings: PackageSettings) -> None:
        self._names = names
        self._package = settings.package
        self._schemas = table(api)
        self._notations = Notations(
            schemas=self._schemas, names=names, any_object="Dict[str, object]"
        )
        self._samples = Samples(self._schemas)
        self._constructors = Constructors(schemas=self._schemas, names=names)

    def document(self, named: NamedSchema, model: ModelName) -> str:
        schema = named.schema
        members: Sequence[MemberView] | None = None
        properties: Sequence[PropertyView] = ()
        json: str | None = None
        statements: Sequence[str] = ()
        variants: Sequence[str] = ()
        match schema:
            case EnumSchema():
                members = self._members(named.name, schema)
            case ObjectSchema():
                properties = [
                    self._row(member, named.name) for member in schema.properties
                ]
                json = self._json(named.name)
            case UnionSchema():
                properties = self._merged(schema)
                statements, variants = self._variants(named.name, schema, model)
            case _:
                raise AssertionError(
                    f"{named.name}: a {type(schema).__name__} has no model"
                )
        return render(
            "python/docs/model.md.j2",
            class_name=model.class_name,
            module=model.module,
            variable=model.module,
            package=self._package,
            description=markdown_line(schema.annotations.description or ""),
            members=members,
            properties=properties,
            json=json,
            imports=statements,
            variants=variants,
        )

    def _members(self, name: str, schema: EnumSchema) -> Sequence[MemberView]:
        return [
            MemberView(
                name=self._names.members[name, instance.text],
                value=markdown_code(_literal(instance.value, instance.text)),
            )
            for instance in dict.fromkeys(schema.values)
        ]

    def _row(self, member: Property, owner: str) -> PropertyView:
        notes = "" if member.required else "[optional] "
        if member.schema.annotations.read_only:
            notes += "[readonly] "
        default = self._default(member.schema)
        if default is not None:
            notes += f"[default to {markdown_raw_cell(default)}]"
        return PropertyView(
            name=self._names.fields[owner, member.name],
            type=self._type_cell(member.schema),
            description=markdown_cell(self._description(member.schema)),
            notes=notes,
        )

    def _type_cell(self, schema: Schema) -> str:
        notation = self._notations.of(schema)
        text = markdown_literal_cell(notation.text)
        inner = notation.item or notation
        if inner.model is None:
            return f"**{text}**"
        return f"[**{text}**]({self._names.models[inner.model].document}.md)"

    def _description(self, schema: Schema) -> str:
        """The place's description; else that of what stands there without a document of its own."""
        own = schema.annotations.description
        target = _not_null(schema)
        if own is None and isinstance(target, RefSchema):
            named = self._schemas[target.name]
            if named.inline or named.name not in self._names.models:
                own = named.schema.annotations.description
        return own or ""

    def _default(self, schema: Schema) -> str | None:
        target = _not_null(schema)
        if isinstance(target, RefSchema):
            named = self._schemas[target.name]
            default = named.schema.annotations.default
            if isinstance(named.schema, EnumSchema) and default is not None:
                member = self._names.members.get((named.name, default.text))
                return (
                    member and f"{self._names.models[named.name].class_name}.{member}"
                )
        return default_text(schema, self._schemas)

    def _merged(self, schema: UnionSchema) -> Sequence[PropertyView]:
        """The properties of all members that are objects; of equal names the last one."""
        properties: dict[str, tuple[Property, str]] = {}
        for variant in map(_not_null, schema.variants):
            if isinstance(variant, RefSchema):
                target = self._schemas[variant.name].schema
                if isinstance(target, ObjectSchema):
                    properties.update(
                        (member.name, (member, variant.name))
                        for member in target.properties
                    )
        return [self._row(member, owner) for member, owner in properties.values()]

    def _json(self, name: str) -> str | None:
        """A JSON text of the model as a Python string, None where no value was found."""
        try:
            value = self._samples.of(RefSchema(name=name))
        except Unsampled:
            return None
        text = json_text(value)
        if "\n" not in text:
            return f"'{text}'"
        raw = "r" if "\\" in text else ""
        return f'{raw}"""{text}"""'

    def _variants(
        self, name: str, schema: UnionSchema, model: ModelName
    ) -> tuple[Sequence[str], Sequence[str]]:
        """The imports of an example that builds members of a union, and its statements."""
        built: list[Construction] = []
        for variant, value in self._samples.variants(schema, model.module)[
            :_MOST_VARIANTS
        ]:
            built.append(self._constructors.of(variant, value))
        if not built:
            return (), ()
        used = {name}.union(*(each.models for each in built))
        models = [self._names.models[each] for each in used]
        names = {each for construction in built for each in construction.names}
        annotations = [model.class_name, *[None] * (len(built) - 1)]
        statements = [
            assignment(f"{model.module}_instance", annotation, each.doc)
            for annotation, each in zip(annotations, built, strict=True)
        ]
        return imports(self._package, models, names), list(dict.fromkeys(statements))


def _not_null(schema: Schema) -> Schema:
    return schema.schema if isinstance(schema, NullableSchema) else schema


def _literal(value: object, text: str) -> str:
    match value:
        case str():
            return quoted(value)
        case bool():
            return str(value)
        case int() | float():
            return number_text(value)
        case _:
            return text
