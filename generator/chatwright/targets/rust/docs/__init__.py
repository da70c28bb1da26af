"""The markdown documents of a crate: those of OpenAPI Generator's `rust` generator."""

from __future__ import annotations

from chatwright.ir.api import (
    Api,
)
from chatwright.ir.walk import table
from chatwright.targets.markdown import (
    markdown_block,
    markdown_line,
    markdown_raw_cell,
)
from chatwright.targets.operations import (
    base_path,
)
from chatwright.targets.rust.docs.api_docs import OperationView, operation_view
from chatwright.targets.rust.docs.model_docs import model_document
from chatwright.targets.rust.names import Names
from chatwright.targets.rust.programs import programs
from chatwright.targets.rust.settings import CrateSettings
from chatwright.targets.rust.types import Types
from chatwright.targets.templates import render


def files(api: Api, names: Names, settings: CrateSettings) -> dict[str, str]:
    """Every document, by its path below the crate's folder."""
    types = Types(table(api), names)
    base = markdown_raw_cell(base_path(api.servers))
    written: dict[str, str] = {}
    listed: list[tuple[str, OperationView]] = []
    for name in dict.fromkeys(names.apis.values()):
        views = [
            operation_view(each, api, types)
            for each in api.operations
            if names.apis[each.tag] == name
        ]
        listed += [(name.title, view) for view in views]
        written[f"docs/{name.title}.md"] = render(
            "rust/docs/api.md.j2",
            title=name.title,
            base_path=base,
            operations=sorted(views, key=lambda view: view.function),
        )
    for named in api.schemas:
        if named.name in names.models:
            type_ = names.models[named.name].type
            written[f"docs/{type_}.md"] = model_document(named, type_, types)
    shown = programs(api, names, types, settings)
    if shown is not None:
        written["docs/guide-calls.md"] = render(
            "rust/docs/guide-calls.md.j2",
            programs=shown,
            own_servers=any(each.servers for each in api.operations),
        )
    written["README.md"] = render(
        "rust/README.md.j2",
        crate=settings.crate,
        library=settings.library,
        version=settings.version,
        title=markdown_line(api.title),
        about=markdown_block(api.description or ""),
        api_version=markdown_line(api.version),
        base_path=base,
        operations=listed,
        models=sorted(model.type for model in names.models.values()),
        programs=shown,
    )
    return written
