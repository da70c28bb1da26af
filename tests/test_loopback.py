"""The loopback server itself: it accepts what the documents allow, refuses the rest, and misbehaves
on command."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3

from tests.loopback import WEATHER_CALL, Answer, ChatPlan, LoopbackServer, Mode
from tests.loopback.document import Document
from tests.loopback.nodes import Json, Object, load, mapping, sequence

Loopback = Callable[[str | Path], LoopbackServer]

USER: Object = {"role": "user", "content": "Hi"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One vendor's chat call as its document wants it."""

    name: str
    path: str
    headers: tuple[tuple[str, str], ...]

    def post(
        self, server: LoopbackServer, body: Json, **headers: str
    ) -> urllib3.BaseHTTPResponse:
        """Sends the chat request without redirects or retries."""
        return urllib3.request(
            "POST",
            server.url + self.path,
            body=json.dumps(body),
            headers={
                "Content-Type": "application/json",
                "Accept": "application/json, text/event-stream",
                **dict(self.headers),
                **headers,
            },
            retries=False,
            timeout=10,
        )


BEARER = (("Authorization", "Bearer secret"),)
OPENAI = Vendor(name="openai", path="/chat/completions", headers=BEARER)
TACHYON = Vendor(
    name="tachyon",
    path="/v1/llms/chat/completions",
    headers=(*BEARER, ("x-operator-id", "tn_1")),
)
VENDORS = [
    Vendor(name="gabber", path="/v1/chat/completions", headers=(("x-api-key", "k"),)),
    TACHYON,
    OPENAI,
    Vendor(name="together", path="/chat/completions", headers=BEARER),
]
each_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)


def request_body(**fields: Json) -> Object:
    """The least chat request that every vendor accepts, and what is added."""
    return {"model": "m", "messages": [USER], **fields}


def chunks(data: bytes) -> list[Object]:
    """The JSON items of an event stream that ends in [DONE]."""
    lines = data.decode().split("\n\n")
    assert lines[-2:] == ["data: [DONE]", ""]
    return [mapping(json.loads(line.removeprefix("data: "))) for line in lines[:-2]]


def deltas(data: bytes) -> list[Object]:
    """The delta of each chunk's first choice."""
    choices = [sequence(chunk["choices"]) for chunk in chunks(data)]
    return [mapping(mapping(choice[0])["delta"]) for choice in choices if choice]


class TestAnswersFromTheDocument:
    @each_vendor
    @pytest.mark.parametrize("mode", Mode)
    def test_json(self, loopback: Loopback, vendor: Vendor, mode: Mode) -> None:
        server = loopback(vendor.name)
        server.mode = mode
        response = vendor.post(server, request_body())
        assert response.status == 200
        assert response.headers["content-type"] == "application/json"
        assert response.json() == server.last.answer
        assert "choices" in mapping(server.last.answer)

    @each_vendor
    @pytest.mark.parametrize("mode", Mode)
    def test_stream(self, loopback: Loopback, vendor: Vendor, mode: Mode) -> None:
        server = loopback(vendor.name)
        server.mode = mode
        response = vendor.post(server, request_body(stream=True))
        assert response.status == 200
        assert response.headers["content-type"] == "text/event-stream"
        assert chunks(response.data) == server.last.answer
        said = "".join(
            str(delta.get("content") or "") for delta in deltas(response.data)
        )
        assert said == "Hello, wörld 🎈"

    @each_vendor
    def test_stream_of_a_tool_call(self, loopback: Loopback, vendor: Vendor) -> None:
        server = loopback(vendor.name)
        server.plan = ChatPlan(tool_call=WEATHER_CALL)
        response = vendor.post(server, request_body(stream=True))
        calls = [
            mapping(call)
            for x in deltas(response.data)
            for call in sequence(x.get("tool_calls"))
        ]
        if vendor is TACHYON:
            assert calls == [{"tool_id": "call_1", "tool_name": "get_weather"}]
            return
        functions = [mapping(call["function"]) for call in calls]
        arguments = "".join(
            str(function.get("arguments", "")) for function in functions
        )
        assert json.loads(arguments) == {"city": "Tōkyō"}

    def test_usage_comes_last_when_asked_for(self, loopback: Loopback) -> None:
        body = request_body(stream=True, stream_options={"include_usage": True})
        last = chunks(OPENAI.post(loopback("openai"), body).data)[-1]
        assert last["choices"] == []
        assert "total_tokens" in mapping(last["usage"])

    def test_minimal_leaves_out_what_is_not_required(self, loopback: Loopback) -> None:
        server = loopback("openai")
        full = OPENAI.post(server, request_body()).json()
        server.mode = Mode.MINIMAL
        minimal = OPENAI.post(server, request_body()).json()
        assert set(minimal) == {"id", "choices", "created", "model", "object"}
        assert set(minimal) < set(full)


class TestJudgement:
    def refused(
        self,
        server: LoopbackServer,
        response: urllib3.BaseHTTPResponse,
        status: int = 400,
    ) -> str:
        """The only violation's place, after which the server forgets it."""
        assert response.status == status
        (violation,) = server.violations
        server.violations.clear()
        return violation.where

    def test_credentials(self, loopback: Loopback) -> None:
        server = loopback("openai")
        response = OPENAI.post(server, request_body(), Authorization="")
        assert self.refused(server, response) == "security"

    @pytest.mark.parametrize("header", ["x-api-key", "Authorization"])
    def test_alternative_credentials(self, loopback: Loopback, header: str) -> None:
        gabber = Vendor(
            name="gabber",
            path="/v1/chat/completions",
            headers=((header, "Bearer secret"),),
        )
        assert gabber.post(loopback("gabber"), request_body()).status == 200

    def test_required_header(self, loopback: Loopback) -> None:
        server = loopback("tachyon")
        vendor = Vendor(name="tachyon", path=TACHYON.path, headers=BEARER)
        assert (
            self.refused(server, vendor.post(server, request_body()))
            == "header x-operator-id"
        )

    def test_path_parameter(self, loopback: Loopback) -> None:
        server = loopback("tachyon")
        vendor = Vendor(
            name="tachyon",
            path="/v1/llms/chatrooms/a%2Fb/chat/completions",
            headers=TACHYON.headers,
        )
        assert vendor.post(server, request_body()).status == 200
        assert server.last.path == "/v1/llms/chatrooms/a%2Fb/chat/completions"

    @pytest.mark.parametrize(
        "fields",
        [
            {"messages": []},
            {"messages": [{"role": "user"}]},
            {"messages": [{"role": "nobody", "content": "Hi"}]},
            {"temperature": 3},
            {"model": None},
            {"n": "1"},
        ],
        ids=str,
    )
    def test_body(self, loopback: Loopback, fields: Object) -> None:
        server = loopback("openai")
        assert (
            self.refused(server, OPENAI.post(server, request_body(**fields))) == "body"
        )

    def test_nullable_field(self, loopback: Loopback) -> None:
        body = request_body(temperature=None, n=None)
        assert OPENAI.post(loopback("openai"), body).status == 200

    def test_missing_body(self, loopback: Loopback) -> None:
        server = loopback("openai")
        response = urllib3.request(
            "POST", f"{server.url}/chat/completions", headers=dict(OPENAI.headers)
        )
        assert self.refused(server, response) == "body"

    def test_content_type(self, loopback: Loopback) -> None:
        server = loopback("openai")
        response = OPENAI.post(server, request_body(), **{"Content-Type": "text/plain"})
        assert self.refused(server, response) == "content-type"

    @pytest.mark.parametrize("value", [b'"n":NaN', b'"n":1,"n":2', b'"user":"\xff"'])
    def test_json(self, loopback: Loopback, value: bytes) -> None:
        server = loopback("openai")
        response = urllib3.request(
            "POST",
            f"{server.url}/chat/completions",
            body=b'{"model":"m","messages":[{"role":"user","content":"Hi"}],%b}'
            % value,
            headers={**dict(OPENAI.headers), "Content-Type": "application/json"},
        )
        assert self.refused(server, response) == "body"

    def test_accept(self, loopback: Loopback) -> None:
        server = loopback("openai")
        response = OPENAI.post(
            server, request_body(stream=True), Accept="application/json"
        )
        assert self.refused(server, response) == "header Accept"

    def test_query(self, loopback: Loopback) -> None:
        server = loopback("openai")
        vendor = Vendor(name="openai", path="/chat/completions?limit=3", headers=BEARER)
        assert (
            self.refused(server, vendor.post(server, request_body())) == "query limit"
        )

    @pytest.mark.parametrize(
        ("method", "path", "status", "where"),
        [
            ("POST", "/nowhere", 404, "path"),
            ("GET", "/chat/completions", 405, "method"),
        ],
    )
    def test_route(
        self, loopback: Loopback, method: str, path: str, status: int, where: str
    ) -> None:
        server = loopback("openai")
        response = urllib3.request(method, server.url + path)
        assert self.refused(server, response, status) == where

    def test_error_has_the_documents_shape(self, loopback: Loopback) -> None:
        server = loopback("together")
        vendor = Vendor(name="together", path="/chat/completions", headers=())
        response = vendor.post(server, request_body())
        assert response.status == 401
        assert set(response.json()["error"]) == {"message", "type", "param", "code"}
        assert response.json()["error"]["message"].startswith(
            "security: no credentials"
        )
        server.violations.clear()

    def test_not_http(self, loopback: Loopback) -> None:
        server = loopback("openai")
        with socket.create_connection(("127.0.0.1", int(server.origin[17:]))) as client:
            client.sendall(b"POST /\r\n\r\n")
            assert client.makefile("rb").readline() == b"HTTP/1.1 400 Bad Request\r\n"
        assert server.violations.pop().where == "HTTP"

    def test_verify_names_what_was_wrong(self, loopback: Loopback) -> None:
        server = loopback("openai")
        OPENAI.post(server, request_body(n=0))
        with pytest.raises(AssertionError, match=r"body: \$\['n'\]: 0 is less than"):
            server.verify()
        server.violations.clear()
        server.script(Answer())
        with pytest.raises(
            AssertionError, match="1 scripted answers were never asked for"
        ):
            server.verify()
        server.clear()


DOCUMENT = """
openapi: 3.1.0
info: {title: Small, version: 1.0.0}
servers: [{url: 'https://{region}.example.com/{base}', variables: {region: {default: eu},
  base: {default: v2}}}]
paths:
  /items/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}}
        - {name: tags, in: query, schema: {type: array, items: {enum: [a, b]}}}
        - {name: filter, in: query, style: deepObject,
           schema: {type: object, properties: {max: {type: number}}}}
        - {name: ids, in: query, style: pipeDelimited, explode: false,
           schema: {type: array, items: {type: integer}}}
        - {name: session, in: cookie, schema: {type: string, minLength: 3}}
      responses: {'200': {description: An item, headers: {x-left: {schema: {type: integer,
        const: 7}}}, content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}}
    delete: {responses: {'204': {description: Gone}}, parameters: [{name: id, in: path,
      required: true, schema: {type: string}}]}
  /form:
    post:
      requestBody:
        content:
          application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Form'}}
          multipart/form-data: {schema: {$ref: '#/components/schemas/Form'}}
      responses: {'200': {description: Fine, content: {text/plain: {schema: {type: string}}}}}
components:
  schemas:
    Item:
      type: object
      required: [id, child]
      properties:
        id: {type: string, format: uuid}
        child: {oneOf: [{$ref: '#/components/schemas/Item'}, {type: 'null'}]}
        created: {type: string, format: date-time}
        secret: {type: string, writeOnly: true}
    Form:
      type: object
      required: [name, age]
      properties: {name: {type: string}, age: {type: integer}, likes: {type: array, items: {type:
        boolean}}}
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A document with what the vendors' have not."""
    path = tmp_path_factory.mktemp("loopback") / "small.yaml"
    path.write_text(DOCUMENT, encoding="utf-8")
    return path


class TestOtherDocuments:
    def test_base_path_of_server_variables(
        self, loopback: Loopback, small: Path
    ) -> None:
        server = loopback(small)
        assert server.url == f"{server.origin}/v2"

    def test_recursive_answer_and_headers(
        self, loopback: Loopback, small: Path
    ) -> None:
        response = urllib3.request("GET", f"{loopback(small).url}/items/1")
        assert response.json() == {
            "id": "6f1b6c1e-2b7c-4d56-9d0f-3c2a1b0e4d5f",
            "child": None,
            "created": "2026-01-02T03:04:05Z",
        }
        assert response.headers["x-left"] == "7"

    def test_no_content(self, loopback: Loopback, small: Path) -> None:
        response = urllib3.request("DELETE", f"{loopback(small).url}/items/1")
        assert (response.status, response.data) == (204, b"")

    @pytest.mark.parametrize(
        ("target", "cookie", "where"),
        [
            ("/items/1?tags=a&tags=b&filter[max]=1.5&ids=1|2", "session=abc", None),
            ("/items/1?tags=a&tags=c", "", "query tags"),
            ("/items/1?filter%5Bmax%5D=x", "", "query filter"),
            ("/items/1?ids=1|x", "", "query ids"),
            ("/items/x", "", "path id"),
            ("/items/1", "session=ab", "cookie session"),
        ],
    )
    def test_parameters(
        self,
        loopback: Loopback,
        small: Path,
        target: str,
        cookie: str,
        where: str | None,
    ) -> None:
        server = loopback(small)
        urllib3.request(
            "GET", server.url + target, headers={"Cookie": cookie} if cookie else {}
        )
        assert [x.where for x in server.violations] == ([where] if where else [])
        server.violations.clear()

    @pytest.mark.parametrize("multipart", [True, False])
    def test_forms(self, loopback: Loopback, small: Path, multipart: bool) -> None:
        server = loopback(small)
        url = f"{server.url}/form"
        pool = urllib3.PoolManager()
        for fields in [("name", "a"), ("age", "3"), ("likes", "true")], [("name", "a")]:
            pool.request_encode_body(
                "POST", url, fields=fields, encode_multipart=multipart
            )
        assert [x.message for x in server.violations] == [
            '$: "age" is a required property'
        ]
        server.violations.clear()


class TestRecord:
    def test_bytes_as_they_came(self, loopback: Loopback) -> None:
        server = loopback("openai")
        body = json.dumps(request_body()).encode()
        connection = http.client.HTTPConnection("127.0.0.1", int(server.origin[17:]))
        connection.putrequest(
            "POST", "/v1/chat/completions?", skip_accept_encoding=True
        )
        connection.putheader("X-Two", "1")
        connection.putheader("Authorization", "Bearer k")
        connection.putheader("content-TYPE", "application/json")
        connection.putheader("X-Two", "2")
        connection.putheader("Transfer-Encoding", "chunked")
        connection.endheaders(iter([body[:5], body[5:]]), encode_chunked=True)
        assert connection.getresponse().read()
        connection.close()
        request = server.last
        assert (request.method, request.target) == ("POST", "/v1/chat/completions?")
        assert [name for name, _ in request.headers] == [
            *(
                "Host",
                "X-Two",
                "Authorization",
                "content-TYPE",
                "X-Two",
                "Transfer-Encoding",
            )
        ]
        assert request.header("x-two") == "1, 2"
        assert (request.body, request.chunked) == (body, True)
        assert request.head.startswith(
            b"POST /v1/chat/completions? HTTP/1.1\r\nHost: 127.0.0.1"
        )

    def test_connections_are_kept(self, loopback: Loopback) -> None:
        server = loopback("openai")
        with urllib3.PoolManager() as pool:
            for _ in range(3):
                pool.request(
                    "POST",
                    f"{server.url}/chat/completions",
                    json=request_body(),
                    headers=dict(OPENAI.headers),
                )
        assert [request.connection for request in server.requests] == [1, 1, 1]

    def test_client_that_leaves_a_stream(self, loopback: Loopback) -> None:
        server = loopback("openai")
        server.script(Answer.events([{"a": 1}], ending="stall"))
        with urllib3.PoolManager() as pool:
            response = pool.request(
                "POST",
                f"{server.url}/chat/completions",
                json=request_body(stream=True),
                headers=dict(OPENAI.headers),
                preload_content=False,
            )
            pieces = response.stream()
            assert next(pieces) == b'data: {"a": 1}\n\n'
            assert not server.last.finished.is_set()
            response.close()
        assert server.last.wait_finished()
        assert server.last.aborted


class TestScript:
    def post(self, server: LoopbackServer) -> urllib3.BaseHTTPResponse:
        return OPENAI.post(server, request_body())

    def test_in_order_then_the_document_again(self, loopback: Loopback) -> None:
        server = loopback("openai")
        server.script(
            Answer.json({"error": {}}, status=429, headers={"Retry-After": "0"}),
            Answer.redirect("/elsewhere"),
        )
        first, second, third = (self.post(server) for _ in range(3))
        assert (first.status, first.headers["retry-after"]) == (429, "0")
        assert (second.status, second.headers["location"]) == (307, "/elsewhere")
        assert third.status == 200

    def test_split_at_every_byte(self, loopback: Loopback) -> None:
        server = loopback("openai")
        server.script(Answer.events([{"ö": 1}], split=1))
        connection = http.client.HTTPConnection("127.0.0.1", int(server.origin[17:]))
        connection.request("POST", "/v1/chat/completions", b"{}")
        response = connection.getresponse()
        assert response.read1(100) == b"d"
        assert response.read() == 'ata: {"ö": 1}\n\ndata: [DONE]\n\n'.encode()
        connection.close()
        server.violations.clear()

    def test_gzip(self, loopback: Loopback) -> None:
        server = loopback("openai")
        server.script(Answer.json({"a": 1}).gzipped())
        response = urllib3.request(
            "POST",
            f"{server.url}/chat/completions",
            json=request_body(),
            headers=dict(OPENAI.headers),
            decode_content=False,
        )
        assert response.headers["content-encoding"] == "gzip"
        assert gzip.decompress(response.data) == b'{"a": 1}'

    def test_length_by_close(self, loopback: Loopback) -> None:
        server = loopback("openai")
        server.script(Answer(body=(b"a", b"b"), framing="close"))
        assert self.post(server).data == b"ab"

    @pytest.mark.parametrize(
        "answer",
        [
            Answer.reset(),
            Answer.reset(after=b'{"id"'),
            Answer.truncated(b'{"id"'),
            Answer.garbage(),
            Answer.events([{}], ending="reset"),
            Answer.events([{}], ending="close"),
        ],
        ids=[
            "reset",
            "reset in body",
            "truncated",
            "garbage",
            "stream reset",
            "stream closed",
        ],
    )
    def test_broken_connection(self, loopback: Loopback, answer: Answer) -> None:
        server = loopback("openai")
        server.script(answer)
        with pytest.raises(urllib3.exceptions.ProtocolError):
            self.post(server)
        assert self.post(server).status == 200

    @pytest.mark.parametrize("after", [None, b"{"])
    def test_stall(self, loopback: Loopback, after: bytes | None) -> None:
        server = loopback("openai")
        server.script(Answer.stall(after=after))
        with pytest.raises(urllib3.exceptions.ReadTimeoutError):
            urllib3.request(
                "POST",
                f"{server.url}/chat/completions",
                json=request_body(),
                headers=dict(OPENAI.headers),
                timeout=0.05,
                retries=False,
            )
        assert server.last.wait_finished()
        assert server.last.aborted

    def test_without_body(self, loopback: Loopback) -> None:
        server = loopback("openai")
        server.script(Answer(status=204))
        response = self.post(server)
        assert (response.status, len(response.headers)) == (204, 0)


class TestDocument:
    def test_yaml_1_2(self, tmp_path: Path) -> None:
        path = tmp_path / "x.yaml"
        path.write_text(
            "{a: off, b: 1e-08, c: 2026-01-02, d: ~, e: 0777, f: true, g: }"
        )
        assert load(path) == {
            **{"a": "off", "b": 1e-08, "c": "2026-01-02", "d": None},
            **{"e": 777, "f": True, "g": None},
        }

    def test_overlay_adds_nothing_but_streams(self, tmp_path: Path) -> None:
        path = tmp_path / "x.yaml"
        path.write_text("{openapi: 3.1.0, paths: {/a: {post: {summary: Mine}}}}")
        path.with_name("x.overlay.yaml").write_text(
            "actions: [{target: '$.paths[\"/a\"].post', update: "
            "{summary: Theirs, x-event-stream: {item: true}}}, {target: '$.info', remove: true}]"
        )
        ((_, _, _, operation),) = Document.read(path).operations()
        assert operation == {"summary": "Mine", "x-event-stream": {"item": True}}


def test_command() -> None:
    root = Path(__file__).parent.parent
    with subprocess.Popen(
        [sys.executable, "-m", "tests.loopback", "specs/openai.yaml"],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert urllib3.request("GET", f"{url}/nowhere").status == 404
        process.communicate()
    assert process.returncode == 0
