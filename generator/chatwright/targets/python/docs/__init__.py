"""The documents of a Python package: one for each API and model, the README, and guides."""

from __future__ import annotations

from chatwright.ir.api import Api
from chatwright.targets.python.docs import api_docs, guides, model_docs, readme
from chatwright.targets.python.docs.programs import Programs
from chatwright.targets.python.names import Names
from chatwright.targets.python.settings import PackageSettings


def files(api: Api, names: Names, settings: PackageSettings) -> dict[str, str]:
    """The text of each document, by its path below the output folder."""
    programs = Programs(api, names, settings)
    return {
        **api_docs.files(api, names, settings),
        **model_docs.files(api, names, settings),
        **guides.files(api, names, settings, programs),
        **readme.files(api, names, settings, programs),
    }
