"""The whole compiler on one screen: a client's document becomes the files of one target.

    bytes -> Document -> Api (the IR) -> names -> views -> templates -> {path: text}

Everything here is a function of the files that it reads; nothing is written.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from chatwright import __version__, published
from chatwright.diagnostics import Diagnostic, InputError, Severity
from chatwright.project import (
    Client,
    Language,
    PythonTarget,
    RustTarget,
    Target,
    Url,
    fingerprint,
)

if TYPE_CHECKING:
    from chatwright.document import Document, Pointer
    from chatwright.ir.api import Api
    from chatwright.targets.python.names import Finding
    from chatwright.targets.python.names import Names as PackageNames
    from chatwright.targets.rust.names import Names as CrateNames


class Build(Struct, frozen=True, kw_only=True):
    """What one target of one client becomes: files by relative POSIX path, and what was said.

    `inputs` holds the SHA-256 of everything that the files depend on, by its label. `renamed` says
    which names differ from those that were published before: it tells of a step, not of the tree.
    """

    files: Mapping[str, bytes]
    diagnostics: tuple[Diagnostic, ...]
    operations_written: int
    operations_left_out: int
    inputs: Mapping[str, str]
    renamed: tuple[Diagnostic, ...] = ()


def build(client: Client, target: Target, before: bytes = b"") -> Build:
    """The files of one target; raises InputError where the document cannot be used.

    `before` is what the folder holds under `published.FILE_NAME`.
    """
    from chatwright.document import schema_check
    from chatwright.parser import parse, select

    document = _load(client)
    checked = schema_check(document)
    parsed = parse(document, vendor_names=client.vendor_names)
    found = (*document.diagnostics, *checked, *parsed.diagnostics)
    _refuse(found)
    api = select(parsed.api, client.operations) if client.operations else parsed.api
    written = _written(client, target, parsed.api, api)
    listing = written.names
    return Build(
        files={
            **{path: text.encode() for path, text in written.files.items()},
            **(
                {published.FILE_NAME: published.dump(listing)}
                if listing is not None
                else {}
            ),
        },
        diagnostics=(
            *found,
            *(
                document.diagnostic(
                    each.severity,
                    each.code,
                    each.message,
                    document.pointer.at(each.pointer),
                )
                for each in written.findings
            ),
        ),
        operations_written=len(api.operations),
        operations_left_out=parsed.left_out,
        inputs={
            **{_label(client, each.path): each.sha256 for each in document.inputs()},
            **_program(client, target),
        },
        renamed=(
            tuple(_renamed(document, client, before, listing))
            if listing is not None
            else ()
        ),
    )


class _Written(Struct, frozen=True, kw_only=True):
    """What a target makes of an Api: files, what there is to say of names, and the names that
    it publishes, where it keeps account of them."""

    files: Mapping[str, str]
    findings: Sequence[Finding] = ()
    names: published.Published | None = None


def _written(client: Client, target: Target, whole: Api, api: Api) -> _Written:
    match target:
        case PythonTarget():
            from chatwright.targets.python import names, package
            from chatwright.targets.python.settings import PackageSettings

            decided = _package_names(client, target.package, whole, api)
            settings = PackageSettings(
                package=target.package,
                distribution=target.distribution,
                version=target.version,
                flavour=target.flavour.value,
            )
            return _Written(
                files=package.files(api, decided, settings),
                findings=decided.diagnostics,
                names=names.published(api, decided),
            )
        case RustTarget():
            from chatwright.targets.rust import crate
            from chatwright.targets.rust.settings import CrateSettings

            crate_names = _crate_names(client, whole, api)
            crate_settings = CrateSettings(crate=target.crate, version=target.version)
            return _Written(files=crate.files(api, crate_names, crate_settings))


def _package_names(client: Client, package: str, whole: Api, api: Api) -> PackageNames:
    """The names of a package of `api`, which may be a part of the `whole` that is pinned; raises
    InputError where pins cannot be."""
    from chatwright.targets.python import names

    pinned, unknown = names.pin(whole, package, client.pins)
    decided = names.decide(api, package, pinned)
    _refuse((*unknown, *decided.refused))
    return decided


def _crate_names(client: Client, whole: Api, api: Api) -> CrateNames:
    """The names of a crate, as `_package_names` those of a package."""
    from chatwright.targets.rust import names, pinned

    pins, unknown = pinned.pin(whole, client.pins)
    decided = names.decide(api, pins)
    _refuse((*unknown, *pinned.refused(api, decided, pins)))
    return decided


def _renamed(
    document: Document, client: Client, before: bytes, now: published.Published
) -> Iterator[Diagnostic]:
    """What became of names that were published before, where nobody asked for it."""
    pinned = {(pin.kind, pin.key) for pin in client.pins}
    for change in published.changes(published.load(before), now):
        if (change.kind, change.key) in pinned:
            continue
        pointer = document.pointer.at(change.address)
        if change.now is None:
            yield _removed(
                document, change.before, pointer, part=bool(client.operations)
            )
            continue
        key = json.dumps(change.key, ensure_ascii=False)
        old = change.before.rpartition(".")[2]
        yield document.diagnostic(
            Severity.WARNING,
            "renamed",
            f"`{change.before}` is now `{change.now}`; `names: {{{change.kind}: {{{key}: {old}}}}}`"
            " brings it back",
            pointer,
        )


def _removed(
    document: Document, name: str, pointer: Pointer, *, part: bool
) -> Diagnostic:
    """What became of a name that nothing has now; a `part` of a document leaves names out."""
    try:
        document.get(pointer)
    except LookupError:
        return document.diagnostic(
            Severity.NOTE, "removed", f"`{name}` is gone", pointer
        )
    return document.diagnostic(
        Severity.NOTE if part else Severity.WARNING,
        "removed",
        f"`{name}` is gone: what was called so is still there, and is read in place, left out, or"
        " equal to a schema that gives its name to both",
        pointer,
    )


def inputs_of(client: Client, target: Target) -> Mapping[str, str]:
    """The digests of what is known to matter before anything is read.

    What was referenced last time stands in the manifest.
    """
    return _program(client, target)


def inspect(client: Client) -> str:
    """The Api of a client's document, as a summary for people."""
    from chatwright.summary import summarise

    return summarise(_api(client))


def inspect_names(client: Client, language: Language) -> str:
    """What can be pinned of a client's document, as the `names` of a project file, spelt for a
    target."""
    whole = _api(client)
    match language:
        case "python":
            from chatwright.targets.python import names

            packages = (
                x.package for x in client.targets if isinstance(x, PythonTarget)
            )
            package = next(packages, "client")
            return names.listed(whole, _package_names(client, package, whole, whole))
        case "rust":
            from chatwright.targets.rust import pinned

            return pinned.listed(whole, _crate_names(client, whole, whole))


def inspect_json(client: Client) -> str:
    """The Api of a client's document, whole, as JSON."""
    from chatwright.ir.walk import to_json

    return json.dumps(to_json(_api(client)), indent=2, ensure_ascii=False)


def lint(client: Client) -> tuple[Diagnostic, ...]:
    """All that is found wrong with a client's document, by the validator and by our parser."""
    from chatwright.document import full_check
    from chatwright.parser import parse

    document = _load(client)
    own = (
        *document.diagnostics,
        *parse(document, vendor_names=client.vendor_names).diagnostics,
    )
    places = {each.location for each in own}
    # What both find is said once, in our words.
    return (
        *own,
        *(each for each in full_check(document) if each.location not in places),
    )


def _api(client: Client) -> Api:
    from chatwright.parser import parse, select

    document = _load(client)
    parsed = parse(document, vendor_names=client.vendor_names)
    _refuse((*document.diagnostics, *parsed.diagnostics))
    return select(parsed.api, client.operations) if client.operations else parsed.api


def _refuse(found: tuple[Diagnostic, ...]) -> None:
    """Raises InputError where one of the findings is an error."""
    if any(each.severity is Severity.ERROR for each in found):
        raise InputError(*found)


def _load(client: Client) -> Document:
    from chatwright.document import load

    path = client.document
    return load(
        path.address if isinstance(path, Url) else _shown(path),
        overlays=[_shown(overlay) for overlay in client.overlays],
        allow_outside=client.allow_outside,
    )


def _shown(path: Path) -> str:
    """A path as a person in the current folder would write it."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") and path.is_absolute() else relative


def _label(client: Client, file: str) -> str:
    if file.startswith(("http://", "https://")):
        return file
    return Path(
        os.path.relpath(Path(file).absolute(), client.folder.absolute())
    ).as_posix()


def _program(client: Client, target: Target) -> Mapping[str, str]:
    from chatwright.targets import templates

    return {
        "chatwright": hashlib.sha256(__version__.encode()).hexdigest(),
        "config entry": fingerprint(client, target),
        "templates": templates.digest(),
    }
