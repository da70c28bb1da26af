"""Statements that print what stands at a path of an answer, in a way that type checkers accept."""

from __future__ import annotations

from msgspec import Struct

from chatwright.ir.api import SchemaPath
from chatwright.ir.schema import (
    ArraySchema,
    NullableSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    SchemaTable,
    StringSchema,
    UnionSchema,
)
from chatwright.targets.python.names import Names

_STEP = "    "


class Reading(Struct, frozen=True, kw_only=True):
    """Lines of Python, and the models that they name, by NamedSchema.name."""

    lines: tuple[str, ...]
    models: frozenset[str] = frozenset()

    def inside(self, head: str, *models: str) -> Reading:
        """The same lines in the block of a statement; conditions of two `if`s are joined."""
        models_used = self.models.union(models)
        first, *others = self.lines
        if head.startswith("if ") and first.startswith("if "):
            joined = f"{head.removesuffix(':')} and {first.removeprefix('if ')}"
            return Reading(lines=(joined, *others), models=models_used)
        return Reading(
            lines=(head, *(f"{_STEP}{line}" for line in self.lines)),
            models=models_used,
        )


class Readings(Struct, frozen=True, kw_only=True):
    """Readings of one package's models."""

    schemas: SchemaTable
    names: Names

    def of(
        self, expression: str, schema: Schema, path: SchemaPath, printed: str
    ) -> Reading | None:
        """Prints the text at `path` below `expression`; `{}` in `printed` stands for the text.

        None where the schema has no such path.
        """
        return self._of(expression, schema, path, printed, optional=False)

    def _of(
        self,
        expression: str,
        schema: Schema,
        path: SchemaPath,
        printed: str,
        *,
        optional: bool,
    ) -> Reading | None:
        optional = optional or isinstance(schema, NullableSchema)
        name, target = self._resolved(schema)
        if not path:
            return _printed(expression, target, printed, optional=optional)
        if path[0] == "*":
            if not isinstance(target, ArraySchema):
                return None
            item = _singular(expression)
            inner = self._of(item, target.items, path[1:], printed, optional=False)
            several = f"{expression} or []" if optional else expression
            return inner and inner.inside(f"for {item} in {several}:")
        if isinstance(target, UnionSchema):
            return self._member(expression, target, path, printed)
        if name is None or not isinstance(target, ObjectSchema):
            return None
        for member in target.properties:
            if member.name == path[0]:
                inner = self._of(
                    f"{expression}.{self.names.fields[name, member.name]}",
                    member.schema,
                    path[1:],
                    printed,
                    optional=not member.required,
                )
                return inner and (
                    inner.inside(f"if {expression}:") if optional else inner
                )
        return None

    def _member(
        self, expression: str, union: UnionSchema, path: SchemaPath, printed: str
    ) -> Reading | None:
        """The reading of the first of a union's models that has the path."""
        for variant in union.variants:
            name, _ = self._resolved(variant)
            inner = self._of(expression, variant, path, printed, optional=False)
            if inner is not None and name is not None and name in self.names.models:
                class_name = self.names.models[name].class_name
                return inner.inside(f"if isinstance({expression}, {class_name}):", name)
        return None

    def _resolved(self, schema: Schema) -> tuple[str | None, Schema]:
        """The schema behind null and references, with the name of its model."""
        name: str | None = None
        seen: set[str] = set()
        while isinstance(schema, RefSchema | NullableSchema):
            if isinstance(schema, NullableSchema):
                schema = schema.schema
            elif schema.name in seen:
                break
            else:
                name = schema.name
                seen.add(name)
                schema = self.schemas[name].schema
        return name, schema


def _printed(
    expression: str, target: Schema, printed: str, *, optional: bool
) -> Reading:
    reading = Reading(lines=(printed.format(expression),))
    if not isinstance(target, StringSchema):
        return reading.inside(f"if isinstance({expression}, str):")
    return reading.inside(f"if {expression}:") if optional else reading


def _singular(expression: str) -> str:
    """The name of one of several: `choice` of `chunk.choices`."""
    word = expression.rpartition(".")[2]
    return word[:-1] if word.endswith("s") and len(word) > 2 else f"{word}_item"
