"""How names are spelt in Rust: as OpenAPI Generator's `rust` generator spells them.

What that generator leaves without a letter (`é`) keeps its letters here, and what it makes a
keyword is a raw identifier where Rust has one (`r#type`).
"""

from __future__ import annotations

import functools
import re
import unicodedata

from chatwright.targets.text import visible
from chatwright.targets.words import camelized, joined, sanitized, underscored

# Rust reference, section 2.3 (edition 2024).
_KEYWORDS = """
    abstract as async await become box break const continue crate do dyn else enum extern false
    final fn for gen if impl in let loop macro match mod move mut override priv pub ref return self
    static struct super trait true try type typeof unsafe unsized use virtual where while yield
"""
KEYWORDS = frozenset(_KEYWORDS.split())
_NEVER_RAW = frozenset({"crate", "self", "super", "_"})
# What the prelude has, and the modules of models use: none of them is called so.
_USED = """
    Box Clone Copy Debug Default Deserialize Deserializer Eq Err From Hash Into None Ok Option Ord
    PartialEq PartialOrd Result Self Serialize Serializer Some String ToString TryFrom Vec
"""
_PRELUDE = frozenset(_USED.split())
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_DEVICE = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9])", re.IGNORECASE)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_VARIANT = re.compile(r"[A-Z][A-Za-z0-9]*")
_LONGEST = 200
"""In bytes: file systems take 255, and endings and counters come after it."""
_SIGNS = {
    "$": "Dollar",
    "^": "Caret",
    "|": "Pipe",
    "=": "Equal",
    "*": "Star",
    "&": "Ampersand",
    "%": "Percent",
    "#": "Hash",
    "@": "At",
    "!": "Exclamation",
    "+": "Plus",
    ":": "Colon",
    ";": "Semicolon",
    ">": "Greater_Than",
    "<": "Less_Than",
    "?": "Question_Mark",
    ",": "Comma",
    "'": "Quote",
    '"': "Double_Quote",
    "/": "Slash",
    "\\": "Back_Slash",
    "(": "Left_Parenthesis",
    ")": "Right_Parenthesis",
    "{": "Left_Curly_Bracket",
    "}": "Right_Curly_Bracket",
    "[": "Left_Square_Bracket",
    "]": "Right_Square_Bracket",
    "~": "Tilde",
    "`": "Backtick",
}


def struct(name: str) -> str:
    """The type of a schema: `chat_message` is ChatMessage."""
    word = _short(_camel(name, "model"))
    is_taken = word in _PRELUDE or _DEVICE.fullmatch(word)
    return f"Model{word}" if is_taken else word


def group(tag: str) -> str:
    """The group of a tag's operations: `chat completions` is ChatCompletions."""
    word = camelized(sanitized(tag)) or tag or "default"
    return _short(_camel(f"Class{word}" if word[0].isdigit() else word, "api"))


def module(name: str) -> str:
    """The module of a type or of a group of operations, which is a file's name too.

    Rust reads no file for a module whose name is not ASCII (rustc's E0754).
    """
    spelt = _snake(visible(name), "model")
    word = _short(_NOT_ASCII.sub(lambda found: f"u{ord(found[0]):x}", spelt))
    is_taken = word in KEYWORDS or word in ("mod", "_") or _DEVICE.fullmatch(word)
    return f"model_{word}" if is_taken else word


def field(name: str) -> str:
    """The field of a property: `finishReason` is finish_reason, `type` is r#type."""
    return _raw(_snake(name, "param"), "param")


def argument(name: str) -> str:
    """The argument of a parameter."""
    return _raw(_snake(name, "param"), "param")


def function(operation_id: str) -> str:
    """The function of an operation: `createChatCompletion` is create_chat_completion."""
    return _raw(_snake(joined(operation_id), "call"), "call")


def variant(value: str) -> str:
    """The variant of an enum's value: `system` is System, `` is Empty, `1x` is Variant1x."""
    if not value:
        return "Empty"
    word = _camel(value, "variant")
    return f"Variant{word}" if word == "Self" else word


def is_variant(name: str) -> bool:
    """Whether a name can be a variant as it is: Rust writes these without underscores."""
    return _VARIANT.fullmatch(name) is not None and name != "Self"


def plain(identifier: str) -> str:
    """An identifier without the mark of a raw one."""
    return identifier.removeprefix("r#")


def _short(word: str) -> str:
    """As much of a word as the name of a file has room for."""
    return word.encode()[:_LONGEST].decode(errors="ignore")


def _raw(word: str, prefix: str) -> str:
    if word in _NEVER_RAW:
        return f"{prefix}_{word}".rstrip("_")
    return f"r#{word}" if word in KEYWORDS else word


@functools.lru_cache(maxsize=10_000)
def _snake(name: str, prefix: str) -> str:
    word = underscored(_cleaned(name))
    if word.isidentifier():
        return word
    return f"{prefix}_{word}" if word else prefix


@functools.lru_cache(maxsize=10_000)
def _camel(name: str, prefix: str) -> str:
    word = camelized(underscored(_cleaned(name)))
    return word if word.isidentifier() else f"{prefix.capitalize()}{word}"


def _cleaned(name: str) -> str:
    """The letters, digits and underscores of a name; other signs as words, or underscores."""
    ends = name.endswith("_")
    words = "".join(
        f"{_SIGNS[sign]}_" if sign in _SIGNS else sign
        for sign in name.replace("-", "_")
    )
    if not ends:
        words = words.removesuffix("_")
    separated = re.sub(r"[. ]", "_", words)
    ascii_only = re.sub(r"[^A-Za-z0-9_]", "", separated)
    if ascii_only.strip("_") or not separated.strip("_"):
        return ascii_only
    kept = visible(unicodedata.normalize("NFKC", separated))
    return "".join(sign if f"_{sign}".isidentifier() else "_" for sign in kept)
