"""The TLS settings of a configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..exceptions import ApiValueError
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
    """What connections to the API are made with; made once, as loading certificates is slow.

    Raises ApiValueError for certificates that cannot be loaded.
    """
    import ssl

    try:
        made = ssl.create_default_context(
            cafile=configuration.ssl_ca_cert, cadata=configuration.ca_cert_data
        )
    except (OSError, ValueError) as error:
        raise ApiValueError(
            "ssl_ca_cert and ca_cert_data take certificates of authorities that can be loaded:"
            f" {_said(error)}"
        ) from error
    if configuration.cert_file:
        try:
            made.load_cert_chain(configuration.cert_file, configuration.key_file)
        except OSError as error:
            raise ApiValueError(
                "cert_file and key_file take a certificate and its key, in PEM format:"
                f" {_said(error)}"
            ) from error
    if not configuration.verify_ssl:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    elif configuration.assert_hostname is False:
        made.check_hostname = False
    return made


def _said(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
