"""What a client needs to know of OAuth 2.0 schemes beyond their text."""

from __future__ import annotations

from chatwright.ir.api import Api, OAuth2Flow, OAuth2Scheme


def client_credentials(scheme: OAuth2Scheme) -> OAuth2Flow | None:
    """The flow by which a program gets tokens with nothing but credentials of its own (RFC 6749,
    section 4.4), None where there is none."""
    flows = (flow for flow in scheme.flows if flow.kind == "clientCredentials")
    return next(flows, None)


def has_token_url(scheme: OAuth2Scheme) -> bool:
    """Whether a program can find out for itself where to get tokens."""
    flow = client_credentials(scheme)
    return flow is not None and flow.token_url is not None


def needed_scopes(api: Api, scheme: OAuth2Scheme) -> tuple[str, ...]:
    """The scopes that the operations of an Api ask of a scheme, in the order in which they do."""
    found = dict.fromkeys(
        scope
        for operation in api.operations
        for requirement in operation.security
        for name, scopes in requirement.schemes
        if name == scheme.name
        for scope in scopes
    )
    return tuple(found)
