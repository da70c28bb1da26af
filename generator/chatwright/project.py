"""The project file, `chatwright.yaml`: which clients there are, and what each becomes.

    clients:
      gabber:
        document: specs/gabber.yaml
        overlays: [specs/gabber.overlay.yaml]     # optional
        upstream: https://gabber.example/openapi  # optional
        operations: [chat, listModels, /v1/models]  # optional: all of them
        targets:
          python:
            package: gabber.generated.gabber
            distribution: gabber-generated-gabber # default: the package, with dashes
            version: 1.0.0                        # default
            flavour: async                        # sync (default) or async
            output: generated/gabber              # default: generated/NAME

Paths are relative to the folder of the file.
"""

from __future__ import annotations

import hashlib
import json
import keyword
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeAlias, cast

from chatwright.diagnostics import Diagnostic, InputError, Severity, error

if TYPE_CHECKING:
    from chatwright.document.marks import Marks
    from chatwright.document.pointer import Node
    from chatwright.document.source import Source

FILE_NAME = "chatwright.yaml"

_CLIENT_KEYS = ("document", "overlays", "upstream", "operations", "targets")
_PYTHON_KEYS = ("package", "distribution", "version", "flavour", "output")

_CLIENT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
# PEP 508, "Names".
_DISTRIBUTION = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
# PEP 440, appendix B.
_VERSION = re.compile(
    r"""v?([0-9]+!)?[0-9]+(\.[0-9]+)*
    ([-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?[0-9]*)?
    (-[0-9]+|[-_.]?(post|rev|r)[-_.]?[0-9]*)?
    ([-_.]?dev[-_.]?[0-9]*)?
    (\+[a-z0-9]+([-_.][a-z0-9]+)*)?""",
    re.VERBOSE | re.IGNORECASE,
)
# What a generated package imports: a package of that name would import itself.
_REQUIRED_MODULES = frozenset({"aiohttp", "pydantic", "pydantic_core", "urllib3"})


class Flavour(StrEnum):
    """Which calls stand at the top of a package: blocking ones or coroutines."""

    SYNC = "sync"
    ASYNC = "async"


@dataclass(frozen=True, slots=True, kw_only=True)
class Url:
    """An `http` or `https` address that a document is fetched from."""

    address: str

    def __str__(self) -> str:
        return self.address


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonTarget:
    """A Python package: its import name, its distribution, and the folder it goes to.

    `distribution` is a PEP 508 name and `version` a PEP 440 version; `output` holds the
    `pyproject.toml`, the docs and the top folder of `package`.
    """

    package: str
    distribution: str
    version: str
    flavour: Flavour
    output: Path


Target: TypeAlias = PythonTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One vendor's API: its description, and the targets that it is generated for.

    `folder` is what relative paths were relative to. `operations` selects by tag, operationId
    or path; empty selects every operation.
    """

    name: str
    folder: Path
    document: Path | Url
    overlays: tuple[Path, ...] = ()
    upstream: str | None = None
    operations: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Every client of one project file."""

    path: Path
    clients: tuple[Client, ...]


def language(target: Target) -> str:
    """The key of a target in the project file."""
    match target:
        case PythonTarget():
            return "python"


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
        "target": language(target),
        "package": target.package,
        "distribution": target.distribution,
        "version": target.version,
        "flavour": target.flavour,
    }
    return hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()


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
        if keyword.iskeyword(part) or keyword.issoftkeyword(part):
            return f"{part!r} is a keyword of Python"
        if part.startswith("__"):
            return f"{part!r} is a name that Python keeps for itself"
    top = package.partition(".")[0]
    if top in sys.stdlib_module_names:
        return f"{top!r} is a module of Python's standard library"
    if top in _REQUIRED_MODULES:
        return f"{top!r} is a module that generated packages import"
    return None


def read(path: Path) -> Project:
    """The project of a file.

    Raises InputError with every finding: a file that cannot be read, unknown or missing keys,
    names and versions that are none, and outputs that overlap.
    """
    reader = _Reader(file=_file(path), folder=path.parent)
    clients = reader.project()
    if not reader.findings:
        reader.check_outputs(clients)
    if reader.findings:
        raise InputError(*reader.findings)
    return Project(path=path, clients=clients)


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


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that a misspelt one most likely means, or None."""
    import difflib

    return next(iter(difflib.get_close_matches(word, list(known), n=1)), None)


_Pointer: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """The project file's value, and where each part of it stands."""

    source: Source
    marks: Marks
    value: Node

    def diagnostic(self, at: _Pointer, code: str, message: str) -> Diagnostic:
        """An error at a key or an item, or at the file's beginning."""
        node, position = self.value, 0
        for token in at:
            match node:
                case dict() if token in node:
                    position = self.marks.keys(node)[str(token)] - self.source.base
                    node = node[str(token)]
                case list() if isinstance(token, int):
                    position = self.marks.items(node)[token] - self.source.base
                    node = node[token]
                case _:
                    break
        return self.source.diagnostic(Severity.ERROR, code, message, position)


class _Reader:
    """Turns the file's value into clients, collecting every finding on the way."""

    def __init__(self, *, file: _File, folder: Path) -> None:
        self._file = file
        self._folder = folder
        self.findings: list[Diagnostic] = []

    def project(self) -> tuple[Client, ...]:
        top = self._mapping((), self._file.value, known=("clients",))
        clients = self._mapping(("clients",), self._required((), top, "clients"))
        if top.get("clients") is not None and not clients:
            self._report(("clients",), "empty-project", "there is no client here")
        found = [self._client(name, value) for name, value in clients.items()]
        return tuple(client for client in found if client is not None)

    def check_outputs(self, clients: Sequence[Client]) -> None:
        """Report outputs that hold the project folder, or one another."""
        home = self._folder.resolve()
        taken: list[tuple[str, Path]] = []
        for client in clients:
            for target in client.targets:
                where = f"{client.name}.{language(target)}"
                pointer = ("clients", client.name, "targets", language(target))
                output = target.output.resolve()
                if home.is_relative_to(output):
                    self._report(
                        (*pointer, "output"),
                        "output-holds-project",
                        f"the output {target.output} holds the project itself;"
                        " name a folder below or beside it",
                    )
                for other, folder in taken:
                    if output.is_relative_to(folder) or folder.is_relative_to(output):
                        self._report(
                            (*pointer, "output"),
                            "outputs-overlap",
                            f"the outputs of {where} and {other} overlap:"
                            f" {target.output}; give each its own folder",
                        )
                taken.append((where, output))

    def _client(self, name: str, value: object) -> Client | None:
        at: _Pointer = ("clients", name)
        if not _CLIENT_NAME.fullmatch(name):
            self._report(
                at,
                "client-name",
                f"{name!r} is no client name; use ASCII letters, digits, '.', '_', '-'",
            )
        entry = self._mapping(at, value, known=_CLIENT_KEYS)
        document = self._text(at, entry, "document", required=True)
        overlays = self._texts(at, entry, "overlays")
        upstream = self._text(at, entry, "upstream")
        if upstream is not None and not is_url(upstream):
            self._report(
                (*at, "upstream"), "not-a-url", f"{upstream!r} is no http or https URL"
            )
        operations = self._texts(at, entry, "operations")
        languages = self._mapping(
            (*at, "targets"),
            self._required(at, entry, "targets"),
            known=("python",),
        )
        if entry.get("targets") is not None and not languages:
            self._report(
                (*at, "targets"), "no-target", "there is no target here; add python"
            )
        targets = [
            self._python((*at, "targets", "python"), name, target)
            for key, target in languages.items()
            if key == "python"
        ]
        if document is None:
            return None
        return Client(
            name=name,
            folder=self._folder,
            document=self._folder / document,
            overlays=tuple(self._folder / overlay for overlay in overlays),
            upstream=upstream,
            operations=operations,
            targets=tuple(target for target in targets if target is not None),
        )

    def _python(self, at: _Pointer, name: str, value: object) -> PythonTarget | None:
        entry = self._mapping(at, value, known=_PYTHON_KEYS)
        package = self._text(at, entry, "package", required=True)
        if package is None:
            return None
        if problem := package_problem(package):
            self._report(
                (*at, "package"),
                "package-name",
                f"{package!r} is no package name: {problem}",
            )
        distribution = self._text(at, entry, "distribution")
        if distribution is None:
            distribution = default_distribution(package)
        elif not _DISTRIBUTION.fullmatch(distribution):
            self._report(
                (*at, "distribution"),
                "distribution-name",
                f"{distribution!r} is no distribution name (PEP 508): ASCII letters and"
                " digits, with '.', '_' or '-' between them",
            )
        version = self._text(at, entry, "version") or "1.0.0"
        if not _VERSION.fullmatch(version):
            self._report(
                (*at, "version"),
                "version",
                f"{version!r} is no version (PEP 440); write it like 1.0.0 or 2.1rc1",
            )
        flavour = self._text(at, entry, "flavour") or Flavour.SYNC
        if flavour not in tuple(Flavour):
            self._report(
                (*at, "flavour"),
                "flavour",
                f"{flavour!r} is no flavour; write sync or async",
            )
            return None
        output = self._text(at, entry, "output") or f"generated/{name}"
        return PythonTarget(
            package=package,
            distribution=distribution,
            version=version,
            flavour=Flavour(flavour),
            output=self._folder / PurePosixPath(output),
        )

    def _mapping(
        self, at: _Pointer, value: object, known: Sequence[str] | None = None
    ) -> Mapping[str, object]:
        if value is None and at:
            return {}
        if not isinstance(value, Mapping):
            self._report(at, "not-a-mapping", f"{_where(at)} must be a mapping")
            return {}
        entry = {
            str(key): item for key, item in cast(Mapping[object, object], value).items()
        }
        for key in entry if known is not None else ():
            if key not in (known or ()):
                near = nearest(key, known or ())
                hint = (
                    f"did you mean {near!r}?"
                    if near
                    else f"known keys: {', '.join(known or ())}"
                )
                self._report(
                    (*at, key),
                    "unknown-key",
                    f"{key!r} is not a key of {_where(at)}; {hint}",
                )
        return entry

    def _required(self, at: _Pointer, entry: Mapping[str, object], key: str) -> object:
        value = entry.get(key)
        if value is None:
            self._report(at, "missing-key", f"{_where(at)} has no {key!r}")
        return value

    def _text(
        self,
        at: _Pointer,
        entry: Mapping[str, object],
        key: str,
        *,
        required: bool = False,
    ) -> str | None:
        value = self._required(at, entry, key) if required else entry.get(key)
        if value is None:
            return None
        if isinstance(value, str) and value:
            return value
        hint = "is empty" if value == "" else "must be a string"
        quote = "; put it in quotes" if isinstance(value, int | float) else ""
        self._report((*at, key), "not-a-string", f"{key!r} {hint}{quote}")
        return None

    def _texts(
        self, at: _Pointer, entry: Mapping[str, object], key: str
    ) -> tuple[str, ...]:
        value = entry.get(key)
        if value is None:
            return ()
        if not isinstance(value, list | tuple):
            self._report((*at, key), "not-a-list", f"{key!r} must be a list of strings")
            return ()
        texts: list[str] = []
        for index, item in enumerate(cast(Sequence[object], value)):
            if isinstance(item, str) and item:
                texts.append(item)
            else:
                self._report(
                    (*at, key, index),
                    "not-a-string",
                    f"each of {key!r} must be a string that is not empty",
                )
        return tuple(texts)

    def _report(self, at: _Pointer, code: str, message: str) -> None:
        self.findings.append(self._file.diagnostic(at, code, message))


def _where(at: _Pointer) -> str:
    return "the project file" if not at else ".".join(str(part) for part in at)


def _file(path: Path) -> _File:
    from chatwright.document.marks import Marks
    from chatwright.document.source import Sources
    from chatwright.document.yaml import read

    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise error(
            "no-project",
            f"there is no {path}; write one, name another with --config, or use --spec",
        ) from None
    except OSError as problem:
        raise error(
            "project-unreadable", f"cannot read {path}: {problem.strerror}"
        ) from None
    if not content.strip():
        raise error("empty-project", f"{path} is empty; it has the key 'clients'")
    marks = Marks()
    source = Sources().add(str(path), content)
    return _File(source=source, marks=marks, value=read(source, marks))
