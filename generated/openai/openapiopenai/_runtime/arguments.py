"""A call's arguments, validated and converted before anything is sent."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from .operation import Argument, Body, FormField, Parameter
from .plan import AnyOperation

if TYPE_CHECKING:
    from pydantic_core import InitErrorDetails, ValidationError

    from .types import Types

_PRIVATE = ("authorization", "cookie", "key", "password", "secret", "token")


def validated(
    operation: AnyOperation, arguments: tuple[object, ...], types: Types
) -> tuple[object, ...]:
    """The arguments as their types have them; optional ones that are None stay None.

    Raises pydantic.ValidationError, which names the operation and the argument.
    """
    return tuple(
        (
            value
            if (value is None and not argument.required) or _is_file(argument, value)
            else _validated(operation, argument, value, types)
        )
        for argument, value in zip(operation.arguments, arguments, strict=True)
    )


def _validated(
    operation: AnyOperation, argument: Argument, value: object, types: Types
) -> object:
    try:
        return types.validate(argument.type, value)
    except ValueError as error:
        raise _located(error, operation, argument) from None


def _is_file(argument: Argument, value: object) -> bool:
    """Whether a value is a file that is read while it is sent, which no type describes."""
    match argument:
        case FormField():
            return argument.file
        case Body():
            # What a model does not have it looks for among the members that came with it.
            return not hasattr(type(value), "to_dict") and (
                isinstance(value, os.PathLike) or hasattr(value, "read")
            )
        case Parameter():
            return False


def _located(
    error: ValueError, operation: AnyOperation, argument: Argument
) -> ValueError:
    from pydantic_core import ValidationError

    if not isinstance(error, ValidationError):
        return error
    name = argument.argument
    return ValidationError.from_exception_data(
        operation.id,
        _details(error, name),
        hide_input=any(word in name.lower() for word in _PRIVATE),
    )


def _details(error: ValidationError, name: str) -> list[InitErrorDetails]:
    from pydantic_core import PydanticCustomError

    details: list[InitErrorDetails] = []
    for found in error.errors(include_url=False):
        kind: Any = found["type"]
        details.append(
            {
                "type": PydanticCustomError(
                    kind, "{message}", {"message": found["msg"]}
                ),
                "loc": (name, *found["loc"]),
                "input": found["input"],
            }
        )
    return details
