"""`names` in the project file: what is pinned is called so, and what cannot be is refused."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from chatwright.project import Language

from .acme import TARGETS, assert_refused, generate, project, run

pytestmark = pytest.mark.usefixtures("acme")
each_target = pytest.mark.parametrize("target", TARGETS)


def classes(path: str) -> dict[str, list[str]]:
    """The public names of each class in a module of the package: attributes and methods."""
    tree = ast.parse(Path("out/acme", path).read_text(encoding="utf-8"))
    return {
        each.name: [
            item.name if isinstance(item, ast.FunctionDef) else ast.unparse(target)
            for item in each.body
            if isinstance(item, ast.FunctionDef | ast.AnnAssign | ast.Assign)
            for target in [
                (
                    item.targets[0]
                    if isinstance(item, ast.Assign)
                    else getattr(item, "target", None)
                )
                or ast.Constant(None)
            ]
        ]
        for each in tree.body
        if isinstance(each, ast.ClassDef)
    }


def test_what_is_pinned_is_called_so() -> None:
    result = generate(
        "python",
        "schemas: {ChatRequest_tools_inner: Tool}",
        "operations: {createChatCompletion: complete}",
        "tags: {Chat Completions: Chat}",
        "properties: {ChatRequest.n: choices}",
        "parameters: {createChatCompletion.X-Trace: trace, createChatCompletion.requestBody: body}",
        "enums: {Role.user: HUMAN}",
    )
    assert result.exit_code == 0, result.stderr
    assert classes("models/tool.py") == {"Tool": ["name"]}
    assert classes("models/chat_request.py") == {
        "ChatRequest": ["choices", "top_p", "tools"]
    }
    assert classes("models/role.py") == {"Role": ["HUMAN", "ASSISTANT"]}
    methods = classes("api/chat_api.py")["ChatApi"]
    assert {"complete", "complete_with_http_info", "list_models"} <= {*methods}
    api = ast.parse(Path("out/acme/api/chat_api.py").read_text(encoding="utf-8"))
    method = next(
        each
        for each in ast.walk(api)
        if isinstance(each, ast.FunctionDef) and each.name == "complete"
    )
    arguments = [each.arg for each in (*method.args.args, *method.args.kwonlyargs)]
    assert {"trace", "body"} <= {*arguments}
    assert 'alias="n"' in Path("out/acme/models/chat_request.py").read_text()


@pytest.mark.parametrize(
    ("names", "place", "said"),
    [
        (
            "schemas: {ChatReqest: Request}",
            "5:17 error unknown-name",
            "did you mean `ChatRequest`?",
        ),
        ("enums: {Role.usr: HUMAN}", "5:15 error unknown-name", "`Role.user`"),
        ("schemas: {Role: my-role}", "5:17 error invalid-name", "ASCII identifier"),
        ("schemas: {Role: None}", "5:17 error invalid-name", "keyword"),
        ("properties: {ChatRequest.n: _n}", "5:20 error invalid-name", "`_`"),
        (
            "properties: {ChatRequest.n: top_p}",
            "5:20 error name-taken",
            "`ChatRequest.top_p` is called so",
        ),
        ("properties: {ChatRequest.n: copy}", "5:20 error name-taken", "every model"),
        ("schemas: {Role: Message}", "5:17 error name-taken", "`Message` is called so"),
        ("schemas: {Role: Configuration}", "5:17 error name-taken", "every package"),
        (
            "operations: {listModels: create_chat_completion}",
            "5:20 error name-taken",
            "`createChatCompletion` is called so",
        ),
        ("enums: {Role.user: ASSISTANT}", "5:15 error name-taken", "is called so"),
        (
            "parameters: {createChatCompletion.X-Trace: chat_request}",
            "5:20 error name-taken",
            "is called so",
        ),
        ("colours: {a: b}", "5:7 error unknown-key", "its keys are vendor, schemas"),
        ("schemas: {Role: 1}", "5:17 error not-a-string", "takes a string"),
    ],
)
def test_what_cannot_be_is_refused(names: str, place: str, said: str) -> None:
    assert_refused(generate("python", names), place, said)


@each_target
def test_two_pins_may_change_places_but_not_share_one(target: Language) -> None:
    swapped = "properties: {ChatRequest.n: top_p, ChatRequest.top_p: n}"
    assert generate(target, swapped).exit_code == 0
    shared = generate(target, "schemas: {Role: Same, Message: Same}")
    assert shared.exit_code == 1
    assert "name-taken: `Same` cannot be the name" in shared.stderr


@each_target
def test_a_pin_holds_in_a_slice_that_leaves_its_thing_out(target: Language) -> None:
    text = project(target, "schemas: {Role: Kind}")
    sliced = text.replace("    targets", "    operations: [listModels]\n    targets")
    Path("chatwright.yaml").write_text(sliced, encoding="utf-8")
    assert run("generate").exit_code == 0


@each_target
def test_what_can_be_pinned_is_shown_as_it_is_written(target: Language) -> None:
    assert generate(target, "operations: {listModels: models}").exit_code == 0
    shown = run("inspect", "acme", "--names").stdout
    assert '    "ChatRequest_tools_inner": ChatRequestToolsInner\n' in shown
    assert '    "listModels": models\n' in shown
    assert '    "createChatCompletion.requestBody": chat_request\n' in shown
    listed = [line[2:] for line in shown.splitlines()[1:]]
    again = generate(target, *listed)
    assert again.exit_code == 0, again.stderr
    assert run("inspect", "acme", "--names").stdout == shown


@pytest.mark.parametrize(("language", "member"), [("python", "USER"), ("rust", "User")])
@each_target
def test_names_are_shown_as_another_target_spells_them(
    target: Language, language: str, member: str
) -> None:
    assert generate(target, "{}").exit_code == 0
    shown = run("inspect", "acme", "--names", "--target", language).stdout
    assert f'    "Role.user": {member}\n' in shown
    document = run("inspect", "--spec", "acme.yaml", "--names", "--target", language)
    assert document.stdout == shown
