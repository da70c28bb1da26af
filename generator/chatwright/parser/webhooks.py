"""What a vendor sends by itself: the payloads of webhooks and callbacks, and their union."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from chatwright.document import Document
from chatwright.ir.api import RequestBody, Webhook
from chatwright.ir.schema import NO_ANNOTATIONS, RefSchema, Schema, UnionSchema
from chatwright.ir.walk import webhook_schemas
from chatwright.parser.compose import without_null
from chatwright.parser.discriminators import Discriminators
from chatwright.parser.findings import Findings
from chatwright.parser.paths import WEBHOOKS, PathOperation
from chatwright.parser.schemas import Schemas

EVENT = "WebhookEvent"
"""What the union of all payloads is called."""


def payload(
    body: RequestBody | None, operation: PathOperation, findings: Findings
) -> Schema | None:
    """The JSON that a webhook sends, None where it sends none."""
    if body is None or not body.content:
        return None
    for media_type in body.content:
        if is_json(media_type.name) and media_type.schema is not None:
            return media_type.schema
    findings.warn(
        "unsupported-webhook",
        f"a webhook that sends {body.content[0].name} is not read; JSON that has a schema is"
        " supported",
        operation.pointer / "requestBody",
    )
    return None


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON, or may be (RFC 6839, section 3.1)."""
    essence = media_type.partition(";")[0].strip().lower()
    return essence in ("application/json", "*/*") or essence.endswith("+json")


def bare(schema: Schema) -> Schema:
    """The schema of the payloads that are not null, without the annotations of its place."""
    return replace(without_null(schema), annotations=NO_ANNOTATIONS)


def event(
    webhooks: Sequence[Webhook],
    schemas: Schemas,
    discriminators: Discriminators,
    document: Document,
) -> Schema | None:
    """What any of the webhooks sends: the union of their payloads, which gets a name; or the
    one payload that there is."""
    variants = tuple(dict.fromkeys(map(bare, webhook_schemas(webhooks))))
    if len(variants) < 2:
        return variants[0] if variants else None
    names = [each.name for each in variants if isinstance(each, RefSchema)]
    union = UnionSchema(
        keyword="oneOf",
        variants=variants,
        discriminator=(
            discriminators.of_any(names) if len(names) == len(variants) else None
        ),
    )
    field = next(field for field in WEBHOOKS if field in document.root)
    return schemas.added(EVENT, union, document.pointer / field)
