"""Which operation is the chat completion, told by structure: the names here say nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chatwright.document import load
from chatwright.ir.api import ChatProfile
from chatwright.parser import parse

TEXT = {"type": "string"}


def an_object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def a_list(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


REQUEST = {
    **an_object(
        messages=a_list(TEXT),
        model=TEXT,
        tools=a_list(TEXT),
        stream={"type": "boolean"},
    ),
    "required": ["messages", "model"],
}
ANSWER = an_object(choices=a_list(an_object(message=an_object(content=TEXT))))
CHUNK = an_object(
    choices=a_list(an_object(delta=an_object(content=TEXT, tool_calls=a_list(TEXT))))
)


def operation(
    id_: str, request: str = "Req", answer: str = "Ans", chunk: str | None = None
) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json": {"schema": ref(answer)}}
    if chunk:
        content["text/event-stream"] = {"schema": ref(chunk)}
    return {
        "operationId": id_,
        "requestBody": {"content": {"application/json": {"schema": ref(request)}}},
        "responses": {"200": {"description": "ok", "content": content}},
    }


def profile(paths: dict[str, Any], folder: Path, **schemas: Any) -> ChatProfile | None:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Chat", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": {"Req": REQUEST, "Ans": ANSWER, "Chunk": CHUNK, **schemas}
        },
    }
    path = folder / "document.json"
    path.write_text(json.dumps(document), "utf-8")
    return parse(load(path)).api.chat


def test_the_usual_shape(tmp_path: Path) -> None:
    assert profile(
        {"/a": {"post": operation("op", chunk="Chunk")}}, tmp_path
    ) == ChatProfile(
        operation="op",
        request="Req",
        messages=("messages",),
        model=("model",),
        tools=("tools",),
        response="Ans",
        text=("choices", "*", "message", "content"),
        chunk="Chunk",
        text_delta=("choices", "*", "delta", "content"),
        tool_calls_delta=("choices", "*", "delta", "tool_calls"),
    )


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (an_object(message=an_object(content=TEXT)), ("message", "content")),
        (an_object(content=a_list(an_object(text=TEXT))), ("content", "*", "text")),
        (an_object(text=TEXT), ("text",)),
        (
            {"oneOf": [an_object(error=TEXT), ANSWER]},
            ("choices", "*", "message", "content"),
        ),
        ({"type": ["object", "null"], **an_object(text=TEXT)}, ("text",)),
    ],
)
def test_where_the_text_is(answer: Any, text: tuple[str, ...], tmp_path: Path) -> None:
    found = profile({"/a": {"post": operation("op")}}, tmp_path, Ans=answer)

    assert found is not None
    assert found.text == text


def test_an_answer_that_is_a_chunk_has_no_text(tmp_path: Path) -> None:
    found = profile({"/a": {"post": operation("op", answer="Chunk")}}, tmp_path)

    assert found is not None
    assert (found.response, found.text, found.chunk) == ("Chunk", None, None)


def test_fewer_demands_win(tmp_path: Path) -> None:
    paths = {
        "/rooms/{room}/a": {
            "parameters": [
                {"name": "room", "in": "path", "required": True, "schema": TEXT}
            ],
            "post": operation("in_room", chunk="Chunk"),
        },
        "/a": {"post": operation("plain", chunk="Chunk")},
    }

    found = profile(paths, tmp_path)

    assert found is not None
    assert found.operation == "plain"


def test_more_of_the_usual_shape_wins(tmp_path: Path) -> None:
    paths = {
        "/a": {"post": operation("text_only", answer="Text")},
        "/b": {"post": operation("usual")},
        "/c": {"post": operation("streams", chunk="Chunk")},
    }

    found = profile(paths, tmp_path, Text=an_object(text=TEXT))

    assert found is not None
    assert found.operation == "streams"


def test_the_first_of_equals_wins(tmp_path: Path) -> None:
    paths = {"/a": {"post": operation("first")}, "/b": {"post": operation("second")}}

    found = profile(paths, tmp_path)

    assert found is not None
    assert found.operation == "first"


@pytest.mark.parametrize(
    "paths",
    [
        {"/a": {"get": operation("not_a_post")}},
        {"/a": {"post": operation("no_messages", request="Ans")}},
        {"/a": {"post": operation("no_text", answer="Req")}},
        {"/a": {"post": operation("text_messages", request="TextMessages")}},
        {},
    ],
)
def test_no_chat_completion(paths: dict[str, Any], tmp_path: Path) -> None:
    assert profile(paths, tmp_path, TextMessages=an_object(messages=TEXT)) is None


def test_recursive_answers(tmp_path: Path) -> None:
    answer = {"oneOf": [ref("Ans"), an_object(choices=ref("Ans"))]}

    assert profile({"/a": {"post": operation("op")}}, tmp_path, Ans=answer) is None
