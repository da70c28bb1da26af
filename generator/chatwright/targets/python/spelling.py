"""How OpenAPI Generator's `python` generator spells a document's names (7.26.0).

Each function turns one name of the document into one Python name, without regard to other names.
Where that generator's result is no identifier, the name is spelled so that it is one.
"""

from __future__ import annotations

import functools
import keyword
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from chatwright.targets.text import visible
from chatwright.targets.words import camelized, joined, sanitized, underscored

_PYTHON = (
    "and as assert async await break class continue def del elif else except false finally for "
    "from global if import in is lambda none nonlocal not or pass raise return true try while "
    "with yield"
)
_MODULES = (
    "all_params auth_settings base64 body_params date exec field float form_params header_params "
    "json local_var_files path_params print property query_params resource_path schema self"
)
_MODELS = (
    "from_dict from_json model_computed_fields model_config model_construct model_copy "
    "model_dump model_dump_json model_extra model_fields model_fields_set model_json_schema "
    "model_parametrized_name model_post_init model_rebuild model_validate model_validate_json "
    "model_validate_strings to_dict to_json to_str"
)

RESERVED = frozenset(f"{_PYTHON} {_MODULES} {_MODELS}".split())
"""Words, in lower case, that no attribute, argument, method or class is called: Python's keywords,
and names that OpenAPI Generator's modules and models use."""

_SPECIAL: Mapping[str, str] = {
    "!": "Exclamation",
    '"': "Double_Quote",
    "#": "Hash",
    "$": "Dollar",
    "%": "Percent",
    "&": "Ampersand",
    "'": "Quote",
    "(": "Left_Parenthesis",
    ")": "Right_Parenthesis",
    "*": "Star",
    "+": "Plus",
    ",": "Comma",
    "-": "Minus",
    "/": "Slash",
    ":": "Colon",
    ";": "Semicolon",
    "<": "Less_Than",
    "=": "Equal",
    ">": "Greater_Than",
    "?": "Question_Mark",
    "@": "At",
    "[": "Left_Square_Bracket",
    "\\": "Back_Slash",
    "]": "Right_Square_Bracket",
    "^": "Caret",
    "`": "Backtick",
    "{": "Left_Curly_Bracket",
    "|": "Pipe",
    "}": "Right_Curly_Bracket",
    "~": "Tilde",
    "€": "Euro",
}
_ESCAPES = str.maketrans(
    {"\\": "\\\\", "'": "\\'", '"': '\\"', "\n": " ", "\r": " ", "\t": " "}
)


def class_name(name: str) -> str:
    """The class of the schema called `name`: `chat-message` is ChatMessage."""
    word = camelized(sanitized(name)) or _normal(camelized(_letters(name)))
    if not word or word.lower() in RESERVED or not word.isidentifier():
        return _normal(f"Model{word}")
    return word


def module_name(class_name: str) -> str:
    """The module of a class: HTTPResponse is in http_response."""
    return underscored(class_name)


def api_class(tag: str) -> str:
    """The class of a tag's operations: `chat completions` is ChatCompletionsApi."""
    word = camelized(sanitized(tag)) or _normal(camelized(_letters(tag))) or "Default"
    return _normal(f"{word}Api" if word.isidentifier() else f"Api{word}Api")


@functools.lru_cache(maxsize=10_000)
def attribute(name: str) -> str:
    """The attribute of a property: `finishReason` is finish_reason, `class` is var_class."""
    word = _variable(sanitized(name)) or _normal(_variable(_letters(name)))
    if not word or word in RESERVED or not word.isidentifier():
        return f"var_{word}" if word else "var"
    return word


def argument(name: str) -> str:
    """The argument of a parameter: as an attribute, but `callback` is param_callback."""
    return "param_callback" if name == "callback" else attribute(name)


def method(operation_id: str) -> str:
    """The method of an operation: `createChatCompletion` is create_chat_completion."""
    camel = joined(operation_id)
    if camel.lower() in RESERVED or camel[:1].isdigit():
        camel = f"call_{camel}"
    word = underscored(sanitized(camel)).lstrip("_") or _variable(
        _letters(operation_id)
    )
    if not word or word in RESERVED or not word.isidentifier():
        return f"call_{word}" if word else "call"
    return word


def enum_member(value: Any) -> str:
    """The enum member for a JSON value: `gpt-4` is GPT_MINUS_4, 1 is NUMBER_1, "" is EMPTY."""
    match value:
        case bool() | None:
            word = str(value).upper()
        case int() | float():
            word = (
                f"NUMBER_{value}".replace("-", "MINUS_").replace(".", "_DOT_").upper()
            )
        case str():
            word = _string_member(value)
        case _:
            word = ""
    kept = (char for char in visible(_normal(word)) if f"_{char}".isidentifier())
    word = _normal("".join(kept).upper()).strip("_")
    if not word:
        return "VALUE"
    return word if word.isidentifier() else f"ENUM_{word}"


def is_member(name: str) -> bool:
    """Whether an enum can have a member of this name: an identifier that enums leave free."""
    free = name.isascii() and name.isidentifier() and not keyword.iskeyword(name)
    return free and not name.startswith("_") and name not in ("mro", "name", "value")


def _variable(word: str) -> str:
    lowered = word.lower() if re.fullmatch(r"[A-Z_]*", word) else word
    return underscored(lowered).lstrip("_")


def _letters(name: str) -> str:
    """What an identifier can hold of a name that has no ASCII letter or digit."""
    shown = visible(_normal(name))
    kept = (char if f"_{char}".isidentifier() else "_" for char in shown)
    return "".join(kept).strip("_")


def _normal(name: str) -> str:
    return unicodedata.normalize("NFKC", name)


def _string_member(value: str) -> str:
    text = value.replace(".", "_DOT_").translate(_ESCAPES)
    named = {"": "EMPTY", " ": "SPACE", "_": "UNDERSCORE"}.get(text)
    if named is not None:
        return named
    if text in _SPECIAL:
        return _SPECIAL[text].upper()
    if any(char in _SPECIAL for char in text):
        spelled = "".join(
            f"{_SPECIAL[char]}_" if char in _SPECIAL else char for char in text
        )
        text = underscored(spelled)
    return text.upper().replace(" ", "_")
