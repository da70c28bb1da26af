"""TLS to an API inside TLS to its proxy, over aiohttp, which takes one context for both."""

from __future__ import annotations

import ssl


class TunnelContext(ssl.SSLContext):
    """The context of the connections to a proxy, and that of those through it.

    They are told apart by the name of the host: what is reached through a proxy must have
    another one.
    """

    through: ssl.SSLContext
    proxy: ssl.SSLContext
    proxy_host: str

    def wrap_bio(
        self,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        server_side: bool = False,
        server_hostname: str | bytes | None = None,
        session: ssl.SSLSession | None = None,
    ) -> ssl.SSLObject:
        """The TLS of one connection, which asyncio drives."""
        chosen = self.proxy if server_hostname == self.proxy_host else self.through
        return chosen.wrap_bio(
            incoming, outgoing, server_side, server_hostname, session
        )


def tunnel(
    through: ssl.SSLContext, proxy: ssl.SSLContext, proxy_host: str
) -> TunnelContext:
    """The two contexts as one."""
    made = TunnelContext(ssl.PROTOCOL_TLS_CLIENT)
    made.through, made.proxy, made.proxy_host = through, proxy, proxy_host
    return made
