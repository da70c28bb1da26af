"""A project: which clients there are, and what each becomes."""

from __future__ import annotations

import hashlib
import json
import keyword
import os
import re
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from chatwright.pins import Pin

FILE_NAME = "chatwright.yaml"

DEFAULT_VERSION = "1.0.0"

# Of every Python version, whichever this one is.
_SOFT_KEYWORDS = frozenset({"_", "case", "match", "type"})
# What a generated package imports: a package of that name would import itself.
_REQUIRED_MODULES = frozenset({"aiohttp", "pydantic", "pydantic_core", "urllib3"})
# Rust's own crates, those that generated ones depend on, and what Cargo refuses.
_RESERVED_CRATES = frozenset(
    {"alloc", "core", "proc_macro", "reqwest", "serde", "serde_json", "std", "test"}
    | {"async", "crate", "fn", "impl", "match", "mod", "self", "super", "type", "use"}
)


class Flavour(StrEnum):
    """Which calls stand at the top of a package: blocking ones or coroutines."""

    SYNC = "sync"
    ASYNC = "async"


class Url(Struct, frozen=True, kw_only=True):
    """An `http` or `https` address that a document is fetched from."""

    address: str

    def __str__(self) -> str:
        return self.address


class PythonTarget(Struct, frozen=True, kw_only=True):
    """A Python package: its import name, its distribution, and the folder it goes to.

    `distribution` is a PEP 508 name and `version` a PEP 440 version; `output` holds the
    `pyproject.toml`, the docs and the top folder of `package`.
    """

    package: str
    distribution: str
    version: str
    flavour: Flavour
    output: Path


class RustTarget(Struct, frozen=True, kw_only=True):
    """A Rust crate: the name in its Cargo.toml, and the folder it goes to.

    `version` is a version of Semantic Versioning; `output` holds the `Cargo.toml`.
    """

    crate: str
    version: str
    output: Path


Target: TypeAlias = PythonTarget | RustTarget

Language: TypeAlias = Literal["python", "rust"]
LANGUAGES: tuple[Language, ...] = ("python", "rust")
"""The keys of targets in the project file."""


class Client(Struct, frozen=True, kw_only=True):
    """One vendor's API: its description, and the targets that it is generated for.

    `folder` is what relative paths were relative to. `operations` selects by tag, operationId
    or path; empty selects every operation. `allow_outside` lets references leave the folder of a
    local document. `pins` are the names that the user decides; with
    `vendor_names` those count that the document carries for other generators.
    """

    name: str
    folder: Path
    document: Path | Url
    overlays: tuple[Path, ...] = ()
    upstream: str | None = None
    operations: tuple[str, ...] = ()
    allow_outside: bool = False
    pins: tuple[Pin, ...] = ()
    vendor_names: bool = False
    targets: tuple[Target, ...] = ()


class Project(Struct, frozen=True, kw_only=True):
    """Every client of one project file."""

    path: Path
    clients: tuple[Client, ...]


def language(target: Target) -> Language:
    """The key of a target in the project file."""
    match target:
        case PythonTarget():
            return "python"
        case RustTarget():
            return "rust"


def fingerprint(client: Client, target: Target) -> str:
    """The SHA-256 (hexadecimal) of one target's entry in the project file.

    Equal on every machine and for every way to write the same entry.
    """

    def relative(path: Path) -> str:
        return Path(os.path.relpath(path, client.folder)).as_posix()

    match client.document:
        case Path() as path:
            document = relative(path)
        case Url() as url:
            document = url.address
    entry = {
        "name": client.name,
        "document": document,
        "overlays": [relative(path) for path in client.overlays],
        "upstream": client.upstream,
        "operations": client.operations,
        "allow_outside": client.allow_outside,
        "names": sorted((pin.kind, pin.key, pin.name) for pin in client.pins),
        "vendor_names": client.vendor_names,
        "target": language(target),
        **_settings(target),
    }
    return hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()


def _settings(target: Target) -> dict[str, str]:
    match target:
        case PythonTarget():
            return {
                "package": target.package,
                "distribution": target.distribution,
                "version": target.version,
                "flavour": target.flavour,
            }
        case RustTarget():
            return {"crate": target.crate, "version": target.version}


def is_url(text: str) -> bool:
    """Whether a document is named by its `http` or `https` address."""
    return text.lower().startswith(("https://", "http://"))


def default_distribution(package: str) -> str:
    """The distribution of a package that names none: dots and underscores become dashes."""
    return re.sub(r"[._-]+", "-", package).strip("-")


def package_problem(package: str) -> str | None:
    """Why a dotted name cannot be the import name of a package, or None when it can."""
    for part in package.split("."):
        if not (part.isascii() and part.isidentifier()):
            return f"{part!r} is not an ASCII identifier"
        if keyword.iskeyword(part) or part in _SOFT_KEYWORDS:
            return f"{part!r} is a keyword of Python"
        if part.startswith("__"):
            return f"{part!r} is a name that Python keeps for itself"
    top = package.partition(".")[0]
    if top in sys.stdlib_module_names:
        return f"{top!r} is a module of Python's standard library"
    if top in _REQUIRED_MODULES:
        return f"{top!r} is a module that generated packages import"
    return None


def crate_problem(crate: str) -> str | None:
    """Why a name cannot be that of a crate (Cargo's manifest format), or None when it can."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,63}", crate):
        return "it has ASCII letters, digits, '-' and '_', and begins with a letter"
    if crate.replace("-", "_").lower() in _RESERVED_CRATES:
        return "it is a keyword of Rust, or a crate that every crate has"
    return None


def select(project: Project, names: Sequence[str]) -> tuple[Client, ...]:
    """The clients of these names in the file's order; all of them when there are no names.

    Raises KeyError with the first name that is no client's.
    """
    known = {client.name: client for client in project.clients}
    for name in names:
        if name not in known:
            raise KeyError(name)
    return tuple(
        client for client in project.clients if not names or client.name in names
    )


def narrowed(client: Client, languages: Sequence[str]) -> Client:
    """The client with its targets of these languages alone; with all of them for none."""
    if not languages:
        return client
    kept = tuple(each for each in client.targets if language(each) in languages)
    return replace(client, targets=kept)
