"""The runtime as it stands in a generated package: `sample` with the verbatim files, in a folder
of its own."""

from __future__ import annotations

import importlib
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parents[2] / "templates" / "python"
NAME = "sampleclient"


def assemble(folder: Path) -> Path:
    """Writes the package into `folder`."""
    package = folder / NAME
    ignored = shutil.ignore_patterns("__pycache__", "*.j2")
    shutil.copytree(Path(__file__).parent / "sample", package, ignore=ignored)
    shutil.copytree(TEMPLATES / "_runtime", package / "_runtime", ignore=ignored)
    for module in TEMPLATES.glob("*.py"):
        shutil.copy(module, package)
    (package / "py.typed").touch()
    return package


_folder = tempfile.TemporaryDirectory(prefix="runtime-tests-")
assemble(Path(_folder.name))
sys.path.insert(0, _folder.name)


def load(module: str) -> Any:
    """A module of the package."""
    return importlib.import_module(f"{NAME}.{module}")
