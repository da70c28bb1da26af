"""Calls of paths that no operation describes, made as with OpenAPI Generator's clients."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.conftest import Connect, Serve
from tests.runtime.package import load
from tests.runtime.server import answering, response

exceptions = load("exceptions")
Message = load("models").Message

MESSAGE = {"role": "user", "content": "hi"}


def test_a_call(serve: Serve, connect: Connect) -> None:
    server = serve(answering(response(json.dumps([MESSAGE]).encode())))
    caller = connect(server, access_token="sk-1")
    client = caller.client
    sent = client.param_serialize(
        method="POST",
        resource_path="/rooms/{room}/messages",
        path_params={"room": "a/b"},
        query_params=[("limit", 2), ("tag", "x"), ("tag", "y"), ("all", True)],
        header_params={
            "Accept": client.select_header_accept(["text/plain", "application/json"]),
            "Content-Type": client.select_header_content_type(["application/json"]),
            "X-Trace": 7,
        },
        body=Message(**MESSAGE),
        auth_settings=["HeaderKey", "Bearer"],
    )
    answer = caller.request(*sent, _request_timeout=5)
    read = client.response_deserialize(
        response_data=answer,
        response_types_map={"200": "List[Message]", "4XX": "Trouble"},
    )
    assert read.data == [Message(**MESSAGE)]
    assert (read.status_code, read.raw_data) == (200, answer.data)
    (received,) = server.requests
    assert received.method == "POST"
    assert received.target == ("/rooms/a%2Fb/messages?limit=2&tag=x&tag=y&all=true")
    assert json.loads(received.body) == MESSAGE
    headers = received.headers
    assert headers["authorization"] == "Bearer sk-1"
    assert headers["accept"] == headers["content-type"] == "application/json"
    assert (headers["x-trace"], headers["user-agent"]) == ("7", "sample/1.0.0/python")


def test_files(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    server = serve(answering(response()))
    caller = connect(server)
    path = tmp_path / "a.txt"
    path.write_bytes(b"A")
    sent = caller.client.param_serialize(
        "POST",
        "/files",
        header_params={"Content-Type": "multipart/form-data"},
        post_params=[("purpose", "test")],
        files={"file": [str(path), ("b.png", b"B")]},
    )
    caller.request(*sent)
    body = server.requests[0].body.decode()
    assert 'name="purpose"\r\n\r\ntest\r\n' in body
    assert 'filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nA\r\n' in body
    assert 'filename="b.png"\r\nContent-Type: image/png\r\n\r\nB\r\n' in body


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (None, "a=1&a=2"),
        ("multi", "a=1&a=2"),
        ("csv", "a=1,2"),
        ("ssv", "a=1%202"),
        ("pipes", "a=1%7C2"),
    ],
)
def test_lists(connect: Connect, form: str | None, expected: str) -> None:
    client = connect(None, host="https://h").client
    _, url, *_ = client.param_serialize(
        "GET",
        "/x",
        query_params={"a": [1, 2], "b": {"c": None}},
        collection_formats={} if form is None else {"a": form},
    )
    assert url == f"https://h/x?{expected}&b=%7B%22c%22%3Anull%7D"


def test_another_host_and_other_credentials(connect: Connect) -> None:
    client = connect(None, host="https://h", access_token="sk-1").client
    _, url, headers, body, fields = client.param_serialize(
        "GET",
        "/x",
        auth_settings=["Bearer"],
        _host="https://other/v2",
        _request_auth={"type": "api_key", "in": "query", "key": "k", "value": "v"},
    )
    assert url == "https://other/v2/x?k=v"
    assert "Authorization" not in headers
    assert (body, fields) == (None, [])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"path_params": {"id": ".."}}, "cannot be segments"),
        ({"path_params": {"id": ""}}, "cannot be empty"),
        (
            {"query_params": {"a": [1]}, "collection_formats": {"a": "tsv"}},
            "'tsv' is no format of a collection: multi, csv, ssv, pipes are",
        ),
        ({"header_params": {"X": "a\r\nb"}}, "control characters"),
        ({"auth_settings": ["Bearer"]}, "a credential that is a function"),
    ],
)
def test_what_cannot_be_sent(
    connect: Connect, given: dict[str, Any], message: str
) -> None:
    client = connect(None, host="https://h", access_token=lambda: "sk-1").client
    with pytest.raises(exceptions.ApiValueError, match=message):
        client.param_serialize("GET", "/x/{id}", **{"path_params": {"id": 1}, **given})


@pytest.mark.parametrize(
    ("text", "named", "content_type", "expected"),
    [
        ('{"role": "user"}', "Message", "application/json", Message(role="user")),
        ('{"role": "user"}', Message, "application/json", Message(role="user")),
        ("[1, 2]", "List[int]", "application/json; charset=latin-1", [1, 2]),
        ('{"a": [1]}', "Dict[str, List[int]]", None, {"a": [1]}),
        ('{"a": null}', "Dict[str, Optional[int]]", None, {"a": None}),
        ('{"a": 1}', "object", "application/vnd.x+json", {"a": 1}),
        ("plain", "str", "text/plain", "plain"),
        ("plain", "str", None, "plain"),
        ('"é"', "str", None, "é"),
        ('"2020-01-02"', "date", None, datetime.date(2020, 1, 2)),
        ('"2020-01-02"', datetime.date, None, datetime.date(2020, 1, 2)),
        ("", "Message", "application/json", None),
    ],
)
def test_texts(
    connect: Connect, text: str, named: Any, content_type: str | None, expected: Any
) -> None:
    client = connect(None, host="https://h").client
    assert client.deserialize(text, named, content_type) == expected


def test_a_text_that_does_not_fit(connect: Connect) -> None:
    client = connect(None, host="https://h", response_validation="strict").client
    with pytest.raises(exceptions.ResponseDecodeError, match="role: Field required"):
        client.deserialize("{}", "Message", "application/json")
    with pytest.raises(exceptions.ApiTypeError, match="is no type of an answer"):
        client.deserialize("{}", "List[", "application/json")
    with pytest.raises(NameError, match="Mesage"):
        client.deserialize("{}", "Mesage", "application/json")


def test_an_error(serve: Serve, connect: Connect) -> None:
    said = b'{"error": {"message": "No such key: sk-1"}}'
    server = serve(answering(response(said, status="404 Not Found")))
    caller = connect(server, access_token="sk-1")
    answer = caller.request("GET", f"{server.url}/x")
    with pytest.raises(exceptions.NotFoundException) as caught:
        caller.client.response_deserialize(answer, {"default": "Trouble"})
    assert type(caught.value.data).__name__ == "Trouble"
    assert str(caught.value) == "call_api: 404 Not Found: No such key: ***"


def test_bytes_and_nothing(serve: Serve, connect: Connect) -> None:
    server = serve(answering(response(b"\0")))
    caller = connect(server)
    answer = caller.request("GET", f"{server.url}/x")
    read = caller.client.response_deserialize
    assert read(answer, {"200": "bytearray"}).data == bytearray(b"\0")
    assert read(answer, {"200": "file"}).data == b"\0"
    assert read(answer, {"200": None}).data is None
    assert read(answer).data is None


def test_an_answer_that_has_not_been_read(connect: Connect, serve: Serve) -> None:
    server = serve(answering(response(b"{}")))
    caller = connect(server)
    answer = caller.request("GET", f"{server.url}/x")
    answer.data = None
    with pytest.raises(exceptions.ApiValueError, match="call its read"):
        caller.client.response_deserialize(answer, {})
