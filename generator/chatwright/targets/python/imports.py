"""The imports of one module: they travel with the types that need them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chatwright.targets.python.layout import from_import
from chatwright.targets.python.names import ModelName
from chatwright.targets.python.types import Type, Types

_STANDARD: Mapping[str, str] = {
    "TYPE_CHECKING": "typing",
    "Annotated": "typing",
    "Any": "typing",
    "Final": "typing",
    "Literal": "typing",
    "Mapping": "collections.abc",
    "PathLike": "os",
    "Required": "typing",
    "Sequence": "collections.abc",
    "TypeAlias": "typing",
    "TypedDict": "typing",
    "Unpack": "typing",
    "overload": "typing",
    "UUID": "uuid",
    "Union": "typing",
    "date": "datetime",
    "datetime": "datetime",
}
_THIRD_PARTY: Mapping[str, str] = {"Field": "pydantic", "SerializeAsAny": "pydantic"}
_RUNTIME: Mapping[str, str] = {
    "Model": "model",
    "Nullable": "model",
    "OpenEnum": "model",
    "union": "union",
    **dict.fromkeys(
        (
            "Addition",
            "Body",
            "ChatChunks",
            "ChatEvents",
            "EventStream",
            "FormField",
            "Operation",
            "Parameter",
        ),
        "operation",
    ),
    **dict.fromkeys(("Server", "ServerVariable"), "server"),
    "File": "content",
    **dict.fromkeys(("Headers", "parse", "verify"), "webhooks"),
}


class Imports:
    """Collects what a module needs; `dots` lead from the module to the package's top."""

    def __init__(
        self, types: Types, *, inside: ModelName | None = None, dots: str = ".."
    ) -> None:
        self._types = types
        self._modules = types.modules
        self._own = inside.class_name if inside else None
        self._dots = dots
        self._names: set[str] = set()
        self._bases: set[str] = set()
        self._models: set[str] = set()
        self._params: set[str] = set()

    def add(self, used: Type) -> None:
        """Adds what a type expression uses."""
        self._names |= used.names
        self._models |= used.models - {self._own}
        self._params |= used.params

    def add_names(self, *names: str) -> None:
        """Adds names of the standard library, pydantic or the runtime."""
        self._names.update(names)

    def add_bases(self, bases: Iterable[str]) -> None:
        """Adds the base classes of a model, which are imported at run time too."""
        self._bases.update(bases)
        if not self._bases:
            self._names.add("Model")

    def statements(self, *more: str) -> list[str]:
        """The import statements, with an empty text between groups; `more` are local ones."""
        names = self._names | (
            {"TYPE_CHECKING"} if self._models - self._bases else set[str]()
        )
        local = [
            *self._grouped(names, _RUNTIME, prefix=f"{self._dots}_runtime."),
            *more,
            *(
                from_import(f".{self._modules[base]}", (base,))
                for base in sorted(self._bases)
            ),
        ]
        groups = [
            self._grouped(names, _STANDARD),
            self._grouped(names, _THIRD_PARTY),
            sorted(local),
        ]
        lines: list[str] = []
        for group in filter(None, groups):
            lines.extend([*([""] if lines else []), *group])
        return lines

    def _grouped(
        self, names: set[str], sources: Mapping[str, str], prefix: str = ""
    ) -> list[str]:
        modules: dict[str, list[str]] = {}
        for name in sorted(names & sources.keys(), key=_isort):
            modules.setdefault(prefix + sources[name], []).append(self.imported(name))
        return [from_import(module, found) for module, found in sorted(modules.items())]

    def imported(self, name: str) -> str:
        """The name as an import has it: `Model as _Model` where a model is called so."""
        spelled = self._types.spell(name)
        return name if spelled == name else f"{name} as {spelled}"

    def params(self, *, module: str) -> list[str]:
        """The import of the TypedDicts that only type checkers need, if there are any."""
        if not self._params:
            return []
        return [first_line(from_import(module, sorted(self._params), indent=4))]

    def models(self, *, package: str) -> list[str]:
        """The import of models from `package` that only type checkers need, if there are any."""
        found = sorted(self._models - self._bases)
        return [first_line(from_import(package, found, indent=4))] if found else []


def first_line(text: str) -> str:
    """Indented lines without the indentation of the first, for a hole that has it."""
    return text.lstrip(" ")


def _isort(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions, as isort orders the names of one import."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
    return kind, name
