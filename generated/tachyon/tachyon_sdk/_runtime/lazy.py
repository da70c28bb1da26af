"""Names that a package exports without importing the modules that define them (PEP 562).

Importing the package costs nothing for what is not used; a name is imported on first use and
kept. Type checkers do not see this: they read the imports under `TYPE_CHECKING`.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping

Getattr = Callable[[str], object]
Dir = Callable[[], list[str]]

_tables: dict[str, Mapping[str, str]] = {}


class Modules(Mapping[str, str]):
    """Where each class of a package is defined that has a module of its own.

    `names` are the classes with white space between. A class is in the module that is called as
    it is in snake case, or else stands as `Name=module`.
    """

    def __init__(self, names: str) -> None:
        self._stems: dict[str, str] = {}
        for word in names.split():
            name, _, stem = word.partition("=")
            self._stems[name] = stem

    def __getitem__(self, name: str) -> str:
        return f".{self._stems[name] or snake_case(name)}"

    def __iter__(self) -> Iterator[str]:
        return iter(self._stems)

    def __len__(self) -> int:
        return len(self._stems)


def snake_case(name: str) -> str:
    """The words of a class's name in lower case: `HTTPResponse` is `http_response`."""
    import re

    parted = re.sub(r"([A-Z]+)([A-Z][a-z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", parted).lower()


def exports(
    package: str,
    table: Mapping[str, str],
    *,
    modules: tuple[str, ...] = (),
    fallback: str | None = None,
) -> tuple[Getattr, Dir]:
    """The module-level `__getattr__` and `__dir__` of `package`, and the package's `__all__`.

    `table` maps each exported name to the module that defines it, relative to the package
    (`.models.message`). `modules` are attributes too, but no part of `__all__`. A name that is
    in neither is looked for in the sub-package `fallback`.
    """
    _tables[package] = table

    def everything() -> list[str]:
        names = dict.fromkeys(table)
        if fallback is not None:
            names |= dict.fromkeys(
                _tables[importlib.import_module(fallback, package).__name__]
            )
        return list(names)

    def __getattr__(name: str) -> object:
        value: object
        if name == "__all__" and hasattr(sys.modules[package], "__path__"):
            value = everything()
        elif name in table:
            value = getattr(importlib.import_module(table[name], package), name)
        elif name in modules:
            value = importlib.import_module(f".{name}", package)
        elif fallback is not None and not name.startswith("_"):
            inner = importlib.import_module(fallback, package)
            if name not in _tables[inner.__name__]:
                raise AttributeError(f"module {package!r} has no attribute {name!r}")
            value = getattr(inner, name)
        else:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        setattr(sys.modules[package], name, value)
        return value

    def __dir__() -> list[str]:
        return sorted({*vars(sys.modules[package]), *everything(), *modules})

    return __getattr__, __dir__


def exported(package: str) -> Mapping[str, str]:
    """The table that `package` was given to `exports`; empty where it was not."""
    return _tables.get(package, {})


def require(module: str, distribution: str) -> None:
    """Raises ImportError with advice where `module`, which an extra installs, is missing."""
    from importlib.util import find_spec

    if find_spec(module) is None:
        raise ImportError(
            f"{module} is not installed, which these clients need: "
            f"pip install '{distribution}'",
            name=module,
        )
