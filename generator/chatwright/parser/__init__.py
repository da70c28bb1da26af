"""Reads a document into the intermediate schema: what the vendor's API means."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from chatwright.diagnostics import Diagnostic
from chatwright.document import Document
from chatwright.ir.api import Api, Source, Tag
from chatwright.parser import reading
from chatwright.parser.accumulation import accumulated
from chatwright.parser.chat import chat_profile
from chatwright.parser.discriminators import Discriminators
from chatwright.parser.endless import ended
from chatwright.parser.findings import Findings
from chatwright.parser.names import assign
from chatwright.parser.openness import opened
from chatwright.parser.operations import operations
from chatwright.parser.schemas import Schemas
from chatwright.parser.security import schemes
from chatwright.parser.select import select
from chatwright.parser.servers import servers
from chatwright.parser.shapes import Shapes
from chatwright.parser.vendor import Vendor
from chatwright.parser.webhooks import event

__all__ = ["Parsed", "parse", "select"]


class Parsed(Struct, frozen=True, kw_only=True):
    """An Api, what was found wrong on the way, and how many operations were left out for it."""

    api: Api
    diagnostics: tuple[Diagnostic, ...]
    left_out: int


def parse(document: Document, *, vendor_names: bool = False) -> Parsed:
    """The Api of a whole document. A part that cannot be read costs itself, and is reported.

    References that lead nowhere are warnings as long as one operation is whole. Those that leave
    the document's folder or this machine are errors. With `vendor_names` the names that extensions
    give for other generators count.
    """
    findings = Findings(document)
    shapes = Shapes(document, findings)
    names = assign(document, shapes)
    discriminators = Discriminators(document, shapes, names, findings)
    vendor = Vendor(heard=vendor_names)
    schemas = Schemas(shapes, names, discriminators, findings, vendor)
    security = schemes(document, findings)
    found = operations(document, schemas, security, findings, vendor)
    sent = event(found.webhooks, schemas, discriminators, document)
    named = ended(
        schemas.named(),
        findings,
        lambda each: (
            names.first[each.name].pointer
            if each.name in names.first
            else document.pointer.at(each.pointer)
        ),
    )
    if (found.operations or found.left_out) and not found.whole:
        findings.fail()
    root = document.root
    info = reading.mapping(root, "info")
    api = Api(
        title=reading.text(info, "title") or "",
        version=reading.text(info, "version") or "",
        source=Source(file=document.file, openapi=document.version),
        description=reading.text(info, "description"),
        terms_of_service=reading.text(info, "termsOfService"),
        contact=reading.text(reading.mapping(info, "contact"), "email"),
        servers=servers(root),
        security_schemes=security,
        tags=tuple(tags(document)),
        schemas=named,
        operations=found.operations,
        webhooks=found.webhooks,
        event=sent,
    )
    api = opened(api)
    return Parsed(
        api=accumulated(replace(api, chat=chat_profile(api))),
        diagnostics=findings.diagnostics,
        left_out=found.left_out,
    )


def tags(document: Document) -> list[Tag]:
    """The tags that the document describes."""
    return [
        Tag(name=name, description=reading.text(tag, "description"))
        for tag in reading.sequence(document.root, "tags")
        if isinstance(tag, dict) and (name := reading.text(tag, "name"))
    ]
