"""Imports every module of the package `peer`, which is on the path, and resolves every type in it.

Run as a program, because a corpus of packages does not fit into one process: prints a line for
everything that does not work, and nothing where all does.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from typing import Any

PACKAGE = "peer"


def main() -> None:
    """Prints what does not work."""
    for problem in (*modules(), *models(), *operations()):
        print(problem)


def modules() -> Iterator[str]:
    """The modules that cannot be imported, or lack a name that they export."""
    root = importlib.import_module(PACKAGE)
    inner = pkgutil.walk_packages(root.__path__, f"{PACKAGE}.")
    for name in (PACKAGE, *(found.name for found in inner)):
        try:
            module = importlib.import_module(name)
            for exported in getattr(module, "__all__", ()):
                getattr(module, exported)
        except Exception as error:
            yield f"{name}: {sentence(error)}"


def models() -> Iterator[str]:
    """The models, unions and enums whose validators cannot be built."""
    module = importlib.import_module(f"{PACKAGE}.models")
    schema: Any = importlib.import_module(f"{PACKAGE}._runtime.schema")
    for name in module.__all__:
        try:
            schema.validator(getattr(module, name))
        except Exception as error:
            yield f"{name}: {sentence(error)}"


def operations() -> Iterator[str]:
    """The operations with an argument or an answer whose type cannot be resolved."""
    operation: Any = importlib.import_module(f"{PACKAGE}._runtime.operation")
    types = importlib.import_module(f"{PACKAGE}._runtime.types").Types(PACKAGE)
    tables = f"{PACKAGE}._operations."
    for name, module in tuple(sys.modules.items()):
        if not name.startswith(tables):
            continue
        for each in vars(module).values():
            if isinstance(each, operation.Operation):
                yield from unreadable(each, types)


def unreadable(operation: Any, types: Any) -> Iterator[str]:
    """What is wrong with the types of one operation."""
    expressions = [argument.type for argument in operation.arguments]
    expressions += [answer for answer in operation.responses.values() if answer]
    if operation.stream is not None:
        expressions.append(operation.stream.item)
    for expression in expressions:
        try:
            types.decoder(expression, "lenient")
        except Exception as error:
            yield f"{operation.id}: {expression}: {sentence(error)}"


def sentence(error: Exception) -> str:
    """An error on one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"


if __name__ == "__main__":
    main()
