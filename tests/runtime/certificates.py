"""Certificates of an authority that nobody knows, made anew for each run of the tests."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path

import trustme


class Authority:
    """A certificate authority. `file` holds its certificate, in PEM format."""

    def __init__(self, folder: Path) -> None:
        self._authority = trustme.CA()
        self._folder = folder
        self.file = str(folder / "authority.pem")
        self.pem = self._authority.cert_pem.bytes()
        Path(self.file).write_bytes(self.pem)

    def server(
        self, *names: str, expired: bool = False, asks: bool = False
    ) -> ssl.SSLContext:
        """The TLS of a server of these names; `asks` for one that asks who its clients are."""
        end = datetime(2001, 1, 1, tzinfo=UTC) if expired else None
        certificate = self._authority.issue_cert(
            *(names or ("127.0.0.1", "localhost")),
            not_before=datetime(2000, 1, 1, tzinfo=UTC),
            not_after=end,
        )
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # A context's own type is only known with pyOpenSSL, which the authority also serves.
        with certificate.private_key_and_cert_chain_pem.tempfile() as chain:
            made.load_cert_chain(chain)
        if asks:
            made.verify_mode = ssl.CERT_REQUIRED
            made.load_verify_locations(self.file)
        return made

    def trusting(self) -> ssl.SSLContext:
        """The TLS of a client that knows this authority, and no other."""
        return ssl.create_default_context(cafile=self.file)

    def client(self) -> tuple[str, str]:
        """The files of a client's certificate and of its key."""
        issued = self._authority.issue_cert("client@example.com")
        certificate, key = self._folder / "client.pem", self._folder / "client.key"
        certificate.write_bytes(
            b"".join(each.bytes() for each in issued.cert_chain_pems)
        )
        key.write_bytes(issued.private_key_pem.bytes())
        return str(certificate), str(key)
