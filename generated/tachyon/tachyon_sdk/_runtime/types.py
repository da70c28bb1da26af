"""One package's types: validates arguments, decodes answers and encodes bodies.

Types are named by expressions such as `list[Choice]`, resolved on first use, so that an
operation loads the models that it needs and no others.
"""

from __future__ import annotations

import importlib
import logging
import re
import threading
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pydantic_core import SchemaValidator, ValidationError

Mode = Literal["lenient", "strict", "off"]
Decode = Callable[[bytes | str], Any]

# Identifiers hold marks of vowels, which `\w` does not: whatever is beyond ASCII counts.
_NAME = re.compile("[A-Za-z_\x80-\U0010ffff][0-9A-Za-z_\x80-\U0010ffff]*")
# Where the names come from that are no models; `_Field` stands for a `Field` that a model hides.
_LIBRARIES = {
    "Annotated": "typing",
    "Any": "typing",
    "Field": "pydantic",
    "Literal": "typing",
    "Nullable": ".model",
    "SerializeAsAny": "pydantic",
    "UUID": "uuid",
    "date": "datetime",
    "datetime": "datetime",
}


class Types:
    """The types of the package called `package`; safe to share between threads."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._models = f"{package}.models"
        self._reported: set[tuple[str, str]] = set()
        self._namespace: dict[str, Any] = {}
        self._types: dict[str, Any] = {}
        self._validators: dict[str, SchemaValidator] = {}
        self._decoders: dict[tuple[str, Mode], Decode] = {}
        self._lock = threading.RLock()

    def resolve(self, expression: str) -> Any:
        """The type that `expression` means; raises NameError for an unknown name."""
        found = self._types.get(expression)
        if found is None:
            from . import namespace

            with self._lock:
                importlib.import_module(self._models)
                namespace.complete(expression, self._models, self._namespace)
                _complete(expression, self._namespace)
                found = eval(expression, {}, self._namespace)
                self._types[expression] = found
        return found

    def validate(self, expression: str, value: object) -> Any:
        """The argument, converted where its type says so; raises pydantic.ValidationError."""
        if type(value) is str and expression == "str":
            return value
        from pydantic_core import ValidationError

        exact = self._validator(expression).validate_python
        try:
            return exact(value)
        except ValidationError as error:
            from . import model, returned, schema

            def loose(plain: Any) -> Any:
                source = self.resolve(expression)
                reading = schema.lenient(source, "lenient", model.unknown_model)
                return reading.validate_python(plain)

            return returned.validated(value, error, exact, loose)

    def decoder(self, expression: str, mode: Mode) -> Decode:
        """A function from JSON text to the typed value.

        It raises ValueError for what is not JSON and, where `mode` is `strict`, for what does
        not fit the type.
        """
        key = expression, mode
        found = self._decoders.get(key)
        if found is None:
            with self._lock:
                found = self._decoders[key] = self._decoder(expression, mode)
        return found

    def dump(self, value: object) -> Any:
        """The value as plain JSON data: only what was set, constants always."""
        from pydantic_core import to_jsonable_python

        return to_jsonable_python(_prepared(value), by_alias=True)

    def dump_json(self, value: object) -> bytes:
        """The value as JSON text: only what was set, constants always."""
        from .model import Model

        if isinstance(value, Model):
            return value.__pydantic_serializer__.to_json(
                value, by_alias=True, exclude_unset=True, warnings=False
            )
        from pydantic_core import to_json

        return to_json(_prepared(value), by_alias=True)

    def _validator(self, expression: str) -> SchemaValidator:
        found = self._validators.get(expression)
        if found is None:
            from . import schema

            with self._lock:
                found = schema.validator(self.resolve(expression))
                self._validators[expression] = found
        return found

    def _decoder(self, expression: str, mode: Mode) -> Decode:
        from pydantic_core import ValidationError, from_json

        from . import model, schema

        source = self.resolve(expression)
        exact = self._validator(expression).validate_json
        if mode == "strict":
            return exact

        def read(data: bytes | str) -> Any:
            loose = schema.lenient(source, mode, model.unknown_model)
            return loose.validate_python(from_json(data))

        def decode(data: bytes | str) -> Any:
            try:
                return exact(data)
            except ValidationError as error:
                value = read(data)
                self._report(expression, error)
                return value

        return read if mode == "off" else decode

    def _report(self, expression: str, error: ValidationError) -> None:
        """Logs at DEBUG, once for each field, where an answer does not fit its type."""
        logger = logging.getLogger(self._package)
        if not logger.isEnabledFor(logging.DEBUG):
            return
        for each in error.errors(include_url=False, include_context=False):
            path = ".".join(
                "*" if isinstance(step, int) else step for step in each["loc"]
            )
            if (expression, path) not in self._reported:
                self._reported.add((expression, path))
                logger.debug("%s does not fit at %r: %s", expression, path, each["msg"])


def _complete(expression: str, namespace: dict[str, Any]) -> None:
    """Imports into `namespace` what `expression` names besides models."""
    for name in _NAME.findall(expression):
        own = name.removeprefix("_")
        module = _LIBRARIES.get(own)
        if module is not None and name not in namespace:
            found = importlib.import_module(module, __package__)
            namespace[name] = getattr(found, own)


def _prepared(value: object) -> Any:
    """Plain containers with the models in them turned into plain data."""
    from .model import Model

    if isinstance(value, Model):
        return value.__pydantic_serializer__.to_python(
            value, mode="json", by_alias=True, exclude_unset=True, warnings=False
        )
    if isinstance(value, dict):
        return {
            key: _prepared(member)
            for key, member in typing.cast("Mapping[str, object]", value).items()
        }
    if isinstance(value, (list, tuple)):
        return [_prepared(item) for item in typing.cast("Sequence[object]", value)]
    return value
