"""Packages of the documents of `tests/cases`, written and called in both flavours."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chatwright.project import Flavour
from tests import building

CASES = Path(__file__).parents[1] / "cases"


def write(
    case: str, folder: Path, package: str, flavour: Flavour = Flavour.SYNC
) -> None:
    """Writes the package of a case into a folder."""
    target = building.package(package, flavour=flavour)
    building.write(building.built(CASES / case / "document.yaml", target), folder)


def called(
    package: str, flavour: str, url: str, api: str, call: Callable[[Any], Any]
) -> Any:
    """What a call of a method gives: `call` takes the API object, of a synchronous package."""
    top = importlib.import_module(package)
    if flavour == "sync":
        with top.ApiClient(top.Configuration(host=url)) as client:
            return call(getattr(top, api)(client))
    aio = importlib.import_module(f"{package}.aio")

    async def main() -> Any:
        async with aio.ApiClient(top.Configuration(host=url)) as client:
            return await call(getattr(aio, api)(client))

    return asyncio.run(main())
