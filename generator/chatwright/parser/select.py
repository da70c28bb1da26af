"""A part of an Api: some operations, and the schemas that they need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

from msgspec.structs import replace

from chatwright.diagnostics import error
from chatwright.ir import walk
from chatwright.ir.api import Api, Operation

CHAT = "chat"
WEBHOOKS = "webhooks"


def select(api: Api, operations: Sequence[str]) -> Api:
    """The Api with the selected operations, and nothing renamed.

    A selector is a tag, an operationId, a path, a pattern for one of these with `*`, `?` or
    `[...]`, or `chat`, the chat completion, or `webhooks`, all of them; none at all selects
    everything.

    Raises InputError `unknown-operation` for one that selects nothing.
    """
    if not operations:
        return api
    chosen = [_matching(api, selector) for selector in operations]
    kept = tuple(
        operation
        for operation in api.operations
        if any(operation in group for group in chosen)
    )
    webhooks = api.webhooks if WEBHOOKS in operations else ()
    event = api.event if webhooks else None
    roots = [*walk.webhook_schemas(webhooks), *([event] if event else ())]
    for operation in kept:
        roots += walk.request_schemas(operation)
        roots += walk.response_schemas(operation)
        roots += walk.webhook_schemas(operation.callbacks)
    needed = walk.reachable(
        (name for schema in roots for name in walk.references(schema)), walk.table(api)
    )
    tags = {operation.tag for operation in kept}
    ids = {operation.id for operation in kept}
    return replace(
        api,
        operations=kept,
        schemas=tuple(named for named in api.schemas if named.name in needed),
        tags=tuple(tag for tag in api.tags if tag.name in tags),
        webhooks=webhooks,
        event=event,
        chat=api.chat if api.chat and api.chat.operation in ids else None,
    )


def _matching(api: Api, selector: str) -> tuple[Operation, ...]:
    found = tuple(
        operation
        for operation in api.operations
        if any(
            fnmatchcase(word, selector) or word == selector
            for word in _words(operation)
        )
    )
    if found or (selector == WEBHOOKS and api.webhooks):
        return found
    if selector == CHAT:
        if api.chat is not None:
            profile = api.chat
            return tuple(
                each for each in api.operations if each.id == profile.operation
            )
        raise error("no-chat-completion", "no operation looks like a chat completion")
    known = dict.fromkeys(word for each in api.operations for word in _words(each))
    near = get_close_matches(selector, known, n=3, cutoff=0.4) or list(known)[:3]
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise error(
        "unknown-operation", f"no operation, tag or path is called `{selector}`{hint}"
    )


def _words(operation: Operation) -> Iterator[str]:
    yield operation.tag
    yield operation.id
    if operation.repeats is not None:
        yield operation.repeats
    yield operation.path
