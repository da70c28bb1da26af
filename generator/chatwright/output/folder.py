"""An output folder: read it, compare it with a generated tree, or make it hold one."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from chatwright.diagnostics import error
from chatwright.output import ignore, lock, manifest, paths, transaction
from chatwright.output.disk import Disk
from chatwright.output.manifest import Counts, Manifest
from chatwright.output.plan import Kept, Plan, Write, owned_paths, plan
from chatwright.output.snapshot import Snapshot
from chatwright.output.tree import Absent, File, Folder, Other, holds, look


class Written(Struct, frozen=True, kw_only=True):
    """What a generation changed: relative paths, and how many files were right already."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    kept: tuple[Kept, ...] = ()


class Comparison(Struct, frozen=True, kw_only=True):
    """How a folder differs from a generated tree; `diff` is empty when it does not."""

    paths: tuple[str, ...]
    kept: tuple[Kept, ...]
    diff: str


def recover(folder: Path, *, disk: Disk | None = None) -> None:
    """Complete or undo what an interrupted generation left behind.

    Raises InputError when that cannot be done.
    """
    with _explained(folder, "output-not-writable", "write"):
        if isinstance(look(transaction.staging_of(_real(folder))), Absent):
            return
    with _writing(folder, disk or Disk(), lambda: None):
        pass


def current(folder: Path, inputs: Mapping[str, str], *, root: Path) -> Manifest | None:
    """The folder's manifest when the folder is what these inputs make, otherwise None.

    Reads and hashes, and nothing else. An input that the manifest has and `inputs` has not is a
    file that was referenced last time, relative to `root`.
    """
    try:
        return _current(_real(folder), inputs, root)
    except (OSError, manifest.ManifestError):
        return None


def write(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    inputs: Mapping[str, str],
    counts: Counts,
    force: bool = False,
    disk: Disk | None = None,
    on_wait: Callable[[], None] = lambda: None,
) -> Written:
    """Make a folder hold these files and a manifest of them, all at once or not at all.

    Files edited by hand, and files in the way that are not ours, are kept and reported unless
    `force`. `on_wait` is called when another process writes to the same folder.

    Raises InputError for a folder that is a file, is not ours, or cannot be written, and for
    paths that a generated tree may not hold.
    """
    _check(files)
    disk = disk or Disk()
    with _writing(folder, disk, on_wait) as real:
        snapshot = Snapshot(real, journal=None)
        _check_ours(snapshot, folder, real, force=force)
        changes = _plan(
            snapshot, folder, files, inputs=inputs, counts=counts, force=force
        )
        writes = [*changes.writes, *_manifest_write(snapshot, changes)]
        if snapshot.is_new:
            transaction.create(disk, real, writes)
        elif writes or changes.removals:
            transaction.run(disk, real, changes.removals, writes)
    return Written(
        written=tuple(file.path for file in changes.writes),
        removed=tuple(file.path for file in changes.removals),
        unchanged=changes.unchanged,
        kept=changes.kept,
    )


def compare(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    inputs: Mapping[str, str],
    counts: Counts,
) -> Comparison:
    """What `write` with `force` would change, as a unified diff; writes nothing at all.

    A folder in the middle of an interrupted generation is seen as completed or undone.

    Raises InputError as `write` does.
    """
    _check(files)
    real = _real(folder)
    staging = transaction.staging_of(real)
    with (
        _explained(folder, "output-not-readable", "read"),
        lock.hold(transaction.lock_of(staging)),
    ):
        snapshot = Snapshot(real, journal=transaction.journal_of(staging))
        _check_ours(snapshot, folder, real, force=False)
        changes = _plan(
            snapshot, folder, files, inputs=inputs, counts=counts, force=True
        )
        writes = [*changes.writes, *_manifest_write(snapshot, changes)]
        wanted: dict[str, bytes | None] = {file.path: file.content for file in writes}
        wanted.update((file.path, None) for file in changes.removals)
        return Comparison(
            paths=tuple(sorted(wanted)),
            kept=changes.kept,
            diff=_diff(folder, snapshot, wanted),
        )


def _current(folder: Path, inputs: Mapping[str, str], root: Path) -> Manifest | None:
    if not isinstance(look(transaction.staging_of(folder)), Absent):
        return None
    recorded = manifest.load((folder / manifest.FILE_NAME).read_bytes())
    expected = dict(recorded.inputs)
    rules = ignore.read(folder)
    rules_digest = None if rules is None else manifest.digest(rules)
    if not expected or expected.pop(ignore.FILE_NAME, None) != rules_digest:
        return None
    for label in expected.keys() - inputs.keys():
        if manifest.digest((root / label).read_bytes()) != expected.pop(label):
            return None
    if expected != inputs:
        return None
    whole = all(
        holds(folder / path, digest) for path, digest in recorded.outputs.items()
    )
    return recorded if whole else None


def _plan(
    snapshot: Snapshot,
    folder: Path,
    files: Mapping[str, bytes],
    *,
    inputs: Mapping[str, str],
    counts: Counts,
    force: bool,
) -> Plan:
    before = _recorded(snapshot, folder, force=force)
    rules = ignore.read(folder)
    if rules is not None:
        inputs = {**inputs, ignore.FILE_NAME: manifest.digest(rules)}
    return plan(
        wanted=files,
        inputs=inputs,
        counts=counts,
        before=before,
        found={
            path: snapshot.entry(path, deep=path in files)
            for path in owned_paths(files, before)
        },
        ignored=_rules(folder, rules),
        force=force,
    )


def _recorded(snapshot: Snapshot, folder: Path, *, force: bool) -> Manifest | None:
    content = snapshot.content(manifest.FILE_NAME)
    if content is None:
        return None
    try:
        return manifest.load(content)
    except manifest.ManifestError as problem:
        if force:
            return None
        raise error(
            "manifest-unreadable",
            f"{folder / manifest.FILE_NAME} cannot be read: {problem}; restore it, or"
            " go on without it with --force",
        ) from None


def _manifest_write(snapshot: Snapshot, changes: Plan) -> list[Write]:
    content = manifest.dump(changes.manifest)
    old = snapshot.content(manifest.FILE_NAME)
    if content == old:
        return []
    return [
        Write(
            path=manifest.FILE_NAME,
            content=content,
            new=manifest.digest(content),
            old=None if old is None else manifest.digest(old),
        )
    ]


def _rules(folder: Path, content: bytes | None) -> Callable[[str], bool]:
    try:
        return ignore.rules((content or b"").decode())
    except ValueError as problem:
        raise error(
            "ignore-unreadable",
            f"{folder / ignore.FILE_NAME} cannot be read: {problem}",
        ) from None


def _diff(folder: Path, snapshot: Snapshot, wanted: Mapping[str, bytes | None]) -> str:
    from chatwright.output import difference

    name = Path(os.path.relpath(folder)).as_posix()
    prefix = "" if name == "." else f"{name}/"
    return "".join(
        difference.unified(prefix + path, snapshot.content(path), wanted[path])
        for path in sorted(wanted)
    )


def _check(files: Mapping[str, bytes]) -> None:
    for path in files:
        problem = paths.problem(path)
        if path in (manifest.FILE_NAME, ignore.FILE_NAME):
            problem = "is a file that chatwright keeps for itself"
        if problem:
            raise error("output-path", f"cannot write {path!a}: the path {problem}")
    if pair := paths.collision(files):
        raise error(
            "output-collision",
            f"cannot write both {pair[0]!a} and {pair[1]!a}: they are the same file, or"
            " one is a folder of the other, where case does not count",
        )


def _check_ours(snapshot: Snapshot, folder: Path, real: Path, *, force: bool) -> None:
    match look(real):
        case Absent():
            return
        case Folder():
            match snapshot.entry(manifest.FILE_NAME):
                case File():
                    return
                case Folder() | Other():
                    raise error(
                        "manifest-unreadable",
                        f"{folder / manifest.FILE_NAME} is not a regular file; move it away",
                    )
                case Absent():
                    pass
            if force:
                return
            if others := sorted(set(os.listdir(real)) - {ignore.FILE_NAME}):
                raise error(
                    "output-not-ours",
                    f"the output folder {folder} was not written by chatwright: it holds"
                    f" {others[0]!a} and no {manifest.FILE_NAME}; name another folder,"
                    " empty this one, or write into it with --force",
                )
        case File() | Other():
            raise error(
                "output-not-a-folder", f"the output folder {folder} is not a folder"
            )


def _real(folder: Path) -> Path:
    return Path(os.path.realpath(folder))


@contextmanager
def _explained(folder: Path, code: str, doing: str) -> Generator[None]:
    try:
        yield
    except OSError as problem:
        where = f": {problem.filename}" if problem.filename else ""
        raise error(
            code,
            f"cannot {doing} the output folder {folder}: {problem.strerror}{where}",
        ) from None
    except transaction.JournalError as problem:
        staging = transaction.staging_of(_real(folder))
        raise error(
            "journal-unreadable",
            f"{staging} was not left by this version of chatwright: {problem}; remove it",
        ) from None


@contextmanager
def _writing(folder: Path, disk: Disk, on_wait: Callable[[], None]) -> Generator[Path]:
    """Hold the folder's lock, with what an interrupted generation left settled."""
    real = _real(folder)
    staging = transaction.staging_of(real)
    with _explained(folder, "output-not-writable", "write"):
        if isinstance(look(staging), File | Other):
            raise transaction.JournalError("it is not a folder")
        with lock.hold(
            transaction.lock_of(staging),
            create=lambda: disk.make_folder(staging),
            on_wait=on_wait,
        ):
            try:
                transaction.settle(disk, real)
                yield real
            finally:
                disk.remove_file(transaction.lock_of(staging))
                disk.remove_folder(staging)
