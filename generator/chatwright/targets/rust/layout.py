"""Lays out Rust as rustfmt does by default: `max_width`, and the widths that follow from it."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH = 100
_ATTRIBUTE = 70
_CALL = 60
_LIST = 60
_LITERAL = 18
# rustfmt lets the return type of a broken signature stand out by so much.
_OVERHANG = 2


def attribute(path: str, arguments: Sequence[str], indent: int = 0) -> str:
    """`#[path(arguments)]`, each argument on a line where they are long together."""
    margin = " " * indent
    joined = ", ".join(arguments)
    line = f"{margin}#[{path}({joined})]"
    if len(joined) <= _ATTRIBUTE and len(line) <= WIDTH:
        return line
    inner = "".join(f"{margin}    {each},\n" for each in arguments[:-1])
    return f"{margin}#[{path}(\n{inner}{margin}    {arguments[-1]}\n{margin})]"


def signature(
    head: str, parameters: Sequence[str], returns: str, indent: int = 0, end: str = " {"
) -> str:
    """`head(parameters) -> returns {`, each parameter on a line where all do not fit on one."""
    margin = " " * indent
    tail = f" -> {returns}{end}" if returns else end
    line = f"{margin}{head}({', '.join(parameters)}){tail}"
    if len(line) <= WIDTH or not parameters:
        return line
    inner = "".join(f"{_parameter(each, indent + 4)}\n" for each in parameters)
    last = f"{margin}) -> {returns}"
    if returns and WIDTH < len(last + end) <= WIDTH + _OVERHANG + len(end):
        tail = f" -> {returns}\n{margin}{end.lstrip()}"
    elif returns and len(last + end) > WIDTH:
        broken = _broken(returns, " -> ", indent).removesuffix(",")
        # rustfmt leaves no blank after a type that is too wide all the same.
        is_wide = any(len(each) > WIDTH for each in broken.splitlines())
        tail = broken + (end.lstrip() if is_wide else end)
    return f"{margin}{head}(\n{inner}{margin}){tail}"


def _parameter(text: str, indent: int) -> str:
    name, _, type_ = text.partition(": ")
    return (
        " " * indent + _broken(type_, f"{name}: ", indent)
        if type_
        else f"{' ' * indent}{name},"
    )


def _broken(type_: str, before: str, indent: int) -> str:
    """`before Type,`, the arguments of a generic type on lines of their own where it is long."""
    line = f"{before}{type_},"
    name, opened, rest = type_.partition("<")
    if indent + len(line) <= WIDTH or not opened:
        return line
    inner = "".join(
        f"{' ' * (indent + 4)}{_broken(each, '', indent + 4)}\n"
        for each in _arguments(rest.removesuffix(">"))
    )
    return f"{before}{name}<\n{inner}{' ' * indent}>,"


def _arguments(text: str) -> list[str]:
    """The arguments of a generic type, apart."""
    found = [""]
    depth = 0
    for sign in text:
        depth += (sign == "<") - (sign == ">")
        if sign == "," and not depth:
            found.append("")
        else:
            found[-1] += sign
    return [each.strip() for each in found]


def call(function: str, arguments: Sequence[str], indent: int, end: str = ";") -> str:
    """`function(arguments);`, each argument on a line where they are long together."""
    margin = " " * indent
    joined = ", ".join(arguments)
    line = f"{margin}{function}({joined}){end}"
    is_short = len(arguments) == 1 or len(joined) <= _CALL
    if not arguments or (is_short and len(line) <= WIDTH):
        return line
    inner = "".join(f"{margin}    {each},\n" for each in arguments)
    return f"{margin}{function}(\n{inner}{margin}){end}"


def bound(
    head: str, function: str, arguments: Sequence[str], indent: int, end: str = ";"
) -> str:
    """`head function(arguments);` as `call`, the function on a line of its own where only that
    fits: `head` is `let x =`."""
    below = call(function, arguments, indent + 4, end)
    line = f"{' ' * indent}{head} {below.lstrip()}"
    if "\n" in below or len(line) <= WIDTH:
        return call(f"{head} {function}", arguments, indent, end)
    return f"{' ' * indent}{head}\n{below}"


def lists(function: str, rows: Sequence[Sequence[str]], indent: int) -> str:
    """`function(&[&[item, item], &[item]]);`, on more lines where it is long."""
    margin = " " * indent
    joined = ", ".join(map(_list, rows))
    line = f"{margin}{function}(&[{joined}]);"
    is_short = len(rows) == 1 or len(joined) <= _LIST
    if is_short and len(line) <= WIDTH and all(map(_is_short, rows)):
        return line
    if len(rows) == 1:
        return f"{margin}{function}(&[{_broken_list(rows[0], indent)}]);"
    inner = ""
    for row in rows:
        whole = " " * (indent + 4) + _list(row)
        fits = _is_short(row) and len(f"{whole},") <= WIDTH
        inner += f"{whole if fits else ' ' * (indent + 4) + _broken_list(row, indent + 4)},\n"
    return f"{margin}{function}(&[\n{inner}{margin}]);"


def _list(items: Sequence[str]) -> str:
    return f"&[{', '.join(items)}]"


def _is_short(items: Sequence[str]) -> bool:
    return len(items) < 2 or len(", ".join(items)) <= _LIST


def _broken_list(items: Sequence[str], indent: int) -> str:
    margin = " " * indent
    inner = "".join(f"{margin}    {each},\n" for each in items)
    return f"&[\n{inner}{margin}]"


def reexport(module: str, name: str) -> str:
    """`pub use self::module::Name;`"""
    return f"pub use self::{module}::{name};"


def literal(name: str, fields: Sequence[str], indent: int) -> str:
    """`name { fields }`, each field on a line where they are long together."""
    margin = " " * indent
    joined = ", ".join(fields)
    if len(joined) <= _LITERAL:
        return f"{margin}{name} {{ {joined} }}"
    inner = "".join(
        f"{margin}    {each}{'' if each.startswith('..') else ','}\n" for each in fields
    )
    return f"{margin}{name} {{\n{inner}{margin}}}"


def field(name: str, type_: str, indent: int) -> str:
    """`pub name: Type,`, the type on a line of its own where that fits and the whole does not."""
    margin = " " * indent
    line = f"{margin}pub {name}: {type_},"
    below = f"{margin}    {type_},"
    if len(line) > WIDTH >= len(below):
        return f"{margin}pub {name}:\n{below}"
    return margin + _broken(type_, f"pub {name}: ", indent)


def member(name: str, type_: str, indent: int) -> str:
    """`Name(Type),`, the type on a line of its own where they are long together."""
    margin = " " * indent
    line = f"{margin}{name}({type_}),"
    if len(line) <= WIDTH:
        return line
    inner = f"{margin}    {_broken(type_, '', indent + 4)}"
    return f"{margin}{name}(\n{inner}\n{margin}),"


def arm(pattern: str, function: str, arguments: Sequence[str], indent: int) -> str:
    """`pattern => function(arguments),`, in a block where it does not fit on one line.

    Without a function the only argument is the value.
    """
    margin = " " * indent
    joined = ", ".join(arguments)
    value = f"{function}({joined})" if function else joined
    line = f"{margin}{pattern} => {value},"
    if len(line) <= WIDTH and (not function or len(joined) <= _CALL):
        return line
    if not function:
        return f"{margin}{pattern} => {{\n{margin}    {value}\n{margin}}}"
    if len(joined) <= _CALL:
        return f"{margin}{pattern} => {{\n{margin}    {value}\n{margin}}}"
    inner = "".join(f"{margin}    {each},\n" for each in arguments)
    return f"{margin}{pattern} => {function}(\n{inner}{margin}),"


def implementation(trait: str, name: str, parameters: str = "") -> str:
    """`impl<parameters> trait for name {`, on three lines where it does not fit on one."""
    line = f"impl{parameters} {trait} for {name} {{"
    if len(line) <= WIDTH:
        return line
    return f"impl{parameters} {trait}\n    for {name}\n{{"


def declaration(kind: str, name: str) -> str:
    """`pub struct Name {`, the brace on a line of its own where it does not fit."""
    line = f"pub {kind} {name} {{"
    return line if len(line) <= WIDTH else f"pub {kind} {name}\n{{"


def constant(head: str, value: str) -> str:
    """`head = value;`, the value on a line of its own where both do not fit on one."""
    line = f"{head} = {value};"
    return line if len(line) <= WIDTH else f"{head} =\n    {value};"


def awaited(function: str, arguments: Sequence[str], indent: int) -> str:
    """`function(arguments).await`, the last part on a line of its own where they are long."""
    line = f"{function}({', '.join(arguments)})"
    margin = " " * indent
    if len(line) + len(".await") <= _CALL:
        return f"{margin}{line}.await"
    return f"{margin}{line}\n{margin}    .await"
