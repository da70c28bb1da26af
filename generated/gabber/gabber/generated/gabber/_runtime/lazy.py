"""Names that a package exports without importing the modules that define them (PEP 562).

Importing the package costs nothing for what is not used; a name is imported on first use and
kept. Type checkers do not see this: they read the imports under `TYPE_CHECKING`.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping

Getattr = Callable[[str], object]
Dir = Callable[[], list[str]]

_tables: dict[str, Mapping[str, str]] = {}


def exports(
    package: str, table: Mapping[str, str], *, fallback: str | None = None
) -> tuple[Getattr, Dir]:
    """The module-level `__getattr__` and `__dir__` of `package`.

    `table` maps each exported name to the module that defines it, relative to the package
    (`.models.message`); a module that is itself exported stands under its own name
    (`"models": ".models"`). A name that is not in it is looked for in the sub-package `fallback`.
    """
    _tables[package] = table

    def __getattr__(name: str) -> object:
        module = table.get(name)
        if module is not None:
            found = importlib.import_module(module, package)
            value = found if module == f".{name}" else getattr(found, name)
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
        names = {*vars(sys.modules[package]), *table}
        if fallback is not None:
            names |= _tables[importlib.import_module(fallback, package).__name__].keys()
        return sorted(names)

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
