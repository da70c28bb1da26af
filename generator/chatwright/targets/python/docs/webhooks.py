"""The guide to what a vendor sends by itself: webhooks and callbacks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from chatwright.ir.api import Api, Operation, Webhook
from chatwright.ir.schema import (
    ObjectSchema,
    RefSchema,
    Schema,
    SchemaTable,
    UnionSchema,
)
from chatwright.ir.walk import table
from chatwright.targets.markdown import markdown_cell, markdown_literal_cell
from chatwright.targets.python.docs.notation import Notations
from chatwright.targets.python.layout import from_import
from chatwright.targets.python.names import Names
from chatwright.targets.python.settings import PackageSettings
from chatwright.targets.templates import render

_SHOWN = 2
_EXCEPTION = "InvalidWebhookSignatureError"


class WebhookView(Struct, frozen=True, kw_only=True):
    """One row of the table of webhooks, or of that of callbacks, which belong to a method."""

    name: str
    payload: str
    summary: str
    method: str
    document: str


def has_webhooks(api: Api) -> bool:
    """Whether the vendor sends anything that is typed."""
    return api.event is not None or any(
        callback.payload is not None
        for operation in api.operations
        for callback in operation.callbacks
    )


def guide(api: Api, names: Names, settings: PackageSettings, errors: str) -> str:
    """The text of the guide; `errors` is where that to errors stands."""
    schemas = table(api)
    notations = Notations(schemas=schemas, names=names, any_object="Dict[str, object]")
    called = [
        (operation, callback)
        for operation in api.operations
        for callback in operation.callbacks
        if callback.payload is not None
    ]
    kinds = _models(_kinds(api.event, schemas), schemas, names)
    sent = _models((callback.payload for _, callback in called), schemas, names)
    return render(
        "python/docs/webhooks.md.j2",
        webhooks=[
            _view(webhook, webhook.payload, notations)
            for webhook in api.webhooks
            if webhook.payload is not None
        ],
        callbacks=[
            _view(callback, callback.payload, notations, operation)
            for operation, callback in called
            if callback.payload is not None
        ],
        package=settings.package,
        imports=_imports(settings, kinds),
        kinds=kinds,
        callback=sent[0] if sent else None,
        variable=settings.variable("WEBHOOK_SECRET"),
        errors=errors,
    )


def _imports(settings: PackageSettings, kinds: Sequence[str]) -> Sequence[str]:
    package = settings.package
    return [
        from_import(package, ("webhooks",)),
        from_import(f"{package}.exceptions", (_EXCEPTION,)),
        *([from_import(f"{package}.models", sorted(kinds))] if kinds else []),
    ]


def _view(
    webhook: Webhook,
    payload: Schema,
    notations: Notations,
    operation: Operation | None = None,
) -> WebhookView:
    found = notations.of(payload)
    names = notations.names
    text = f"**{markdown_literal_cell(found.text)}**"
    if found.model is not None:
        text = f"[{text}]({names.models[found.model].document}.md)"
    return WebhookView(
        name=markdown_literal_cell(webhook.name),
        payload=text,
        summary=markdown_cell((webhook.summary or webhook.description or "").strip()),
        method=names.methods[operation.id] if operation else "",
        document=names.apis[operation.tag].document if operation else "",
    )


def _kinds(event: Schema | None, schemas: SchemaTable) -> Sequence[Schema]:
    """The kinds of events, none where there is but one."""
    target = schemas[event.name].schema if isinstance(event, RefSchema) else event
    return target.variants if isinstance(target, UnionSchema) else ()


def _models(
    candidates: Iterable[Schema | None], schemas: SchemaTable, names: Names
) -> Sequence[str]:
    """The classes of the first models of objects among some schemas."""
    found = (
        names.models[schema.name].class_name
        for schema in candidates
        if isinstance(schema, RefSchema)
        and isinstance(schemas[schema.name].schema, ObjectSchema)
    )
    others = (name for name in found if name != _EXCEPTION)
    return tuple(dict.fromkeys(others))[:_SHOWN]
