"""The module of a package that reads what the vendor sends by itself."""

from __future__ import annotations

from chatwright.ir.api import Api
from chatwright.ir.walk import table
from chatwright.targets.python import layout
from chatwright.targets.python.calls import expression
from chatwright.targets.python.imports import Imports, first_line
from chatwright.targets.python.layout import Parameter, call, subscript, union
from chatwright.targets.python.names import Names
from chatwright.targets.python.settings import PackageSettings
from chatwright.targets.python.types import Types
from chatwright.targets.templates import render

TOLERANCE = 300
"""How many seconds old a signature may be, unless the caller says otherwise."""


def files(
    api: Api, names: Names, settings: PackageSettings, notice: str
) -> dict[str, str]:
    """The module by its path below the package, where the API has webhooks."""
    if api.event is None:
        return {}
    types = Types(table(api), names)
    event = types.of(api.event, constrained=False)
    imports = Imports(types, dots=".")
    imports.add(event)
    imports.add_names("Headers", "Sequence", "parse", "verify")
    given = [
        Parameter("payload", union("bytes", "str")),
        Parameter("headers", types.spell("Headers")),
        Parameter("*"),
        Parameter(
            "secret",
            union("str", subscript(types.spell("Sequence"), "str"), "None"),
            "None",
        ),
        Parameter("tolerance", "float", str(TOLERANCE)),
    ]
    read = call("parse", "__name__", expression(event), "payload")
    text = render(
        "python/webhooks.py.j2",
        notice=notice,
        imports=imports.statements(),
        models=imports.models(package=".models"),
        unwrap=layout.signature("unwrap", given, event.doc),
        event=first_line(layout.assignment("event", event.doc, read, indent=4)),
        verify_signature=layout.signature("verify_signature", given, "None"),
        variable=settings.variable("WEBHOOK_SECRET"),
    )
    return {"webhooks.py": text}
