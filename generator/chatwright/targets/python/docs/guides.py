"""The guides: what a package's documents say beyond single operations and models."""

from __future__ import annotations

from dataclasses import dataclass

from chatwright.ir.api import Api
from chatwright.ir.walk import table
from chatwright.targets.markdown import markdown_code, markdown_literal_cell
from chatwright.targets.python.docs.notation import Notations
from chatwright.targets.python.docs.programs import Programs
from chatwright.targets.python.names import Names
from chatwright.targets.python.settings import PackageSettings
from chatwright.targets.templates import render


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamView:
    """One row of the table of streams."""

    class_name: str
    document: str
    method: str
    items: str


def files(
    api: Api, names: Names, settings: PackageSettings, programs: Programs
) -> dict[str, str]:
    """The guides by their path below the output folder."""
    if not names.streams:
        return {}
    return {streaming_path(names): _streaming(api, names, settings, programs)}


def streaming_path(names: Names) -> str:
    """Where the guide to streams stands: the documents of APIs and models come first."""
    taken = {name.document.casefold() for name in names.models.values()}
    taken |= {name.document.casefold() for name in names.apis.values()}
    return "docs/guide-streaming.md" if "streaming" in taken else "docs/Streaming.md"


def _streaming(
    api: Api, names: Names, settings: PackageSettings, programs: Programs
) -> str:
    notations = Notations(
        schemas=table(api), names=names, any_object="Dict[str, object]"
    )
    streams: list[StreamView] = []
    selectors: dict[str, None] = {}
    for operation in api.operations:
        if operation.event_stream is None:
            continue
        if operation.event_stream.selector is not None:
            selectors[operation.event_stream.selector] = None
        items = notations.of(operation.event_stream.item_schema)
        text = f"**{markdown_literal_cell(items.text)}**"
        if items.model is not None:
            text = f"[{text}]({names.models[items.model].document}.md)"
        name = names.apis[operation.tag]
        streams.append(
            StreamView(
                class_name=name.class_name,
                document=name.document,
                method=names.streams[operation.id],
                items=text,
            )
        )
    return render(
        "python/docs/streaming.md.j2",
        package=settings.package,
        streams=streams,
        selector=" or ".join(map(markdown_code, selectors)) or None,
        sync=programs.stream("sync"),
        asynchronous=programs.stream("async"),
    )
