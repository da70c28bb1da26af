"""What a crate offers by name, read from its source without compiling it.

A surface maps each name to what is said of it: `argument chat_api.create 0` is `model: &str`. It is
read from our crates and from OpenAPI Generator's alike. A `Box` is no part of a type, as who writes
`.into()` or a value need not know of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

Surface: TypeAlias = Mapping[str, str]

_COMMENT = re.compile(r'//[^\n]*|/\*.*?\*/|("(?:\\.|[^"\\])*")', re.DOTALL)
_ITEM = re.compile(r"\bpub (struct|enum) (\w+)\s*\{")
_NEW = re.compile(r"\bpub fn new\(")
_FUNCTION = re.compile(r"\bpub (?:async )?fn ((?:r#)?\w+)\(")
_RENAME = re.compile(r'\brename\s*=\s*"((?:\\.|[^"\\])*)"')
_ATTRIBUTE = re.compile(r"\A\s*#\[")
_SHOWN = re.compile(r'Self::(\w+)\s*=>\s*(?:\{\s*)?(?:"((?:\\.|[^"\\])*)"|(-?[0-9]+))')
_LISTED = re.compile(r'\b[0-9]+ "((?:\\.|[^"\\])*)" \w+ ((?:r#)?\w+);')
"""A member of our `object!`: its name on the wire, and its field."""
_OPENING, _CLOSING = "([{<", ")]}>"
_ADDED = frozenset({"Unknown", "UnknownValue"})
"""Variants for what the document does not know."""


def surface(files: Mapping[str, str]) -> Surface:
    """The surface of the crate in `files`, which are texts by path."""
    found: dict[str, str] = {}
    for path, text in files.items():
        match path.split("/"):
            case ["src", ("apis" | "models") as folder, module] if module.endswith(
                ".rs"
            ):
                if module in ("mod.rs", "configuration.rs", "security.rs"):
                    continue
                name = module.removesuffix(".rs")
                found[f"module {folder}.{name}"] = ""
                source = _COMMENT.sub(lambda match: match[1] or " ", text)
                found.update(_items(source, f"{name}." if folder == "apis" else ""))
                if folder == "apis":
                    found.update(_functions(source, name))
            case _:
                continue
    return found


def _items(source: str, prefix: str) -> Iterator[tuple[str, str]]:
    own = {name: wire or number for name, wire, number in _SHOWN.findall(source)}
    for item in _ITEM.finditer(source):
        kind, name = item.groups()
        body = _inside(source, item.end())
        yield f"item {prefix}{name}", ""
        if kind == "struct":
            listed = {field: wire for wire, field in _LISTED.findall(source)}
            yield from _fields(name, body, listed)
            yield from _constructor(name, source)
        else:
            yield from _variants(f"{prefix}{name}", body, own)


def _fields(
    name: str, body: str, listed: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for rename, declaration in _members(body):
        match = re.fullmatch(r"pub ((?:r#)?\w+)\s*:\s*(.*)", declaration, re.DOTALL)
        if match is not None:
            field, type_ = match.groups()
            wire = rename or listed.get(field) or field.removeprefix("r#")
            yield f"field {name}.{field}", wire
            yield f"type {name}.{field}", _type(type_)


def _constructor(name: str, source: str) -> Iterator[tuple[str, str]]:
    implementation = re.search(rf"\bimpl {name}\s*\{{", source)
    if implementation is None:
        return
    body = _inside(source, implementation.end())
    found = _NEW.search(body)
    if found is not None:
        for index, (_, argument) in enumerate(_members(_inside(body, found.end()))):
            yield f"new {name} {index}", argument.partition(":")[0].strip()


def _variants(
    name: str, body: str, own: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for rename, declaration in _members(body):
        match = re.match(r"(\w[^({=]*)(?:\(|\{)?", declaration)
        assert match is not None, declaration
        variant, held = match[1].strip(), declaration[match.end() :].strip(" )}")
        if variant in _ADDED:
            continue
        yield f"variant {name}.{variant}", (
            "" if held else rename or own.get(variant, "")
        )
        if held:
            yield f"held {name}.{variant}", _type(held.removesuffix(")"))


def _functions(source: str, module: str) -> Iterator[tuple[str, str]]:
    for function in _FUNCTION.finditer(source):
        name = function[1]
        arguments = _inside(source, function.end())
        yield f"function {module}.{name}", ""
        for index, (_, argument) in enumerate(list(_members(arguments))[1:]):
            given, _, type_ = argument.partition(":")
            yield f"argument {module}.{name} {index}", given.strip()
            yield f"given {module}.{name} {index}", _type(type_)
        rest = source[function.end() + len(arguments) + 1 :]
        returned = re.match(r"\s*->\s*Result<", rest)
        if returned is not None:
            first = next(_members(_inside(rest, returned.end())))
            yield f"answer {module}.{name}", _type(first[1])


def _members(body: str) -> Iterator[tuple[str, str]]:
    """What stands between commas, each with what its attributes rename it to, or ""."""
    for part in _parts(body):
        rename = ""
        while _ATTRIBUTE.match(part):
            start = part.index("[") + 1
            attribute = _inside(part, start)
            found = _RENAME.search(attribute)
            rename = found[1] if found else rename
            part = part[start + len(attribute) + 1 :]
        if part.strip():
            yield rename, " ".join(part.split())


def _parts(body: str) -> Iterator[str]:
    begin = 0
    for index, depth in _depths(body, 0):
        if body[index] == "," and depth == 0:
            yield body[begin:index]
            begin = index + 1
    yield body[begin:]


def _inside(source: str, begin: int) -> str:
    """The text from `begin`, behind a bracket, to the bracket that closes it."""
    for index, depth in _depths(source, begin):
        if depth < 0:
            return source[begin:index]
    return source[begin:]


def _depths(source: str, begin: int) -> Iterator[tuple[int, int]]:
    """Each place outside of strings, and how many brackets are open behind it."""
    depth, quoted = 0, False
    for index in range(begin, len(source)):
        sign = source[index]
        if sign == '"' and source[index - 1 : index] != "\\":
            quoted = not quoted
        if quoted:
            continue
        if sign in _OPENING:
            depth += 1
        elif sign in _CLOSING and source[index - 1 : index + 1] not in ("->", "=>"):
            depth -= 1
        yield index, depth


def _type(text: str) -> str:
    """A type as rustfmt writes it on one line, without boxes."""
    written = re.sub(r",\s*>", ">", " ".join(text.split())).replace("< ", "<")
    while "Box<" in written:
        begin = written.index("Box<")
        inner = _inside(written, begin + 4)
        written = written[:begin] + inner + written[begin + 5 + len(inner) :]
    return written.strip().removesuffix(",")
