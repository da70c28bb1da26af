"""The semantics of models: a table for what is sent, and what becomes of what comes."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from tests import building

PACKAGE = "models_under_test"
FOLDER = Path(__file__).parent


def write(folder: Path) -> None:
    """Writes the package of `document.yaml`."""
    target = building.package(PACKAGE)
    building.write(building.built(FOLDER / "document.yaml", target), folder)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("models")
    write(made)
    return made


@pytest.fixture(scope="session")
def models(folder: Path) -> ModuleType:
    import importlib

    sys.path.insert(0, str(folder))
    return importlib.import_module(f"{PACKAGE}.models")


@pytest.fixture(scope="session")
def read(models: ModuleType) -> Callable[..., Any]:
    """Decodes an answer as a client does."""
    import importlib

    types: Any = importlib.import_module(f"{PACKAGE}._runtime.types").Types(PACKAGE)

    def decode(data: Any, expression: str = "Thing", mode: str = "lenient") -> Any:
        return types.decoder(expression, mode)(json.dumps(data).encode())

    return decode


REQUIRED: dict[str, Any] = {"name": "n", "owner": "o"}
SENT: dict[str, Any] = {"kind": "thing", **REQUIRED}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({}, {}),
        ({"count": None}, {}),
        ({"count": 3}, {"count": 3}),
        ({"note": None}, {"note": None}),
        ({"owner": None}, {"owner": None}),
        ({"flag": True}, {"flag": True}),
        ({"flag": None}, {}),
        ({"share": 1}, {"share": 1}),
        ({"color": "red"}, {"color": "red"}),
        ({"color": "mauve"}, {"color": "mauve"}),
        ({"size": "huge"}, {"size": "huge"}),
        ({"when": datetime(2026, 1, 2, tzinfo=UTC)}, {"when": "2026-01-02T00:00:00Z"}),
        ({"x_wire": "w"}, {"x-wire": "w"}),
        ({"x-wire": "w"}, {"x-wire": "w"}),
        ({"var_model_config": "c"}, {"model_config": "c"}),
        ({"additional_properties": {"beyond": [1, None]}}, {"beyond": [1, None]}),
        (
            {"message": {"role": "tool", "id": "1"}},
            {"message": {"role": "tool", "id": "1"}},
        ),
        ({"content": [{"text": "t"}]}, {"content": [{"text": "t"}]}),
        ({"parent": {"name": "p", "owner": None}}, None),
    ],
)
def test_what_is_sent(
    models: ModuleType, given: dict[str, Any], sent: dict[str, Any] | None
) -> None:
    thing = models.Thing(**{**REQUIRED, **given})
    if sent is None:
        sent = {"parent": {"kind": "thing", **given["parent"]}}
    assert json.loads(thing.to_json()) == {**SENT, **sent}


def test_the_documents_default_is_read_and_not_sent(models: ModuleType) -> None:
    thing = models.Thing(**REQUIRED)
    assert thing.flag is True
    assert "flag" not in thing.to_dict()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"nam": "x"}, "Thing has no field 'nam', did you mean 'name'?"),
        ({"colour": "x"}, "Thing has no field 'colour', did you mean 'color'?"),
        ({"zzz": 1}, "Thing has no field 'zzz'"),
    ],
)
def test_unknown_keywords(
    models: ModuleType, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(TypeError) as caught:
        models.Thing(**{**REQUIRED, **given})
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "given",
    [
        {"name": ""},
        {"name": None},
        {"name": 3},
        {"count": -1},
        {"count": "3"},
        {"count": 1.5},
        {"count": True},
        {"flag": 1},
        {"share": "1"},
        {"message": {"role": "nobody"}},
        {"content": [{"txt": "t"}]},
        {"tags": "abc"},
        {"table": {"a": "1"}},
    ],
)
def test_what_is_sent_is_validated(models: ModuleType, given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        models.Thing(**{**REQUIRED, **given})


def test_assignment(models: ModuleType) -> None:
    thing = models.Thing(**REQUIRED, count=1, note="x")
    thing.count = 2
    thing.note = None
    assert thing.to_dict() == {**SENT, "count": 2, "note": None}
    thing.count = None
    thing.flag = False
    thing.flag = None
    assert thing.flag is True
    assert thing.to_dict() == {**SENT, "note": None}
    with pytest.raises(ValidationError):
        thing.count = -1
    with pytest.raises(AttributeError, match="did you mean 'count'"):
        thing.cuont = 1


def test_equality_copies_and_pickles(models: ModuleType) -> None:
    thing = models.Thing(**REQUIRED, messages=[models.User(content="hi")], x_wire="w")
    assert pickle.loads(pickle.dumps(thing)) == thing
    assert copy.deepcopy(thing) == thing
    assert thing.model_copy(update={"count": 1}) != thing


def test_unions_are_their_members(models: ModuleType) -> None:
    user = models.User(content="hi")
    assert models.Message(user) is user
    assert models.Message(actual_instance=user) is user
    assert user.actual_instance is user
    assert models.Message.from_json('{"role": "tool", "id": "1"}') == models.Tool(
        id="1"
    )
    assert models.Message.from_dict({"role": "user", "content": "x"}).content == "x"
    assert models.Content("text") == "text"
    assert isinstance(user, models.Message)
    assert not isinstance(3, models.Message)
    with pytest.raises(ValidationError, match="'user', 'tool'"):
        models.Message({"role": "nobody"})
    with pytest.raises(TypeError):
        models.Message(1, 2)


def test_inheritance(models: ModuleType) -> None:
    assert issubclass(models.Cat, models.Pet)
    assert models.Pet.from_dict({"petType": "cat", "lives": 9}) == models.Cat(
        pet_type="cat", lives=9
    )
    assert type(models.Pet(pet_type="cat")) is models.Pet
    thing = models.Thing(**REQUIRED, pets=[models.Cat(pet_type="cat", lives=3)])
    assert thing.to_dict()["pets"] == [{"petType": "cat", "lives": 3}]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"kind": "other", "name": 3, "owner": None},
        {**SENT, "count": "three"},
        {**SENT, "color": "mauve", "size": "vast"},
        {**SENT, "message": {"role": "oracle", "text": "?"}},
        {**SENT, "messages": [{"role": "user"}, 3, None, {"role": "tool", "id": 1}]},
        {**SENT, "content": [{"text": "t"}, {"video": 1}, 3]},
        {**SENT, "content": {"a": 1}},
        {**SENT, "parent": {"parent": {"count": -1}}},
        {**SENT, "pets": [{"petType": "cow"}, {"petType": 3}, {}]},
        {**SENT, "when": "yesterday", "tags": None, "table": {"a": "x"}},
        {**SENT, "brand": {"new": [1]}},
        {**SENT, "parent": "a name"},
    ],
)
def test_every_answer_arrives_and_goes_back_unchanged(
    models: ModuleType, read: Callable[..., Any], answer: dict[str, Any]
) -> None:
    thing = read(answer)
    assert type(thing) is models.Thing
    assert json.loads(thing.to_json()) == answer


SAID: dict[str, Any] = {"role": "user", "content": "hi", "mood": "fine", "new": [1]}


def test_a_message_that_came_is_sent_back_unchanged(
    models: ModuleType, read: Callable[..., Any]
) -> None:
    """A vendor's answers and questions are described apart: their messages are of two classes."""
    said = read({**SENT, "said": SAID}).said
    thing = models.Thing(
        **REQUIRED, message=said, messages=[said, {"role": "user", "content": "?"}]
    )
    assert type(thing.message) is models.User
    assert thing.to_dict()["message"] == SAID
    assert thing.to_dict()["messages"][0] == SAID
    thing.messages = [said]
    assert thing.to_dict()["messages"] == [SAID]


@pytest.mark.parametrize(
    "came",
    [
        {"role": "user", "content": None},
        {"role": "user"},
        {"role": "user", "content": {"video": 1}, "new": [1]},
        {"content": "hi"},
        {"role": "oracle", "text": "?"},
        {"role": 3},
        {},
    ],
)
@pytest.mark.parametrize("field", ["said", "message"])
def test_what_came_is_sent_back_though_it_does_not_fit(
    models: ModuleType, read: Callable[..., Any], field: str, came: dict[str, Any]
) -> None:
    """Beside what the caller says, which is validated."""
    said = getattr(read({**SENT, field: came}), field)
    asked = {"role": "user", "content": "?"}
    thing = models.Thing(**REQUIRED, message=said, messages=[said, asked])
    assert thing.to_dict()["message"] == came
    assert thing.to_dict()["messages"] == [came, asked]
    assert type(thing.messages[1]) is models.User
    thing = models.Thing(**REQUIRED)
    thing.messages = [asked, said]
    assert json.loads(thing.to_json())["messages"] == [asked, came]
    assert type(thing.messages[0]) is models.User
    for wrong in ({"role": "user", "content": 3}, {"role": "oracle"}, 3):
        with pytest.raises(ValidationError, match=r"messages\.1"):
            models.Thing(**REQUIRED, messages=[said, wrong])
        with pytest.raises(ValidationError, match=r"messages\.1"):
            thing.messages = [said, wrong]
    assert json.loads(thing.to_json())["messages"] == [asked, came]


def test_what_came_is_not_sent_back_where_no_such_thing_is_taken(
    models: ModuleType, read: Callable[..., Any]
) -> None:
    thing = read(SENT)
    with pytest.raises(ValidationError, match="message"):
        models.Thing(**REQUIRED, messages=[thing])
    with pytest.raises(ValidationError, match="name"):
        models.Thing(**{**REQUIRED, "name": thing})


def test_what_the_program_makes_is_validated_as_what_it_becomes(
    models: ModuleType,
) -> None:
    said = models.Said(role="user", content=None)
    for made in (said, copy.deepcopy(said), pickle.loads(pickle.dumps(said))):
        with pytest.raises(
            ValidationError, match=r"message.user.content.str"
        ) as caught:
            models.Thing(**REQUIRED, message=made)
        assert caught.value.__suppress_context__
    said.content = "hi"
    said.additional_properties = {"mood": "fine"}
    said.content = None
    with pytest.raises(ValidationError, match=r"message.user.content.str"):
        models.Thing(**REQUIRED, message=said)


def test_how_messages_call_the_members_of_unions(models: ModuleType) -> None:
    with pytest.raises(ValidationError) as caught:
        models.Thing(**REQUIRED, talk=1)
    assert [error["loc"] for error in caught.value.errors()] == [
        ("talk", "str"),
        ("talk", "list"),
    ]


def test_what_the_caller_sees_of_a_strange_answer(
    models: ModuleType, read: Callable[..., Any]
) -> None:
    thing = read(
        {
            "count": 2.0,
            "color": "mauve",
            "message": {"role": "oracle", "text": "?"},
            "messages": [{"role": "user"}],
            "brand": 1,
        }
    )
    assert thing.name is None
    assert thing.kind == "thing"
    assert thing.count == 2 and isinstance(thing.count, int)
    assert thing.color == "mauve"
    assert type(thing.message).__name__ == "UnknownModel"
    assert thing.message.text == "?"
    assert type(thing.messages[0]) is models.User and thing.messages[0].content is None
    assert thing.additional_properties == {"brand": 1}
    assert read({"color": "red"}).color is models.Color.RED


def test_what_does_not_fit_is_logged_once(
    read: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG", logger=PACKAGE):
        for _ in range(2):
            read(
                {**SENT, "messages": [{"role": "tool"}, {"role": "tool"}], "tags": [1]}
            )
    assert sorted(record.getMessage() for record in caplog.records) == [
        "Thing does not fit at 'messages.*.tool.id': Field required",
        "Thing does not fit at 'tags.*': Input should be a valid string",
    ]


def test_strict_and_off(read: Callable[..., Any]) -> None:
    with pytest.raises(ValidationError):
        read({"name": "n"}, mode="strict")
    assert read(SENT, mode="strict").name == "n"
    off = read(
        {**SENT, "count": "many", "message": {"role": "user", "content": "c"}},
        mode="off",
    )
    assert off.count == "many"
    assert type(off.message).__name__ == "User"


@pytest.mark.parametrize("name", ["level", "switch", "one", "yes", "either"])
@pytest.mark.parametrize("value", [0, 1, False, True, "1", "true"])
def test_numbers_are_no_booleans(
    read: Callable[..., Any], name: str, value: Any
) -> None:
    """JSON Schema tells 1 from true, and Python does not (JSON Schema, core, section 4.2.2)."""
    answer = {**SENT, name: value}
    thing = read(answer)
    assert json.dumps(thing.to_dict()[name]) == json.dumps(value)


@pytest.mark.parametrize(
    ("name", "sent", "refused"),
    [
        ("level", [0, 1], [False, True, "1"]),
        ("switch", [0, 1, False, True, "auto"], [1.5]),
        ("one", [1], [0, True, "1"]),
        ("yes", [True], [1, False, "true"]),
        ("either", [True, 1], [0, False, "1"]),
    ],
)
def test_numbers_and_booleans_that_are_sent(
    models: ModuleType, name: str, sent: list[Any], refused: list[Any]
) -> None:
    for value in sent:
        thing = models.Thing(**REQUIRED, **{name: value})
        assert json.dumps(thing.to_dict()[name]) == json.dumps(value)
    for value in refused:
        with pytest.raises(ValidationError):
            models.Thing(**REQUIRED, **{name: value})


def test_equal_numbers_are_one_member(models: ModuleType) -> None:
    assert [member.value for member in models.Level] == [0, 1]


def test_containers_of_models(models: ModuleType, read: Callable[..., Any]) -> None:
    assert read([SENT], "list[Thing]")[0].name == "n"
    assert read({"a": SENT, "b": 3}, "dict[str, Thing]")["b"] == 3
    adapter: TypeAdapter[Any] = TypeAdapter(models.Thing)
    assert adapter.validate_python(SENT) == models.Thing(**REQUIRED)


def test_json_schema(models: ModuleType) -> None:
    schema = models.User.model_json_schema()
    assert schema["required"] == ["content"]
    assert "Part" in schema["$defs"]
    assert "oneOf" in json.dumps(models.Thing.model_json_schema())


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    (
        *("kind", "name", "owner", "count", "flag", "color", "message", "messages"),
        *(
            "content",
            "parent",
            "pets",
            "tags",
            "table",
            "when",
            "x-wire",
            "model_config",
        ),
        *("role", "petType"),
    )
)


@given(answer=st.dictionaries(FIELDS, ANY_JSON, max_size=6))
def test_any_answer_goes_back_unchanged(
    read: Callable[..., Any], answer: dict[str, Any]
) -> None:
    assert json.loads(read(answer).to_json()) == answer


def test_first_use_from_many_threads(folder: Path) -> None:
    program = f"""
import sys, threading
sys.path.insert(0, {str(folder)!r})
import {PACKAGE} as package
start = threading.Barrier(32)
failures = []
def use(number):
    start.wait()
    try:
        thing = package.Thing(name="n", owner=None, messages=[{{"role": "user", "content": "x"}}])
        assert package.Thing.from_json(thing.to_json()) == thing
        assert package.Message(thing.messages[0]) is thing.messages[0]
    except BaseException as failure:
        failures.append(repr(failure))
threads = [threading.Thread(target=use, args=(n,)) for n in range(32)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
sys.exit("\\n".join(failures) or 0)
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
