"""What a package offers by name, read from its source without running it.

A surface maps each name to what is said of it: `argument PetsApi.show_pet_by_id 0` is `pet_id
required`. It is read from our packages and from OpenAPI Generator's alike.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Surface: TypeAlias = Mapping[str, str]

_ADDED = frozenset({"model_config", "additional_properties"})
"""Members of models that are no fields."""

_WRAPPER = frozenset({"one_of_schemas", "any_of_schemas"})
"""Members of the classes that OpenAPI Generator wraps the value of a union in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """The classes and union aliases of some modules, by name."""

    defined: Mapping[str, ast.ClassDef | None]
    imported: Mapping[str, frozenset[str]]
    """The models that the module of each class imports."""

    def fields(self, name: str) -> dict[str, str]:
        """The fields of a model with their wire names, those of its bases first."""
        node = self.defined.get(name)
        if node is None:
            return {}
        found: dict[str, str] = {}
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id in self.imported[name]:
                found.update(self.fields(base.id))
        found.update(_fields(node))
        return found


def surface(files: Mapping[str, str], package: str) -> Surface:
    """The surface of the package in `files`, which are texts by path."""
    trees = {
        path: ast.parse(text)
        for path, text in files.items()
        if path.startswith(f"{package}/") and path.endswith(".py")
    }
    found: dict[str, str] = {}
    for path, tree in trees.items():
        parts = path.removesuffix(".py").split("/")[1:]
        if any(part.startswith("_") and part != "__init__" for part in parts):
            continue
        match parts:
            case ["__init__"]:
                found.update(
                    (f"export {name}", "") for name in _exported(tree, trees, package)
                )
            case [("models" | "api") as folder, "__init__"]:
                found.update(
                    (f"export {folder}.{name}", "") for name in _imported(tree)
                )
            case ["models", module]:
                found.update(_module(f"models.{module}", tree))
            case ["api", module]:
                found.update(_module(f"api.{module}", tree))
            case [module]:
                found[f"module {module}"] = ""
            case _:
                continue
    found.update(_models(_classes(trees, f"{package}/models/")))
    for name, node in _classes(trees, f"{package}/api/").defined.items():
        if node is not None:
            found.update(_methods(name, node))
    return found


def methods(found: Surface) -> frozenset[str]:
    """The methods of a surface, each as `ChatApi.create`."""
    return frozenset(
        key.removeprefix("method ") for key in found if key.startswith("method ")
    )


def _classes(trees: Mapping[str, ast.Module], folder: str) -> Classes:
    defined: dict[str, ast.ClassDef | None] = {}
    imported: dict[str, frozenset[str]] = {}
    for path, tree in trees.items():
        if path.startswith(folder) and not path.endswith("/__init__.py"):
            models = frozenset(_imported(tree))
            for name, node in _defined(tree):
                defined.setdefault(name, node)
                imported.setdefault(name, models)
    return Classes(defined=defined, imported=imported)


def _defined(tree: ast.Module) -> Iterator[tuple[str, ast.ClassDef | None]]:
    for node in tree.body:
        match node:
            case ast.ClassDef(name=name):
                yield name, node
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name, None
            case _:
                continue


def _module(name: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    yield f"module {name}", ""
    for class_name, _ in _defined(tree):
        yield f"class {name}.{class_name}", ""


def _exported(
    tree: ast.Module, trees: Mapping[str, ast.Module], package: str
) -> Iterator[str]:
    """What `__all__` says, else what is imported from the modules."""
    for node in tree.body:
        match node:
            case ast.Assign(
                targets=[ast.Name(id="__all__")], value=ast.List(elts=elements)
            ):
                for element in elements:
                    if isinstance(element, ast.Constant):
                        yield str(element.value)
                return
            case _:
                continue
    for name in _imported(tree):
        if name == "*":
            yield from _imported(trees[f"{package}/models/__init__.py"])
        else:
            yield name


def _imported(tree: ast.Module) -> Iterator[str]:
    """What a module imports from others beside it: absolute in the one, relative in the other."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (
            ".models." in f"{node.module}"
            or ".api." in f"{node.module}"
            or (
                node.level == 1
                and node.module is not None
                and not node.module.startswith("_runtime")
            )
        ):
            yield from (alias.asname or alias.name for alias in node.names)


def _models(classes: Classes) -> Iterator[tuple[str, str]]:
    for name, node in classes.defined.items():
        if node is None:
            continue
        if any("Enum" in ast.unparse(base) for base in node.bases):
            for member, value in _members(node):
                yield f"member {name}.{member}", value
            continue
        fields = classes.fields(name)
        if not _WRAPPER.isdisjoint(fields):
            continue
        for field, said in fields.items():
            yield f"field {name}.{field}", said


def _members(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, repr(ast.literal_eval(value))
            case _:
                continue


def _fields(node: ast.ClassDef | ast.If) -> Iterator[tuple[str, str]]:
    for statement in node.body:
        match statement:
            case ast.If():
                # What narrows a base's field is declared for run time only.
                yield from _fields(statement)
            case ast.AnnAssign(target=ast.Name(id=name)) if not (
                name.startswith("_")
                or name in _ADDED
                or ast.unparse(statement.annotation).startswith("ClassVar")
            ):
                said = "required" if _is_required(statement) else "optional"
                yield name, f"{_alias(statement) or name} {said}"
            case _:
                continue


def _alias(statement: ast.AnnAssign) -> str | None:
    for node in ast.walk(statement):
        match node:
            case ast.Call(func=ast.Name(id="Field"), keywords=keywords):
                for keyword in keywords:
                    if keyword.arg == "alias" and isinstance(
                        keyword.value, ast.Constant
                    ):
                        return str(keyword.value.value)
            case _:
                continue
    return None


def _is_required(statement: ast.AnnAssign) -> bool:
    """Whether a value must be given, or is a constant that is always there."""
    match statement.value:
        case None:
            return True
        case ast.Call(func=ast.Name(id="Field"), args=args, keywords=keywords):
            return not args and not any(
                keyword.arg in ("default", "default_factory") for keyword in keywords
            )
        case _:
            return "None" not in _types(statement.annotation) and "Literal" in _types(
                statement.annotation
            )


def _types(annotation: ast.expr) -> frozenset[str]:
    """The names at the top of an annotation: those of its alternatives."""
    match annotation:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _types(left) | _types(right)
        case ast.Subscript(
            value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[first, *_])
        ):
            return _types(first)
        case ast.Subscript(value=ast.Name(id=name)):
            return frozenset({name})
        case _:
            return frozenset({ast.unparse(annotation)})


def _methods(name: str, node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """The methods of an API class; of overloads the first, which takes the body as one argument.

    `x_with_http_info: Final = with_http_info(x)` is called as `x` is.
    """
    first: dict[str, ast.arguments] = {}
    for statement in node.body:
        match statement:
            case ast.FunctionDef(name=method) | ast.AsyncFunctionDef(name=method):
                first.setdefault(method, statement.args)
            case ast.AnnAssign(
                target=ast.Name(id=method),
                value=ast.Call(args=[ast.Name(id=other)]),
            ):
                first[method] = first[other]
            case _:
                continue
    for method, arguments in first.items():
        if method.startswith("_"):
            continue
        yield f"method {name}.{method}", ""
        for index, (argument, required) in enumerate(_arguments(arguments)):
            said = "required" if required else "optional"
            yield f"argument {name}.{method} {index}", f"{argument} {said}"


def _arguments(arguments: ast.arguments) -> Iterator[tuple[str, bool]]:
    positional = [*arguments.posonlyargs, *arguments.args][1:]
    defaults = len(arguments.defaults)
    for index, argument in enumerate(positional):
        yield argument.arg, index < len(positional) - defaults
