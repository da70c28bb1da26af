"""What has to change for a folder to hold a generated tree: a pure function of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec import Struct

from chatwright.output.manifest import Counts, Manifest, digest
from chatwright.output.tree import Absent, Entry, File, Folder, Other, parents


class Write(Struct, frozen=True, kw_only=True):
    """A file to write, with the digest of its content; `old` is that of what it replaces, None
    where there is nothing."""

    path: str
    content: bytes
    new: str
    old: str | None


class Removal(Struct, frozen=True, kw_only=True):
    """A file that is no longer produced; `old` is the digest of its bytes."""

    path: str
    old: str


class Reason(StrEnum):
    """Why a file is kept although the generated tree has other bytes there."""

    EDITED = "edited-by-hand"
    FOREIGN = "not-ours"
    BLOCKED = "in-the-way"


class Kept(Struct, frozen=True, kw_only=True):
    """A path left as it is, and why, in a sentence."""

    path: str
    reason: Reason
    message: str


class Plan(Struct, frozen=True, kw_only=True):
    """The changes, and the manifest that describes the folder after them."""

    writes: tuple[Write, ...]
    removals: tuple[Removal, ...]
    unchanged: int
    kept: tuple[Kept, ...]
    manifest: Manifest


def owned_paths(wanted: Mapping[str, bytes], before: Manifest | None) -> list[str]:
    """Every path that `plan` has to know the entry of: files, and the folders they go through."""
    files = wanted.keys() | (before.outputs.keys() if before else set[str]())
    folders = {folder for path in wanted for folder in parents(path)}
    return sorted(files | folders)


def plan(
    *,
    wanted: Mapping[str, bytes],
    inputs: Mapping[str, str],
    counts: Counts,
    before: Manifest | None,
    found: Mapping[str, Entry],
    ignored: Callable[[str], bool],
    force: bool,
) -> Plan:
    """The changes that turn what was found into what is wanted.

    `before` is the manifest that the folder has, `found` the entries of `owned_paths`. Ignored
    paths are neither written nor removed, and no longer ours. A file whose digest is not the
    manifest's is kept unless `force`; what is no regular file is always kept.
    """
    owned: Mapping[str, str] = before.outputs if before else {}
    outputs: dict[str, str] = {}
    kept: list[Kept] = []

    removals: dict[str, Removal] = {}
    for path in sorted(owned.keys() - wanted.keys()):
        entry = found[path]
        if ignored(path) or not isinstance(entry, File):
            continue
        if entry.digest == owned[path] or force:
            removals[path] = Removal(path=path, old=entry.digest)
        else:
            outputs[path] = owned[path]
            kept.append(
                Kept(
                    path=path,
                    reason=Reason.EDITED,
                    message="is no longer generated, and was edited by hand",
                )
            )

    writes: list[Write] = []
    unchanged = 0
    for path in sorted(wanted):
        if ignored(path):
            continue
        content = wanted[path]
        new = digest(content)
        if obstacle := _obstacle(path, found, removals):
            kept.append(Kept(path=path, reason=Reason.BLOCKED, message=obstacle))
            continue
        match found[path]:
            case File(digest=old) if old == new:
                unchanged += 1
            case File(digest=old) if old == owned.get(path) or force:
                writes.append(Write(path=path, content=content, new=new, old=old))
            case File() if path in owned:
                # The old digest stays: whoever restores the old file is no longer in the way.
                outputs[path] = owned[path]
                kept.append(
                    Kept(path=path, reason=Reason.EDITED, message="was edited by hand")
                )
                continue
            case File():
                kept.append(
                    Kept(
                        path=path,
                        reason=Reason.FOREIGN,
                        message="is in the way and was not written by chatwright",
                    )
                )
                continue
            case Absent() | Folder() | Other():
                writes.append(Write(path=path, content=content, new=new, old=None))
        outputs[path] = new

    return Plan(
        writes=tuple(writes),
        removals=tuple(removals.values()),
        unchanged=unchanged,
        kept=tuple(sorted(kept, key=lambda file: file.path)),
        # A tree with kept files is not what its inputs make, so it names none of them: the next
        # generation will look again.
        manifest=Manifest(
            inputs={} if kept else inputs, outputs=outputs, counts=counts
        ),
    )


def _obstacle(
    path: str, found: Mapping[str, Entry], removals: Mapping[str, Removal]
) -> str | None:
    for folder in parents(path):
        match found[folder]:
            case Other(kind=kind):
                return f"goes through {folder!r}, which is a {kind}"
            case File() if folder not in removals:
                return f"goes through {folder!r}, which is a file"
            case Absent() | Folder() | File():
                pass
    match found[path]:
        case Other(kind=kind):
            return f"is a {kind}"
        case Folder(contents=contents) if not contents or contents - removals.keys():
            return "is a folder with files that were not written by chatwright"
        case Absent() | Folder() | File():
            return None
