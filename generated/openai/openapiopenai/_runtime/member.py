"""A member of a tagged union, imported and built when a value first needs it.

A chat request may hold dozens of kinds of message and content, of which a program uses two or
three: the others are not even loaded.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationInfo
from pydantic_core import SchemaValidator

from . import schema
from .namespace import evaluate


class Member:
    """The member that the type expression `name` means in the model module `module`."""

    __slots__ = ("_module", "_name", "_type", "_validator")

    def __init__(self, name: str, module: str) -> None:
        self._name = name
        self._module = module
        self._type: Any = None
        self._validator: SchemaValidator | None = None

    def __repr__(self) -> str:
        """What pydantic's messages call it."""
        return self._name

    @property
    def type(self) -> Any:
        """The member's class."""
        if self._type is None:
            self._type = evaluate(self._name, self._module)
        return self._type

    def __call__(self, value: Any, info: ValidationInfo) -> Any:
        """The validated value; raises pydantic.ValidationError."""
        if isinstance(value, self.type):
            return value
        if self._validator is None:
            self._validator = schema.validator(self.type)
        return self._validator.validate_python(value, context=info.context)
