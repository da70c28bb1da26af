"""Lays out the Python that views write, exactly as black 26.10 with lines of 88 columns leaves it.

A view describes an expression as a `Doc` and asks for a statement. What fits on one line stays
there; what does not is exploded, one item to a line with a trailing comma, from the outside in.
Black keeps a display with such a comma exploded, so its other choices never arise. The two
places where it does not (a subscript of one item and a tuple of one item, whose comma is
grammar) and the parentheses that it puts around a long annotation, value or union are written
here in black's form, and property tests hold every form against black itself.

A string in a `Doc` is an atom: an identifier, a dotted name, a literal or `await` and a name, on
one line. Brackets, commas and `|` belong to `Group` and `Union`, because black may break at them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias, TypeGuard, assert_never

from msgspec import Struct

from chatwright.targets.python.width import width
from chatwright.targets.text import (
    Json,
    comment_line,
    docstring_body,
    python_literal,
    python_string,
)

LINE_LENGTH = 88
_STEP = 4
_STRING_START = re.compile(r"[rbuf]{0,2}['\"]", re.IGNORECASE)


class Group(Struct, frozen=True):
    """A bracketed list: `opening` up to and including its bracket, items, and `closing`.

    `Group("list[", (...), "]")`, `Group("Field(", (...), ")")`, `Group("{", (...), "}")`.
    """

    opening: str
    items: tuple[Doc, ...]
    closing: str


class Prefixed(Struct, frozen=True):
    """A doc after a text that stays on its line: `name=`, `"key": ` or `**`."""

    prefix: str
    doc: Doc


class Union(Struct, frozen=True):
    """The union `A | B | None` of two or more members, none of them a union (PEP 604)."""

    members: tuple[Doc, ...]


class Parameter(Struct, frozen=True):
    """A parameter of a signature: `name`, `name: annotation`, `name=default` or all three.

    `name` carries its stars (`*args`); a bare `*` or `/` is a parameter of that name. A default
    is no tuple.
    """

    name: str
    annotation: Doc | None = None
    default: Doc | None = None


Doc: TypeAlias = str | Group | Prefixed | Union


def call(function: str, *arguments: Doc) -> Group:
    """The call `function(arguments)`."""
    return Group(f"{function}(", arguments, ")")


def subscript(name: str, *items: Doc) -> Group:
    """The subscription `name[items]`, of at least one item."""
    return Group(f"{name}[", items, "]")


def list_display(*items: Doc) -> Group:
    """The list `[items]`."""
    return Group("[", items, "]")


def tuple_display(*items: Doc) -> Group:
    """The tuple `(items)`; of one item, `(item,)`."""
    return Group("(", items, ")")


def dict_display(*entries: tuple[str, Doc]) -> Group:
    """The dictionary of `key: value` entries, each key a Python expression."""
    return Group("{", tuple(Prefixed(f"{key}: ", value) for key, value in entries), "}")


def keyword(name: str, value: Doc) -> Prefixed:
    """The keyword argument `name=value`."""
    return Prefixed(f"{name}=", value)


def union(*members: Doc) -> Doc:
    """The union of the members; of one member, itself. Members that are unions are spliced."""
    spliced: list[Doc] = []
    for member in members:
        if isinstance(member, Union):
            spliced.extend(member.members)
        else:
            spliced.append(member)
    return spliced[0] if len(spliced) == 1 else Union(tuple(spliced))


def literal(value: Json) -> Doc:
    """A JSON value as an expression that breaks where its arrays and objects do.

    Raises ValueError for a value that `text.python_literal` cannot write.
    """
    python_literal(value)
    return _literal(value)


def renamed(doc: Doc, names: Mapping[str, str]) -> Doc:
    """The doc with other names for the types that stand in it alone or before a bracket."""
    match doc:
        case str():
            return names.get(doc, doc)
        case Group():
            name, bracket = doc.opening[:-1], doc.opening[-1:]
            items = tuple(renamed(item, names) for item in doc.items)
            return Group(names.get(name, name) + bracket, items, doc.closing)
        case Prefixed():
            return Prefixed(doc.prefix, renamed(doc.doc, names))
        case Union():
            return Union(tuple(renamed(member, names) for member in doc.members))
    assert_never(doc)


def flat(doc: Doc) -> str:
    """The doc on one line, however long."""
    match doc:
        case str():
            return doc
        case Group():
            comma = "," if _is_one_tuple(doc) else ""
            return f"{doc.opening}{', '.join(map(flat, doc.items))}{comma}{doc.closing}"
        case Prefixed():
            return doc.prefix + flat(doc.doc)
        case Union():
            return " | ".join(map(flat, doc.members))
    assert_never(doc)


def lay_out(doc: Doc, *, indent: int, before: str = "", after: str = "") -> str:
    """The doc as an item inside brackets, between `before` and `after` on its lines.

    `indent` counts columns. The first line is not indented and the last has no newline; the lines
    between are complete. What fits stays on one line; else the outermost group is exploded, or a
    union broken before each `|`.
    """
    line = f"{before}{flat(doc)}{after}"
    if _fits(line, indent):
        return line
    match doc:
        case str():
            return line
        case Group():
            return _explode(doc, indent, before, after)
        case Prefixed():
            return lay_out(
                doc.doc, indent=indent, before=before + doc.prefix, after=after
            )
        case Union():
            return _chain(doc, indent, before, after)
    assert_never(doc)


def assignment(
    name: str, annotation: Doc | None, value: Doc | None, indent: int = 0
) -> str:
    """The statement `name: annotation = value`; the annotation or the value may be absent.

    `name` is an identifier or a dotted name, and fits on a line with the first bracket of its
    annotation; an annotated value is no tuple. Like every statement here it comes indented, and
    without the last newline.
    """
    if annotation is None:
        return _statement(
            name if value is None else f"{name} = ", value or "", "", indent
        )
    if value is None:
        return _statement(f"{name}: ", annotation, "", indent)
    head = f"{name}: {flat(annotation)} = "
    if _fits(head + flat(value), indent) or _opens(value, indent, head):
        return _statement(head, value, "", indent)
    margin = " " * indent
    if _fits(f"{head}(", indent):
        return margin + _parenthesise(value, indent, head, "")
    if _is_unbreakable(annotation, indent):
        return margin + _after_overflow(value, indent, head)
    above, _, tail = _enclose(annotation, indent, f"{name}: ", " = ").rpartition("\n")
    return f"{margin}{above}\n{_statement(tail.lstrip(), value, '', indent)}"


def expression(doc: Doc, indent: int = 0) -> str:
    """The expression statement of the doc, such as a call."""
    return _statement("", doc, "", indent)


def return_statement(value: Doc, indent: int = 0) -> str:
    """The statement `return value`."""
    return _statement("return ", value, "", indent)


def class_statement(name: str, bases: Sequence[Doc], indent: int = 0) -> str:
    """The first lines of a class: `class name(bases):`; without bases `class name:`."""
    if not bases:
        return f"{' ' * indent}class {name}:"
    return _statement("", Group(f"class {name}(", tuple(bases), ")"), ":", indent)


def signature(
    name: str,
    parameters: Sequence[Parameter],
    returns: Doc | None,
    indent: int = 0,
    *,
    async_: bool = False,
    body: str = "",
) -> str:
    """The first lines of a function: `def name(parameters) -> returns:`, then `body`.

    `body` is `...` where that is the whole function: black keeps it on the line. A function
    without parameters returns what fits on one line, in parentheses where need be.
    """
    opening = f"{'async ' if async_ else ''}def {name}("
    after = f": {body}" if body else ":"
    listed = ", ".join(map(_flat_parameter, parameters))
    result = "" if returns is None else f" -> {flat(returns)}"
    margin = " " * indent
    line = f"{opening}{listed}){result}{after}"
    if _fits(line, indent) or (not parameters and returns is None):
        return margin + line
    if not parameters and returns is not None:
        return margin + _parenthesise(returns, indent, f"{opening}) -> ", after)
    inner = indent + _STEP
    items = (" " * inner + _lay_out_parameter(each, inner) for each in parameters)
    tail = f"{margin}){after}"
    if returns is not None:
        tail = _statement(") -> ", returns, after, indent)
    return "\n".join([margin + opening, *items, tail])


def from_import(module: str, names: Iterable[str], indent: int = 0) -> str:
    """The statement `from module import names`, in the given order (`name as alias` allowed)."""
    names = tuple(names)
    line = f"from {module} import {', '.join(names)}"
    if _fits(line, indent):
        return " " * indent + line
    lines = [
        f"from {module} import (",
        *(f"{' ' * _STEP}{name}," for name in names),
        ")",
    ]
    return "\n".join(" " * indent + line for line in lines)


def comment(text: str, indent: int = 0) -> str:
    """The text as lines of comment, broken where the author broke it."""
    return "\n".join(" " * indent + comment_line(line) for line in text.splitlines())


def docstring(text: str, indent: int = 0) -> str:
    """The text as a docstring (PEP 257); `inspect.getdoc` gives back `text.docstring_text`.

    It stands on one line, or has its closing quotes on a line of their own. Where the first line
    is indented, or all others are, or the one line there is ends with a quote, the text begins
    below the opening quotes: black and readers of docstrings change the first line otherwise.
    """
    margin = " " * indent
    first, *others = docstring_body(text).split("\n")
    if first.startswith(" ") or (others and all(_is_deep(line) for line in others)):
        first, others = "", [first, *others]
    if first.endswith('"') and not others:
        first, others = "", [first]
    if first.startswith('"'):
        first = f" {first}"
    if not others:
        return f'{margin}"""{first}"""'
    lines = [f'{margin}"""{first}', *(margin + line if line else "" for line in others)]
    return "\n".join([*lines, f'{margin}"""'])


def attribute_docstring(text: str, indent: int = 0) -> str:
    """The text as the string below an attribute: closed at the end of its last line, where that
    has room."""
    laid_out = docstring(text, indent)
    above, _, last = laid_out.rpartition("\n")
    end = above.rpartition("\n")[2]
    closes = last.strip() == '"""' and not above.endswith(('"', "\\"))
    return f'{above}"""' if closes and width(end) + 3 <= LINE_LENGTH else laid_out


def _is_deep(line: str) -> bool:
    return not line or line.startswith(" ")


def _literal(value: Json) -> Doc:
    match value:
        case Mapping():
            return dict_display(
                *((python_string(key), _literal(each)) for key, each in value.items())
            )
        case str() | bool() | int() | float() | None:
            return python_literal(value)
        case _:
            return list_display(*map(_literal, value))


def _statement(before: str, doc: Doc, after: str, indent: int) -> str:
    line = f"{before}{flat(doc)}{after}"
    return " " * indent + (
        line if _fits(line, indent) else _enclose(doc, indent, before, after)
    )


def _fits(line: str, indent: int) -> bool:
    return indent + width(line) <= LINE_LENGTH


def _has_items(doc: Doc) -> TypeGuard[Group]:
    return isinstance(doc, Group) and bool(doc.items)


def _is_one_tuple(doc: Doc) -> TypeGuard[Group]:
    return isinstance(doc, Group) and doc.opening == "(" and len(doc.items) == 1


def _is_one_subscript(group: Group) -> bool:
    """Whether this is a subscription of one item: a comma would make that a tuple."""
    return len(group.items) == 1 and group.opening[-1] == "[" and group.opening != "["


def _opens(doc: Doc, indent: int, before: str) -> TypeGuard[Group]:
    """Whether the doc can be exploded with its opening bracket on the line that is there."""
    return _has_items(doc) and _fits(before + doc.opening, indent)


def _is_unbreakable(doc: Doc, indent: int) -> bool:
    """Whether the doc is one name, number or string that no line holds, even in parentheses."""
    return (
        isinstance(doc, str)
        and not _fits(doc, indent + _STEP)
        and (
            doc.isidentifier()
            or doc[:1].isdigit()
            or _STRING_START.match(doc) is not None
        )
    )


def _enclose(doc: Doc, indent: int, before: str, after: str) -> str:
    """A doc outside brackets that does not fit: exploded, or in parentheses that give it room."""
    if _opens(doc, indent, before):
        return _explode(doc, indent, before, after)
    if _is_unbreakable(doc, indent):
        return f"{before}{flat(doc)}{after}"
    parenthesised = _parenthesise(doc, indent, before, after)
    if _has_items(doc) and not _is_short(parenthesised, indent):
        return _explode(doc, indent, before, after)
    return parenthesised


def _after_overflow(value: Doc, indent: int, before: str) -> str:
    """A value after an annotation that no line holds: black parenthesises but does not break it."""
    if _has_items(value):
        return _explode(value, indent, before, "")
    if _is_unbreakable(value, indent):
        return before + flat(value)
    return f"{before}({flat(value)})"


def _is_short(text: str, indent: int) -> bool:
    first, *others = text.split("\n")
    return _fits(first, indent) and all(_fits(line, 0) for line in others)


def _parenthesise(doc: Doc, indent: int, before: str, after: str) -> str:
    inner = indent + _STEP
    body = " " * inner + lay_out(doc, indent=inner)
    return f"{before}(\n{body}\n{' ' * indent}){after}"


def _explode(group: Group, indent: int, before: str, after: str) -> str:
    if not group.items:
        return f"{before}{flat(group)}{after}"
    inner = indent + _STEP
    comma = "" if _is_one_subscript(group) else ","
    items = (
        " " * inner + lay_out(item, indent=inner, after=comma) for item in group.items
    )
    return "\n".join(
        [before + group.opening, *items, " " * indent + group.closing + after]
    )


def _chain(doc: Union, indent: int, before: str, after: str) -> str:
    last = len(doc.members) - 1
    return f"\n{' ' * indent}".join(
        lay_out(
            member,
            indent=indent,
            before="| " if index else before,
            after=after if index == last else "",
        )
        for index, member in enumerate(doc.members)
    )


def _flat_parameter(parameter: Parameter) -> str:
    text, equals = parameter.name, "="
    if parameter.annotation is not None:
        text, equals = f"{text}: {flat(parameter.annotation)}", " = "
    return (
        text
        if parameter.default is None
        else f"{text}{equals}{flat(parameter.default)}"
    )


def _lay_out_parameter(parameter: Parameter, indent: int) -> str:
    line = f"{_flat_parameter(parameter)},"
    name, annotation, default = parameter.name, parameter.annotation, parameter.default
    if _fits(line, indent):
        return line
    if annotation is None:
        return lay_out(
            default or "",
            indent=indent,
            before=f"{name}=" if default else name,
            after=",",
        )
    if default is None:
        return _lay_out_annotation(name, annotation, indent, ",")
    head = f"{name}: {flat(annotation)} = "
    if _opens(default, indent, head):
        return _explode(default, indent, head, ",")
    above = _lay_out_annotation(name, annotation, indent, " = ")
    lines, newline, tail = above.rpartition("\n")
    below = lay_out(default, indent=indent, before=tail.lstrip(), after=",")
    return f"{lines}{newline}{' ' * indent if newline else ''}{below}"


def _lay_out_annotation(name: str, annotation: Doc, indent: int, after: str) -> str:
    match annotation:
        case Union():
            return _parenthesise(annotation, indent, f"{name}: ", after)
        case Group():
            return _explode(annotation, indent, f"{name}: ", after)
        case _:
            return f"{name}: {flat(annotation)}{after}"
