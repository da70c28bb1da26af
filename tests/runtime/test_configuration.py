"""Settings of a client."""

from __future__ import annotations

import copy
import inspect
import logging
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.package import NAME, load

configuration = load("_runtime.configuration")
Configuration = load("configuration").Configuration

SYNC = """
    host api_key api_key_prefix username password access_token server_index server_variables
    server_operation_index server_operation_variables ignore_operation_servers ssl_ca_cert
    retries ca_cert_data cert_file key_file verify_ssl assert_hostname tls_server_name
    connection_pool_maxsize proxy no_proxy proxy_headers proxy_ssl_context
    safe_chars_for_path_param client_side_validation socket_options datetime_format date_format
"""
ASYNC = """
    host api_key api_key_prefix username password access_token server_index server_variables
    server_operation_index server_operation_variables ignore_operation_servers ssl_ca_cert
    retries trace_configs tcp_connector_limit_per_host client_session_kwargs ca_cert_data
    cert_file key_file verify_ssl assert_hostname tls_server_name connection_pool_maxsize proxy
    proxy_headers safe_chars_for_path_param client_side_validation socket_options
    datetime_format date_format
"""


CHECKED: dict[str, Any] = {
    "access_token": object,
    "api_key": {"a": "k"},
    "api_key_prefix": {"a": "Token"},
    "hooks": [load("configuration").Hooks()],
    "password": "p",
    "response_validation": "strict",
    "retries": load("configuration").RetryPolicy(),
    "timeout": (1, 2),
    "username": "u",
}
"""Values of the settings whose type is checked."""


@pytest.fixture(autouse=True)
def defaults(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    yield
    Configuration.set_default(None)


@pytest.mark.parametrize(("name", "expected"), [("Sync", SYNC), ("Async", ASYNC)])
def test_arguments_are_in_the_order_of_openapi_generator(
    name: str, expected: str
) -> None:
    own = getattr(configuration, f"{name}Configuration")
    parameters = list(inspect.signature(own).parameters.values())
    positional = [
        each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD
    ]
    assert positional == expected.split()
    assert {each.name for each in parameters} == set(
        inspect.signature(configuration.BaseConfiguration).parameters
    )


@pytest.mark.parametrize("name", ["SyncConfiguration", "AsyncConfiguration"])
def test_every_argument_is_kept(name: str) -> None:
    own = getattr(configuration, name)
    parameters = inspect.signature(own).parameters
    for parameter in set(parameters) - {"debug", "host", "server_index"}:
        value = CHECKED.get(parameter, object())
        assert getattr(own(**{parameter: value}), parameter) is value, parameter


def test_defaults() -> None:
    made = Configuration()
    assert made.host == "https://api.example.com"
    assert made.response_validation == "lenient"
    assert made.max_event_size == 16 * 1024 * 1024
    assert (made.proxy, made.no_proxy, made.retries, made.timeout) == (
        None,
        None,
        None,
        None,
    )
    assert made.verify_ssl is True
    assert made.connection_pool_maxsize % 5 == 0
    assert configuration.AsyncConfiguration().connection_pool_maxsize == 100


def test_hosts() -> None:
    made = Configuration(host="http://h")
    assert (made.host, made.server_index) == ("http://h", None)
    made = Configuration(server_index=1, server_variables={"region": "us"})
    assert made.host == "https://us.example.com/v1"
    made.host = "http://other"
    assert (made.host, made.server_index) == ("http://other", None)


def test_host_settings() -> None:
    made = Configuration()
    assert made.get_host_settings() == [
        {"url": "https://api.example.com", "description": "No description provided"},
        {
            "url": "https://{region}.example.com/{base}",
            "description": "Regional",
            "variables": {
                "region": {
                    "description": "No description provided",
                    "default_value": "eu",
                    "enum_values": ["eu", "us"],
                },
                "base": {
                    "description": "No description provided",
                    "default_value": "v1",
                    "enum_values": [],
                },
            },
        },
    ]
    own: Any = [{"url": "http://{a}", "description": "", "variables": {}}]
    assert made.get_host_from_settings(0, servers=own) == "http://{a}"
    assert made.get_host_from_settings(None) == "https://api.example.com"


@pytest.mark.parametrize(
    ("index", "variables", "match"),
    [
        (
            2,
            {},
            "Invalid index 2 when selecting the host settings. Must be less than 2",
        ),
        (1, {"region": "mars"}, "`region` in the host URL has invalid value mars"),
    ],
)
def test_host_settings_that_there_are_not(
    index: int, variables: dict[str, str], match: str
) -> None:
    with pytest.raises(ValueError, match=match):
        Configuration().get_host_from_settings(index, variables)


def test_auth_settings() -> None:
    made = Configuration(
        api_key={"HeaderKey": "k", "QueryKey": "q"},
        api_key_prefix={"HeaderKey": "Token"},
        username="u",
        password="p",
        access_token="t",
    )
    bearer = {
        "type": "bearer",
        "in": "header",
        "key": "Authorization",
        "value": "Bearer t",
    }
    assert made.auth_settings() == {
        "HeaderKey": {
            "type": "api_key",
            "in": "header",
            "key": "x-api-key",
            "value": "Token k",
        },
        "QueryKey": {"type": "api_key", "in": "query", "key": "key", "value": "q"},
        "Basic": {
            "type": "basic",
            "in": "header",
            "key": "Authorization",
            "value": "Basic dTpw",
        },
        "Bearer": {**bearer, "format": "JWT"},
        "OAuth": bearer,
        "Elsewhere": bearer,
        "OpenId": bearer,
    }
    assert Configuration().auth_settings() == {}


def test_keys_have_aliases_and_can_be_refreshed() -> None:
    made = Configuration(api_key={"old": "k"})
    assert made.get_api_key_with_prefix("new", alias="old") == "k"
    assert made.get_api_key_with_prefix("new") is None

    def refresh(given: Any) -> None:
        given.api_key["new"] = "fresh"

    made.refresh_api_key_hook = refresh
    assert made.get_api_key_with_prefix("new") == "fresh"


def test_the_default_is_shared() -> None:
    assert Configuration.get_default() is Configuration.get_default()
    assert Configuration.get_default_copy() is Configuration.get_default()
    own = Configuration(host="http://own")
    Configuration.set_default(own)
    assert Configuration.get_default() is own
    assert load("api_client").ApiClient().configuration is own


def test_copies_are_deep(tmp_path: Path) -> None:
    import ssl

    made: Any = Configuration(
        api_key={"a": "b"}, proxy_ssl_context=ssl.create_default_context(), debug=False
    )
    made.logger_file = str(tmp_path / "log")
    copied: Any = copy.deepcopy(made)
    copied.api_key["a"] = "c"
    assert made.api_key == {"a": "b"}
    assert copied.__dict__.keys() == made.__dict__.keys()
    assert copied.logger_file == made.logger_file
    made.logger_file = None


def test_logging(tmp_path: Path) -> None:
    path = tmp_path / "log"
    made = Configuration()
    made.logger_format = "%(message)s!"
    made.logger_file = str(path)
    made.debug = True
    logger = logging.getLogger(NAME)
    try:
        assert (logger.level, HTTPConnection.debuglevel) == (logging.DEBUG, 1)
        logger.debug("seen")
    finally:
        made.debug = False
        made.logger_file = None
    logger.error("not in the file")
    assert path.read_text() == "seen!\n"
    assert (logger.level, HTTPConnection.debuglevel) == (logging.WARNING, 0)
    assert logger.handlers == []


@pytest.mark.parametrize(
    ("environment", "host", "expected"),
    [
        ({"https_proxy": "http://p"}, "https://h", "http://p"),
        ({"HTTP_PROXY": "http://p"}, "https://h", None),
        ({"all_proxy": "http://a", "http_proxy": "http://p"}, "http://h", "http://p"),
        ({"all_proxy": "http://a"}, "http://h", "http://a"),
    ],
)
def test_proxies_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    host: str,
    expected: str | None,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("no_proxy", "x,y")
    assert Configuration(host=host).proxy == expected
    made = Configuration(host="ftp://h", no_proxy="z")
    made.host = host
    assert (made.proxy, made.no_proxy) == (expected, "z")
    made.proxy = "http://own"
    made.host = "http://other"
    assert made.proxy == "http://own"
    assert Configuration(host=host).no_proxy == "x,y"


@pytest.mark.parametrize(
    ("url", "no_proxy", "expected"),
    [
        ("http://h", None, False),
        ("http://h", "*", True),
        ("http://h", "h", True),
        ("http://a.h", "h", True),
        ("http://a.h", ".h", True),
        ("http://ah", "h", False),
        ("http://h:80", "h:80", True),
        ("http://h:81", "h:80", False),
        ("http://10.1.2.3", "10.0.0.0/8, x", True),
        ("http://11.1.2.3", "10.0.0.0/8", False),
        ("http://[::1]", "::1", True),
        ("nothing", "", True),
    ],
)
def test_hosts_without_the_proxy(
    url: str, no_proxy: str | None, expected: bool
) -> None:
    assert load("_runtime.proxy").bypassed(url, no_proxy) is expected


def test_the_debug_report() -> None:
    report = Configuration().to_debug_report()
    assert "Version of the API: 2.1\nSDK Package Version: 1.0.0" in report
