"""What openapi-spec-validator says about a document, at the places in question.

Vendors publish documents with findings and change them weekly: a finding is a warning here, and
whether a client can still be generated is for the parser to say.
"""

from __future__ import annotations

import json
import os.path
import re
import signal
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import quote, urlsplit

from chatwright.diagnostics import Diagnostic, InputError, Severity
from chatwright.regex import is_steady

from .document import Document
from .files import is_url
from .pointer import Node, Pointer, child
from .source import quoted
from .walk import objects

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError
    from openapi_spec_validator.validation.keywords import KeywordValidator

_CODE = "invalid-openapi"
_LENGTH = 240
_NAME = re.compile("[a-zA-Z0-9._-]+")
MAX_SECONDS = 16
"""How long openapi-spec-validator may walk: 5 seconds are enough for a document of 3 MB, and for
some small ones, whose schemas extend each other in many ways, no time is."""

_OTHERS_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What code raises that meets a document of a shape that it did not think of."""


def schema_check(document: Document) -> tuple[Diagnostic, ...]:
    """What the JSON Schema of the document's version finds, as warnings; takes milliseconds.

    The schemas are those that openapi-spec-validator carries. They say little about Schema
    Objects from 3.1 on, and follow no references: that is for `full_check`.
    """
    from jsonschema_rs import validator_for

    written = document.written
    validator = validator_for(_schema(document.version))
    found = (
        _warning(written, _located(written, _place(leaf)), leaf.message)
        for error in validator.iter_errors(written.root)
        for leaf in _leaves(error)
    )
    return _ordered((*_names(written), *found))


def full_check(document: Document) -> tuple[Diagnostic, ...]:
    """All that openapi-spec-validator finds, as warnings; takes seconds on a large document.

    That is `schema_check`, every reference that leads nowhere, and the validator's walk: schemas
    against their dialect, defaults against their schemas, parameters, duplicate operation ids.
    """
    written = document.written
    return _ordered(
        (*schema_check(document), *_bad_references(written), *_walk(written))
    )


def _ordered(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings in the order of their places, each once."""
    return tuple(
        sorted(
            dict.fromkeys(findings),
            key=lambda finding: (
                (finding.location.file, finding.location.line, finding.location.column)
                if finding.location
                else ("", 0, 0)
            ),
        )
    )


def _schema(version: str) -> dict[str, Any]:
    """The JSON Schema of an OpenAPI version, read without importing its package.

    To import openapi-spec-validator takes 0.1 seconds, and the check a hundredth of that.
    """
    package = find_spec("openapi_spec_validator")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("openapi_spec_validator")
    name = f"v{version[:3]}"
    path = Path(package.origin).parent / "resources" / "schemas" / name / "schema.json"
    schema = cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8")))
    components = schema.get("$defs", {}).get("components", {})
    for names in components.get("patternProperties", {}).values():
        names.pop("propertyNames", None)
    return schema


def _names(document: Document) -> Iterator[Diagnostic]:
    """The names of components that are none (OpenAPI 3.1.1, section 4.8.7.1).

    jsonschema-rs quotes all the components for each of them, which takes memory quadratic in the
    document's size.
    """
    components = document.root.get("components")
    if document.version < "3.1" or not isinstance(components, dict):
        return
    for kind, named in components.items():
        if isinstance(named, dict) and not kind.startswith("x-"):
            for name in named:
                if not _NAME.fullmatch(name):
                    yield _warning(
                        document,
                        Pointer(document.file, ("components", kind, name)),
                        f"{quoted(name)} is no name of a component: letters, digits, `.`, `-`"
                        " and `_` are accepted",
                    )


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """The errors that explain why none of several alternatives fits.

    They are those of the alternative that came furthest into the instance; where several came as
    far, nobody knows which one was meant, and the error itself has to do.
    """
    branches = cast("list[list[ValidationError]]", getattr(error.kind, "context", []))
    reach = [
        max((len(leaf.instance_path) for leaf in branch), default=0)
        for branch in branches
    ]
    furthest = max(reach, default=0)
    best = [
        branch
        for branch, length in zip(branches, reach, strict=True)
        if length == furthest
    ]
    best = [branch for branch in best if not _is_no_reference(branch)] or best
    if len(best) != 1:
        yield error
        return
    for leaf in best[0]:
        yield from _leaves(leaf)


def _is_no_reference(branch: list[ValidationError]) -> bool:
    """Whether an alternative is a Reference Object, which an object without `$ref` is not."""
    return any(getattr(leaf.kind, "property", None) == "$ref" for leaf in branch)


def _place(error: ValidationError) -> list[str | int]:
    """The path of what is wrong: an unexpected key rather than the object that has it."""
    unexpected = cast("list[str]", getattr(error.kind, "unexpected", []))
    return [*error.instance_path, *unexpected[:1]]


def _located(document: Document, path: Iterable[str | int]) -> Pointer:
    """The address of a path that leads through references as if what they name were there."""
    node: Node = document.root
    pointer = document.pointer
    for token in path:
        try:
            node = child(node, str(token))
            pointer = pointer / token
            node, pointer = document.follow(node, pointer)
        except (LookupError, InputError):
            return pointer
    return pointer


def _warning(document: Document, pointer: Pointer, message: str) -> Diagnostic:
    sentence = " ".join(message.split())
    if len(sentence) > _LENGTH:
        # The message quotes the value that is wrong, however long, and then says why.
        sentence = f"{sentence[: _LENGTH // 3]} ... {sentence[-_LENGTH // 2 :]}"
    return document.diagnostic(Severity.WARNING, _CODE, sentence, pointer)


def _bad_references(document: Document) -> Iterator[Diagnostic]:
    """A warning for each reference that leads nowhere, in every file that references reach."""
    files = [document.file]
    for file in files:
        base = Pointer(file)
        for node, path in objects(document.get(base)):
            if not isinstance(node.get("$ref"), str):
                continue
            try:
                target = document.resolve(str(node["$ref"]), Pointer(file, path))
            except InputError as refusal:
                for diagnostic in refusal.diagnostics:
                    yield replace(diagnostic, severity=Severity.WARNING)
            else:
                if target.file not in files:
                    files.append(target.file)


class _Failure(Protocol):
    """What is used of the errors of jsonschema, which has no types."""

    message: str
    relative_path: Iterable[str | int]


class _LocalFiles(Mapping[str, Callable[[str], Node]]):
    """What reads a URI of whichever scheme: none is ever fetched.

    For a scheme without a handler, jsonschema-path asks `urllib`.
    """

    def __init__(self, document: Document) -> None:
        self._document = document

    def __contains__(self, scheme: object) -> bool:
        return True

    def __getitem__(self, scheme: str) -> Callable[[str], Node]:
        return self._read

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def _read(self, uri: str) -> Node:
        from urllib.request import url2pathname

        document = self._document
        parts = urlsplit(uri)
        if parts.scheme == "file":
            path = os.path.relpath(
                url2pathname(parts.path), Path(document.file).resolve().parent
            )
            uri = quote(path.replace(os.sep, "/"))
        found: Node = _patient(document.get(document.resolve(uri, document.pointer)))
        return found


def _patient(root: Node) -> Any:
    """A copy without the patterns over which Python's engine, which the walk uses, might dither."""
    copies: list[Any] = []
    stack: list[tuple[Node, Callable[[Any], object]]] = [(root, copies.append)]
    while stack:
        node, place = stack.pop()
        if isinstance(node, dict):
            copied: dict[str, Any] = {}
            place(copied)
            left_out = _impatient(node)
            for key, value in node.items():
                if key not in left_out:
                    copied[key] = None
                    stack.append((value, partial(copied.__setitem__, key)))
        elif isinstance(node, list):
            items: list[Any] = []
            place(items)
            stack.extend((each, items.append) for each in reversed(node))
        else:
            place(node)
    return copies[0]


def _impatient(node: Mapping[str, Node]) -> set[str]:
    """The keywords of a schema that run such a pattern."""
    pattern, names = node.get("pattern"), node.get("patternProperties")
    found: set[str] = set()
    if isinstance(pattern, str) and not is_steady(pattern):
        found.add("pattern")
    if isinstance(names, dict) and not all(map(is_steady, names)):
        found |= {"patternProperties", "additionalProperties", "unevaluatedProperties"}
    return found


def _walk(document: Document) -> Iterator[Diagnostic]:
    """What openapi-spec-validator's own code finds beyond the JSON Schema."""
    from jsonschema_path import SchemaPath
    from openapi_spec_validator import (
        OpenAPIV2SpecValidator,
        OpenAPIV30SpecValidator,
        OpenAPIV31SpecValidator,
        OpenAPIV32SpecValidator,
    )
    from openapi_spec_validator.validation.registries import KeywordValidatorRegistry

    validators = {
        "2.0": OpenAPIV2SpecValidator,
        "3.0": OpenAPIV30SpecValidator,
        "3.1": OpenAPIV31SpecValidator,
        "3.2": OpenAPIV32SpecValidator,
    }
    keywords = validators[document.version[:3]].keyword_validators
    found: list[tuple[tuple[str | int, ...], str]] = []
    registry = KeywordValidatorRegistry(
        {name: _recording(name, keyword, found) for name, keyword in keywords.items()}
    )
    remote = is_url(document.file)
    root = SchemaPath.from_dict(
        _patient(document.root),
        base_uri=document.file if remote else Path(document.file).resolve().as_uri(),
        handlers=_LocalFiles(document),
        resolved_cache_maxsize=1024,
    )
    validate = cast("Callable[[SchemaPath], Iterable[_Failure]]", registry["__root__"])
    said: list[Diagnostic] = []
    late = False
    try:
        with _within(MAX_SECONDS):
            for _ in validate(root):
                raise AssertionError("every failure is recorded where it is found")
    except _Late:
        late = True
    try:
        with _within(MAX_SECONDS / 4):
            for path, message in found:
                said.append(_warning(document, _located(document, path), message))
    except _Late:
        late = True
    if late:
        yield _warning(
            document,
            document.pointer,
            f"openapi-spec-validator is given up after {MAX_SECONDS} seconds of processor time;"
            " what it has found by then is said",
        )
    yield from said


class _Late(BaseException):
    """Work has taken too long."""


@contextmanager
def _within(seconds: float) -> Generator[None]:
    """Raises _Late after some processor time, where the system can interrupt this thread."""
    if sys.platform == "win32" or current_thread() is not main_thread():
        yield
        return

    def late(*_: object) -> None:
        raise _Late

    before = signal.signal(signal.SIGPROF, late)
    # What is raised in a finaliser, or while garbage is collected, is lost: it is raised again.
    signal.setitimer(signal.ITIMER_PROF, seconds, 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _recording(
    name: str,
    keyword: type[KeywordValidator],
    found: list[tuple[tuple[str | int, ...], str]],
) -> type[KeywordValidator]:
    """A keyword's validator that adds what it finds to a list, with the place, and goes on.

    The validators themselves pass their failures up without places, and one of them that meets
    what it does not expect ends the whole walk.
    """
    from jsonschema_path import SchemaPath
    from referencing.exceptions import Unresolvable

    validate: Callable[..., Iterable[_Failure]] = next(
        vars(base)["__call__"] for base in keyword.__mro__ if "__call__" in vars(base)
    )

    def record(
        self: KeywordValidator, *args: object, **options: object
    ) -> Iterator[_Failure]:
        place = next(arg for arg in args if isinstance(arg, SchemaPath))
        path = tuple(place.parts)
        try:
            for failure in validate(self, *args, **options):
                value = ("default",) if name == "default" else ()
                found.append(((*path, *value, *failure.relative_path), failure.message))
        except (Unresolvable, InputError):
            # A reference that leads nowhere has its own finding.
            pass
        except _OTHERS_FAULTS as failure:
            found.append((path, f"openapi-spec-validator gives up: {failure}"))
        return iter(())

    return type(keyword.__name__, (keyword,), {"__call__": record})
