"""Checks that a directory of files cannot show."""

from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from chatwright.document import full_check, load, schema_check, validate


def checked(folder: Path, text: str) -> list[str]:
    path = folder / "openapi.yaml"
    path.write_text(text, encoding="utf-8")
    return [f"{finding.code} {finding.message}" for finding in full_check(load(path))]


HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"


@pytest.mark.parametrize(
    "ref",
    ["ftp://127.0.0.1:1/x", "http://127.0.0.1:1/x", "data:,a", "file:///etc/hosts"],
)
def test_no_reference_is_fetched(
    ref: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise AssertionError("the network is used")

    monkeypatch.setattr("socket.create_connection", refuse)
    monkeypatch.setattr("urllib.request.OpenerDirector.open", refuse)
    monkeypatch.setattr("jsonschema_path.retrievers.urlopen", refuse)
    (finding,) = checked(
        tmp_path, f"{HEAD}components: {{schemas: {{A: {{$ref: '{ref}'}}}}}}\n"
    )
    assert finding.startswith("remote-reference ")


def test_what_is_checked_is_what_is_written(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(
        "openapi: 3.0.3\n"
        "info: {title: T, version: '1'}\n"
        "paths: {}\n"
        "components: {schemas: {A: {type: number, minimum: 1, exclusiveMinimum: true}}}\n",
        encoding="utf-8",
    )
    assert schema_check(load(path)) == ()


def test_a_deep_document_is_checked(tmp_path: Path) -> None:
    deep = "{items: " * 900 + "{}" + "}" * 900
    findings = checked(tmp_path, f"{HEAD}components: {{schemas: {{A: {deep}}}}}\n")
    assert all("openapi-spec-validator gives up: " in finding for finding in findings)


def test_numbers_that_json_has_not_are_checked(tmp_path: Path) -> None:
    numbers = f"{{enum: [.nan, .inf, -.inf, 1{'0' * 900}]}}"
    assert checked(tmp_path, f"{HEAD}components: {{schemas: {{A: {numbers}}}}}\n") == []


def test_a_message_does_not_steer_the_terminal(tmp_path: Path) -> None:
    findings = checked(
        tmp_path, f'{HEAD}components: {{schemas: {{A: "\\e[31m\\u202e"}}}}\n'
    )
    assert findings
    assert all(finding.isprintable() for finding in findings)


def test_what_takes_too_long_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schemas: dict[str, Any] = {
        f"A{n}": {"allOf": [{"$ref": f"#/components/schemas/A{n - 1}"}] * 2}
        for n in range(1, 60)
    }
    path = tmp_path / "document.json"
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Twice", "version": "1"},
        "paths": {},
        "components": {"schemas": {**schemas, "A0": {"type": "object"}}},
    }
    path.write_text(json.dumps(document), "utf-8")
    monkeypatch.setattr(validate, "MAX_SECONDS", 0.2)

    loaded = load(path)
    end = time.process_time() + 0.5

    def collected(phase: str, info: dict[str, int]) -> None:
        """Takes more time than there is, where what is raised is lost."""
        while time.process_time() < end:
            pass

    def unseen(_: object) -> None:
        pass

    monkeypatch.setattr(sys, "unraisablehook", unseen)
    thresholds = gc.get_threshold()
    gc.callbacks.append(collected)
    gc.set_threshold(1)
    try:
        (found,) = full_check(loaded)
    finally:
        gc.set_threshold(*thresholds)
        gc.callbacks.remove(collected)

    assert "given up after 0.2 seconds" in found.message
