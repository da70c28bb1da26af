"""The TLS settings of a configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .configuration import BaseConfiguration

if TYPE_CHECKING:
    import ssl


def is_customised(configuration: BaseConfiguration) -> bool:
    """Whether connections need other TLS settings than the HTTP libraries' own."""
    return bool(
        configuration.ssl_ca_cert
        or configuration.ca_cert_data
        or configuration.cert_file
        or not configuration.verify_ssl
        or configuration.assert_hostname is False
    )


def context(configuration: BaseConfiguration) -> ssl.SSLContext:
    """What connections to the API are made with; made once, as loading certificates is slow."""
    import ssl

    made = ssl.create_default_context(
        cafile=configuration.ssl_ca_cert, cadata=configuration.ca_cert_data
    )
    if configuration.cert_file:
        made.load_cert_chain(configuration.cert_file, configuration.key_file)
    if not configuration.verify_ssl:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    elif configuration.assert_hostname is False:
        made.check_hostname = False
    return made
