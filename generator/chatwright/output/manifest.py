"""The manifest: what a generated tree was made from, and what it is made of.

It stands in the output folder and is committed with it, so it is the same on every machine:
sorted, without times or absolute paths.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import cast

from msgspec import Struct

from chatwright.output import paths

FILE_NAME = ".chatwright-manifest.json"
FORMAT = 1

_DIGEST = re.compile(r"[0-9a-f]{64}")


class ManifestError(Exception):
    """Bytes that are no manifest of a format that this version reads."""


class Counts(Struct, frozen=True, kw_only=True):
    """What a generation found: operations written and left out, and warnings."""

    operations_written: int = 0
    operations_left_out: int = 0
    warnings: int = 0


class Manifest(Struct, frozen=True, kw_only=True):
    """SHA-256 digests (hexadecimal) of every input by label and every output by path."""

    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    counts: Counts = Counts()


def digest(content: bytes) -> str:
    """The SHA-256 of some bytes, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def dump(manifest: Manifest) -> bytes:
    """The manifest as it stands in the output folder."""
    value = {
        "format": FORMAT,
        "operations": {
            "written": manifest.counts.operations_written,
            "left_out": manifest.counts.operations_left_out,
        },
        "warnings": manifest.counts.warnings,
        "inputs": dict(sorted(manifest.inputs.items())),
        "outputs": dict(sorted(manifest.outputs.items())),
    }
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def load(content: bytes) -> Manifest:
    """The manifest of some bytes.

    Raises ManifestError where they are none: no JSON (a merge conflict, say), another format,
    or paths that a generated tree may not hold.
    """
    try:
        value: object = json.loads(content)
    except (ValueError, RecursionError):
        raise ManifestError("it is not JSON") from None
    top = _mapping(value)
    if top.get("format") != FORMAT:
        raise ManifestError(f"its format is {top.get('format')!r}, not {FORMAT}")
    operations = _mapping(top.get("operations"))
    outputs = _digests(top.get("outputs"))
    for path in outputs:
        if problem := paths.problem(path):
            raise ManifestError(f"its output {path!r} {problem}")
    return Manifest(
        inputs=_digests(top.get("inputs")),
        outputs=outputs,
        counts=Counts(
            operations_written=_count(operations.get("written")),
            operations_left_out=_count(operations.get("left_out")),
            warnings=_count(top.get("warnings")),
        ),
    )


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ManifestError("a mapping is missing")
    return cast(dict[str, object], value)


def _digests(value: object) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, text in _mapping(value).items():
        if not (isinstance(text, str) and _DIGEST.fullmatch(text)):
            raise ManifestError(f"{name!r} has no SHA-256 digest")
        found[name] = text
    return found


def _count(value: object) -> int:
    if not isinstance(value, int):
        raise ManifestError("a count is missing")
    return value
