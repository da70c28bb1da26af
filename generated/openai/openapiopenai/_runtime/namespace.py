"""Type expressions, as they stand in generated annotations, turned into types on first use.

Models import each other only for type checkers, so that importing one loads no other and
cycles are no trouble. Before pydantic looks at a model, the names that its annotations use are
imported into its module, and so on for what those refer to.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Iterable
from typing import Any

from . import lazy

# Identifiers hold marks of vowels, which `\w` does not: whatever is beyond ASCII counts.
_NAME = re.compile("[A-Za-z_\x80-\U0010ffff][0-9A-Za-z_\x80-\U0010ffff]*")


def evaluate(expression: str, module: str) -> Any:
    """The type that `expression` means in the model module `module`.

    Raises NameError for a name that neither the module nor its package has.
    """
    load(module, (expression,))
    return eval(expression, vars(sys.modules[module]))


def load(module: str, annotations: Iterable[object]) -> None:
    """Imports into `module` the models that `annotations` name, and so on for each of those."""
    package = module.rpartition(".")[0]
    pending: list[tuple[str, Iterable[object]]] = [(module, annotations)]
    seen = {module}
    while pending:
        current, texts = pending.pop()
        found_here = import_names(texts, package, vars(sys.modules[current]))
        for found in (*found_here, *_bases(current, package)):
            if found not in seen:
                seen.add(found)
                pending.append((found, tuple(_annotations(found))))
    for current in seen:
        _inherit(current, package)


def complete(expression: str, package: str, namespace: dict[str, Any]) -> None:
    """Imports into `namespace` the models of `package` that `expression` names, and into their
    modules what those refer to."""
    for module in import_names((expression,), package, namespace):
        load(module, tuple(_annotations(module)))


def import_names(
    expressions: Iterable[object], package: str, namespace: dict[str, Any]
) -> list[str]:
    """Imports into `namespace` what `expressions` name of the models in `package`.

    Returns the modules of all models named, whether or not they were there before.
    """
    table = lazy.exported(package)
    modules: list[str] = []
    for text in expressions:
        if not isinstance(text, str):
            continue
        for name in _NAME.findall(text):
            where = table.get(name)
            if where is not None:
                found = importlib.import_module(where, package)
                namespace.setdefault(name, getattr(found, name))
                modules.append(found.__name__)
    return modules


def _bases(module: str, package: str) -> Iterable[str]:
    """The modules of the base classes, whose fields are built with those of the module."""
    for value in tuple(vars(sys.modules[module]).values()):
        if isinstance(value, type) and value.__module__ == module:
            for base in value.__mro__:
                if base.__module__.startswith(f"{package}."):
                    yield base.__module__


def _inherit(module: str, package: str) -> None:
    """Gives `module` what the annotations use that its classes inherit: pydantic reads it there."""
    here = vars(sys.modules[module])
    for value in tuple(here.values()):
        if not isinstance(value, type) or value.__module__ != module:
            continue
        for base in value.__mro__[1:]:
            if not base.__module__.startswith(f"{package}."):
                continue
            there = vars(sys.modules[base.__module__])
            for text in inspect.get_annotations(base).values():
                for name in _NAME.findall(text) if isinstance(text, str) else ():
                    if name in there:
                        here.setdefault(name, there[name])


def _annotations(module: str) -> Iterable[object]:
    for value in tuple(vars(sys.modules[module]).values()):
        if isinstance(value, type) and value.__module__ == module:
            for base in value.__mro__:
                yield from inspect.get_annotations(base).values()
            if not value.__dict__.get("__choices__"):
                yield value.__dict__.get("__members__")
