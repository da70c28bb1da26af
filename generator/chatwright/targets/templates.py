"""Templates: text with holes, filled with ready strings.

They stand in the repository's `templates/` folder, or inside the wheel; a template that ends in
`.j2` is rendered, any other file there is copied byte for byte.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


@functools.cache
def folder() -> Path:
    """The folder of the templates."""
    packaged = Path(__file__).resolve().parents[1] / "_templates"
    return (
        packaged
        if packaged.is_dir()
        else Path(__file__).resolve().parents[3] / "templates"
    )


def render(template: str, /, **view: object) -> str:
    """The template (`python/models/model.py.j2`) with its holes filled."""
    return _environment().get_template(template).render(**view)


def verbatim(name: str) -> dict[str, str]:
    """The files of a folder (or one file) that are copied as they are, by their path below it."""
    root = folder() / name
    if root.is_file():
        return {root.name: root.read_text(encoding="utf-8")}
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.suffix != ".j2" and "__pycache__" not in path.parts
    }


@functools.cache
def digest() -> str:
    """The SHA-256 of every template's path and bytes."""
    total = hashlib.sha256()
    for path in sorted(folder().rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            total.update(path.relative_to(folder()).as_posix().encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


@functools.cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(folder()),
        autoescape=False,
        auto_reload=False,
        keep_trailing_newline=True,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    # No template asks for a function, and each rendering would copy them all.
    environment.globals.clear()
    return environment
