"""Webhooks: the clients of `tests/cases/webhooks`, signed by other code than theirs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatwright.document import load as read
from chatwright.parser import parse, select
from chatwright.project import Flavour
from tests.checkers import check
from tests.fences import FENCE
from tests.functional.packages import CASES, write

PACKAGE = "heard"
KEY = b"a key of some bytes, 24."
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"
OTHER = f"whsec_{base64.b64encode(b'another').decode()}"
COMPLETED = {
    "type": "job.completed",
    "id": "evt_1",
    "created_at": 1719168000,
    "data": {"state": "completed"},
}
Module = Callable[[str], Any]
USE = """
from typing import assert_never, assert_type

from heard import webhooks
from heard.models import JobCompleted, JobFailed, JobStartedPostRequest, WebhookEvent


def told(body: bytes, headers: dict[str, str]) -> str:
    event = webhooks.unwrap(body, headers, secret=["whsec_a", "whsec_b"], tolerance=60)
    assert_type(event, WebhookEvent)
    match event:
        case JobCompleted():
            return event.data.state or ""
        case JobFailed():
            return event.reason
        case JobStartedPostRequest():
            return event.type
        case _:
            assert_never(event)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the client."""
    found = tmp_path_factory.mktemp("client")
    write("webhooks", found, PACKAGE, Flavour.ASYNC)
    return found


@pytest.fixture(scope="module")
def load(folder: Path) -> Iterator[Module]:
    """Imports modules of the client."""
    sys.path.insert(0, str(folder))
    yield lambda name: importlib.import_module(f"{PACKAGE}{name}")
    sys.path.remove(str(folder))


def signature(
    payload: bytes, *, key: bytes = KEY, id_: str = "msg_1", at: str | None = None
) -> str:
    """The signature of version 1 of Standard Webhooks."""
    timestamp = str(int(time.time())) if at is None else at
    signed = f"{id_}.{timestamp}.".encode() + payload
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def signed(
    payload: bytes, *, key: bytes = KEY, at: int | None = None
) -> dict[str, str]:
    """The headers of a request that a vendor signed."""
    timestamp = str(int(time.time()) if at is None else at)
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature(payload, key=key, at=timestamp)}",
    }


def dumped(value: object) -> bytes:
    return json.dumps(value).encode()


def refused(
    load: Module, payload: Any, headers: Mapping[str, str], **arguments: Any
) -> str:
    """Why a webhook is refused; both functions say the same."""
    error = load(".exceptions").InvalidWebhookSignatureError
    said: set[str] = set()
    for function in ("unwrap", "verify_signature"):
        with pytest.raises(error) as caught:
            getattr(load(".webhooks"), function)(
                payload, headers, **{"secret": SECRET, **arguments}
            )
        said.add(str(caught.value))
    assert len(said) == 1
    message = said.pop()
    for secret in (SECRET, OTHER):
        assert secret.removeprefix("whsec_") not in message
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, load(".exceptions").OpenApiException)
    return message


class TestSignature:
    def test_a_known_one(self, load: Module, monkeypatch: pytest.MonkeyPatch) -> None:
        """Made with `openssl dgst -sha256 -hmac`, so that this file's own code is judged too."""
        headers = {
            "webhook-id": "msg_1",
            "webhook-timestamp": "1700000000",
            "webhook-signature": "v1,tLgAMqhP35kQCIdPr9mS5j1bj477wOz7pYv6Zbwjx8U=",
        }
        monkeypatch.setattr(time, "time", lambda: 1700000000.0)
        payload = '{"type":"job.failed","id":"e","reason":"ä"}'
        event = load(".webhooks").unwrap(payload, headers, secret="plain secret")
        assert event.reason == "ä"

    @pytest.mark.parametrize("form", [bytes, bytes.decode, bytearray])
    def test_bytes_or_text(self, load: Module, form: Callable[[bytes], Any]) -> None:
        payload = dumped(COMPLETED)
        event = load(".webhooks").unwrap(form(payload), signed(payload), secret=SECRET)
        assert type(event) is load(".models").JobCompleted

    def test_headers_of_any_case_and_kind(self, load: Module) -> None:
        payload = dumped(COMPLETED)
        message = Message()
        for name, value in signed(payload).items():
            message[name.title()] = value
        assert load(".webhooks").unwrap(payload, message, secret=SECRET).id == "evt_1"

    def test_several_signatures(self, load: Module) -> None:
        payload = dumped(COMPLETED)
        headers = signed(payload)
        own = headers["webhook-signature"]
        wrong = f"v1,{signature(b'', key=b'x')}"
        headers["webhook-signature"] = f"v1a,c2ln {wrong} {own} v2,zz"
        load(".webhooks").verify_signature(payload, headers, secret=SECRET)
        message = Message()
        for name, value in {**headers, "webhook-signature": wrong}.items():
            message[name] = value
        message["webhook-signature"] = own
        load(".webhooks").verify_signature(payload, message, secret=SECRET)

    def test_only_version_1_counts(self, load: Module) -> None:
        payload = dumped(COMPLETED)
        headers = signed(payload)
        bare = headers["webhook-signature"].removeprefix("v1,")
        headers["webhook-signature"] = f"v2,{bare} {bare}"
        assert "version 1" in refused(load, payload, headers)

    def test_one_of_several_secrets(self, load: Module) -> None:
        payload = dumped(COMPLETED)
        headers = signed(payload)
        for secrets in ([SECRET], [OTHER, SECRET], (SECRET, OTHER)):
            load(".webhooks").verify_signature(payload, headers, secret=secrets)
        assert "another secret" in refused(load, payload, headers, secret=[OTHER])

    def test_a_secret_that_is_text(self, load: Module) -> None:
        payload = dumped(COMPLETED)
        headers = signed(payload, key=b"word")
        load(".webhooks").verify_signature(payload, headers, secret="word")

    def test_the_secret_of_the_environment(
        self, load: Module, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        payload = dumped(COMPLETED)
        error = load(".exceptions").ApiValueError
        monkeypatch.delenv("HEARD_WEBHOOK_SECRET", raising=False)
        with pytest.raises(error, match="set HEARD_WEBHOOK_SECRET"):
            load(".webhooks").unwrap(payload, signed(payload))
        monkeypatch.setenv("HEARD_WEBHOOK_SECRET", SECRET)
        assert load(".webhooks").unwrap(payload, signed(payload)).id == "evt_1"

    @pytest.mark.parametrize(
        "secret",
        ["", "whsec_", "whsec_§", "whsec_a", "whsec_a b=", [], [""], ["x", ""]],
    )
    def test_a_secret_that_is_none(self, load: Module, secret: Any) -> None:
        """An empty key would let anyone sign."""
        payload = dumped(COMPLETED)
        headers = signed(payload, key=b"")
        with pytest.raises(load(".exceptions").ApiValueError) as caught:
            load(".webhooks").unwrap(payload, headers, secret=secret)
        assert "secret" in str(caught.value)
        assert "§" not in str(caught.value)

    @given(
        payload=st.binary(max_size=40),
        at=st.integers(0, 39),
        bit=st.integers(0, 7),
        place=st.sampled_from(["payload", "webhook-id", "webhook-timestamp"]),
    )
    def test_whatever_is_changed(
        self, load: Module, payload: bytes, at: int, bit: int, place: str
    ) -> None:
        headers = signed(payload)
        load(".webhooks").verify_signature(payload, headers, secret=SECRET)
        if place == "payload":
            changed = bytearray(payload or b"\0")
            changed[at % len(changed)] ^= 1 << bit
            refused(load, bytes(changed), headers)
        else:
            text = headers[place]
            headers[place] = f"{int(text) + 1 + bit}" if text.isdigit() else f"{text}."
            refused(load, payload, headers)

    @pytest.mark.parametrize(
        "name", ["webhook-id", "webhook-timestamp", "webhook-signature"]
    )
    def test_a_header_that_is_missing(self, load: Module, name: str) -> None:
        payload = dumped(COMPLETED)
        headers = signed(payload)
        for value in ({}, {name: ""}):
            rest = {key: text for key, text in headers.items() if key != name}
            assert f"no header {name}" in refused(load, payload, {**rest, **value})

    @pytest.mark.parametrize(
        "text", ["now", "-5", "1e9", "1_0", " 1", "9" * 5000, "\u0661", "nan", "\ud800"]
    )
    def test_a_time_that_is_none(self, load: Module, text: str) -> None:
        payload = dumped(COMPLETED)
        headers = {**signed(payload), "webhook-timestamp": text}
        assert "seconds since 1970" in refused(load, payload, headers)

    @pytest.mark.parametrize("text", ["v1,", "v1,\u00e4", "v1,\ud800", "v1,===", "v1"])
    def test_a_signature_that_is_none(self, load: Module, text: str) -> None:
        payload = dumped(COMPLETED)
        refused(load, payload, {**signed(payload), "webhook-signature": text})

    def test_the_tolerance(self, load: Module, monkeypatch: pytest.MonkeyPatch) -> None:
        payload = dumped(COMPLETED)
        monkeypatch.setattr(time, "time", lambda: 1_700_000_000.0)
        verify = load(".webhooks").verify_signature
        for age in (-300, 0, 300):
            verify(payload, signed(payload, at=1_700_000_000 - age), secret=SECRET)
        old = signed(payload, at=1_700_000_000 - 301)
        assert "too old: it was signed 301 seconds ago" in refused(load, payload, old)
        new = signed(payload, at=1_700_000_000 + 301)
        assert "too new" in refused(load, payload, new)
        assert "too old" in refused(
            load, payload, signed(payload, at=1_699_999_989), tolerance=10
        )
        verify(payload, old, secret=SECRET, tolerance=301)

    def test_a_payload_that_was_parsed(self, load: Module) -> None:
        with pytest.raises(load(".exceptions").ApiTypeError, match="not dict"):
            load(".webhooks").unwrap(COMPLETED, signed(b""), secret=SECRET)


class TestEvent:
    def heard(self, load: Module, value: object) -> Any:
        payload = value if isinstance(value, bytes) else dumped(value)
        return load(".webhooks").unwrap(payload, signed(payload), secret=SECRET)

    def test_each_has_its_type(self, load: Module) -> None:
        models = load(".models")
        started = self.heard(load, {"type": "job.started", "id": "e"})
        failed = self.heard(load, {"type": "job.failed", "id": "e", "reason": "r"})
        assert type(started) is models.JobStartedPostRequest
        assert type(failed) is models.JobFailed
        assert self.heard(load, COMPLETED).to_dict() == COMPLETED

    @pytest.mark.parametrize(
        "value", [{"type": "job.paused", "id": "e", "why": {"a": [1]}}, {"id": "e"}, {}]
    )
    def test_another_kind_is_an_unknown_model(self, load: Module, value: Any) -> None:
        event = self.heard(load, value)
        assert type(event).__name__ == "UnknownModel"
        assert event.to_dict() == value

    def test_what_does_not_fit_is_kept(self, load: Module) -> None:
        value = {"type": "job.completed", "id": 7, "data": {"state": "paused"}}
        event = self.heard(load, value)
        assert type(event) is load(".models").JobCompleted
        assert (event.id, event.data.state, event.created_at) == (7, "paused", None)

    @pytest.mark.parametrize("value", [b"", b"{", b"\xff", b"[" * 100_000, b"NaN x"])
    def test_signed_but_no_json(self, load: Module, value: bytes) -> None:
        with pytest.raises(load(".exceptions").ApiValueError, match="no JSON"):
            self.heard(load, value)

    def test_the_one_payload_of_an_extension(
        self, load: Module, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write("webhooks_3_0", tmp_path, "heard_of_pets")
        monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
        payload = dumped({"name": "Rex", "age": 3})
        unwrap = importlib.import_module("heard_of_pets.webhooks").unwrap
        pet = unwrap(payload, signed(payload), secret=SECRET)
        assert (type(pet).__name__, pet.name) == ("Pet", "Rex")


class TestPackage:
    def test_it_is_loaded_when_it_is_used(self, folder: Path) -> None:
        program = (
            "import sys, heard\n"
            "before = [name for name in sys.modules if 'webhooks' in name]\n"
            "heard.webhooks.unwrap\n"
            "loaded = {'urllib3', 'aiohttp', 'pydantic'} & sys.modules.keys()\n"
            "print(before, loaded)"
        )
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == "[] set()\n"

    def test_without_webhooks_there_is_no_module(self, tmp_path: Path) -> None:
        write("streams", tmp_path, "silent")
        assert not list(tmp_path.rglob("webhooks*"))
        assert "ebhook" not in (tmp_path / "README.md").read_text(encoding="utf-8")

    def test_the_guide_is_true(
        self,
        load: Module,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        text = (folder / "docs/Webhooks.md").read_text(encoding="utf-8")
        first, second = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
        monkeypatch.setenv("HEARD_WEBHOOK_SECRET", SECRET)
        names: dict[str, Any] = {}
        exec(first, names)
        exec(second, names)
        failed = dumped({"type": "job.failed", "id": "e", "reason": "r"})
        other = dumped({"type": "job.paused"})
        assert names["receive"](failed, signed(failed)) == 200
        assert names["receive"](other, signed(other)) == 200
        assert names["receive"](other, signed(failed)) == 400
        assert names["called"](b'{"state": "failed"}').state == "failed"
        said = capsys.readouterr().out.splitlines()
        assert said[0].startswith("JobFailed: {")
        assert said[1].startswith("another event: ")
        assert "no signature of the webhook" in said[2]

    @pytest.mark.parametrize(
        "checker",
        [
            ("mypy", "--strict", "--no-incremental", "examples", "heard"),
            ("pyright", "--pythonpath", sys.executable),
        ],
        ids=lambda checker: str(checker[0]),
    )
    def test_checkers_find_nothing(
        self, folder: Path, checker: tuple[str, ...]
    ) -> None:
        examples = folder / "examples"
        examples.mkdir(exist_ok=True)
        (examples / "use.py").write_text(USE, encoding="utf-8")
        text = (folder / "docs/Webhooks.md").read_text(encoding="utf-8")
        for number, code in enumerate(FENCE.finditer(text)):
            (examples / f"guide{number}.py").write_text(code[2], encoding="utf-8")
        settings = '{"include": ["examples", "heard"], "typeCheckingMode": "strict"}'
        (folder / "pyrightconfig.json").write_text(settings, encoding="utf-8")
        check(folder, *checker)


class TestSlices:
    def test_they_are_selected_by_their_word(self) -> None:
        api = parse(read(CASES / "webhooks" / "document.yaml")).api
        whole = select(api, ["webhooks", "start"])
        assert whole.webhooks == api.webhooks
        assert whole.schemas == api.schemas
        part = select(api, ["start"])
        assert not part.webhooks
        assert part.event is None
        assert {each.name for each in part.schemas} == {"Job", "State"}
        alone = select(api, ["webhooks"])
        assert not alone.operations
        assert "WebhookEvent" in {each.name for each in alone.schemas}
