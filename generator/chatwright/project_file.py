"""The project file, `chatwright.yaml`: which clients there are, and what each becomes.

    clients:
      gabber:
        document: specs/gabber.yaml
        overlays: [specs/gabber.overlay.yaml]     # optional
        upstream: https://gabber.example/openapi  # optional
        operations: [chat, listModels, /v1/models]  # optional: all of them
        allow_outside: true                       # optional: false
        names:                                    # optional: what things are called
          schemas: {Message_tools_inner: Tool}    # also operations, tags, properties,
          properties: {Message.n: count}          # parameters and enums
        targets:
          python:
            package: gabber.generated.gabber
            distribution: gabber-generated-gabber # default: the package, with dashes
            version: 1.0.0                        # default
            flavour: async                        # sync (default) or async
            output: generated/gabber              # default: generated/NAME
          rust:
            crate: gabber-sdk
            version: 1.0.0                        # default
            output: generated/gabber-rust         # default: generated/NAME-rust

Paths are relative to the folder of the file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from chatwright.diagnostics import InputError, error
from chatwright.document.source import quoted
from chatwright.pins import PIN_KINDS, Pin
from chatwright.project import (
    DEFAULT_VERSION,
    Client,
    Flavour,
    Project,
    PythonTarget,
    RustTarget,
    Target,
    Url,
    crate_problem,
    default_distribution,
    is_url,
    package_problem,
)
from chatwright.section import Section, open_section

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
# Semantic Versioning 2.0.0, without leading zeros.
_SEMANTIC_VERSION = re.compile(
    r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?"
)


def read(path: Path) -> Project:
    """The project of a file.

    Raises InputError with every finding: a file that cannot be read, unknown or missing keys,
    names and versions that are none, and outputs that overlap.
    """
    try:
        file = open_section(path)
    except FileNotFoundError:
        raise error(
            "no-project",
            f"there is no {path}; write one, name another with --config, or use --spec",
        ) from None
    file.only("clients")
    clients: list[Client] = []
    outputs: list[_Output] = []
    if section := file.section("clients", required=True):
        if not section.keys:
            file.report("no-client", "there is no client here", "clients")
        for name, entry in section.sections():
            if not _CLIENT_NAME.fullmatch(name):
                section.report(
                    "client-name",
                    f"{quoted(name)} is no client name; it has ASCII letters, digits, '.',"
                    " '_' and '-', and begins with a letter or digit",
                    name,
                )
            client, taken = _client(name, entry, path.parent)
            clients.append(client)
            outputs += taken
    _check_outputs(outputs, path.parent)
    if file.findings:
        raise InputError(*file.findings)
    return Project(path=path, clients=tuple(clients))


class _Output(Struct, frozen=True, kw_only=True):
    """An output folder, whose it is, and the section that names it."""

    owner: str
    folder: Path
    section: Section


def _client(
    name: str, entry: Section, folder: Path
) -> tuple[Client, Sequence[_Output]]:
    entry.only(
        "document",
        "overlays",
        "upstream",
        "operations",
        "allow_outside",
        "names",
        "targets",
    )
    document = entry.text("document", required=True) or ""
    overlays = entry.texts("overlays")
    upstream = entry.text("upstream")
    if upstream is not None and not is_url(upstream):
        entry.report(
            "not-a-url", f"{quoted(upstream)} is no http or https URL", "upstream"
        )
    targets: list[Target] = []
    outputs: list[_Output] = []
    if languages := entry.section("targets", required=True):
        languages.only("python", "rust")
        if not languages.keys:
            entry.report(
                "no-target", "there is no target here; add python or rust", "targets"
            )
        if python := languages.section("python", required="python" in languages.keys):
            target = _python(python, name, folder)
            targets.append(target)
            outputs.append(
                _Output(owner=f"{name}.python", folder=target.output, section=python)
            )
        if rust := languages.section("rust", required="rust" in languages.keys):
            crate = _rust(rust, name, folder)
            targets.append(crate)
            outputs.append(
                _Output(owner=f"{name}.rust", folder=crate.output, section=rust)
            )
    pins, vendor_names = _names(entry)
    client = Client(
        name=name,
        folder=folder,
        document=Url(address=document) if is_url(document) else folder / document,
        overlays=tuple(folder / overlay for overlay in overlays),
        upstream=upstream,
        operations=entry.texts("operations"),
        allow_outside=entry.flag("allow_outside"),
        pins=pins,
        vendor_names=vendor_names,
        targets=tuple(targets),
    )
    return client, outputs


def _names(entry: Section) -> tuple[tuple[Pin, ...], bool]:
    """What the user calls things, and whether the vendor's extensions do."""
    if entry.says("names", "vendor"):
        return (), True
    names = entry.section("names")
    if names is None:
        return (), False
    names.only("vendor", *PIN_KINDS)
    return tuple(_pins(names)), names.flag("vendor")


def _pins(names: Section) -> Iterator[Pin]:
    for kind in PIN_KINDS:
        section = names.section(kind)
        for key in section.keys if section else ():
            if section and (name := section.text(key, required=True)):
                location, excerpt = section.located(key)
                yield Pin(
                    kind=kind, key=key, name=name, location=location, excerpt=excerpt
                )


def _python(entry: Section, name: str, folder: Path) -> PythonTarget:
    entry.only("package", "distribution", "version", "flavour", "output")
    package = entry.text("package", required=True)
    if package and (problem := package_problem(package)):
        entry.report(
            "package-name",
            f"{quoted(package)} is no package name: {problem}",
            "package",
        )
    distribution = entry.text("distribution")
    if distribution and not _DISTRIBUTION.fullmatch(distribution):
        entry.report(
            "distribution-name",
            f"{quoted(distribution)} is no distribution name (PEP 508): ASCII letters and"
            " digits, with '.', '_' and '-' between them",
            "distribution",
        )
    version = entry.text("version") or DEFAULT_VERSION
    if not _VERSION.fullmatch(version):
        entry.report(
            "version",
            f"{quoted(version)} is no version (PEP 440); write it like 1.0.0 or 2.1rc1",
            "version",
        )
    flavour = entry.text("flavour") or Flavour.SYNC
    if flavour not in tuple(Flavour):
        entry.report(
            "flavour",
            f"{quoted(flavour)} is no flavour; it is sync or async",
            "flavour",
        )
        flavour = Flavour.SYNC
    return PythonTarget(
        package=package or name,
        distribution=distribution or default_distribution(package or name),
        version=version,
        flavour=Flavour(flavour),
        output=folder / (entry.text("output") or f"generated/{name}"),
    )


def _rust(entry: Section, name: str, folder: Path) -> RustTarget:
    entry.only("crate", "version", "output")
    crate = entry.text("crate", required=True)
    if crate and (problem := crate_problem(crate)):
        entry.report(
            "crate-name", f"{quoted(crate)} is no name of a crate: {problem}", "crate"
        )
    version = entry.text("version") or DEFAULT_VERSION
    if not _SEMANTIC_VERSION.fullmatch(version):
        entry.report(
            "version",
            f"{quoted(version)} is no version (Semantic Versioning); write it like 1.0.0",
            "version",
        )
    return RustTarget(
        crate=crate or name,
        version=version,
        output=folder / (entry.text("output") or f"generated/{name}-rust"),
    )


def _check_outputs(outputs: Sequence[_Output], folder: Path) -> None:
    """Report outputs that hold the project's folder, or one another."""
    home = Path(os.path.realpath(folder))
    taken: list[tuple[str, Path]] = []
    for output in outputs:
        place = Path(os.path.realpath(output.folder))
        if home.is_relative_to(place):
            output.section.report(
                "output-holds-project",
                f"the output {output.folder} holds the project itself; name a folder below"
                " or beside it",
                "output",
            )
        for owner, other in taken:
            if place.is_relative_to(other) or other.is_relative_to(place):
                output.section.report(
                    "outputs-overlap",
                    f"the outputs of {output.owner} and {owner} overlap in"
                    f" {output.folder}; give each its own folder",
                    "output",
                )
        taken.append((output.owner, place))
