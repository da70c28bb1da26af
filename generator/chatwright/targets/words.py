"""The words of names, as OpenAPI Generator parts and joins them for every language."""

from __future__ import annotations

import functools
import re


def joined(operation_id: str) -> str:
    """An operationId before it is spelt: `list-runs_v1` is listRunsV1."""
    words = re.split("[-_:;#]", operation_id)
    word = "".join(each[:1].upper() + each[1:] for each in words)
    return word[:1].lower() + word[1:]


def camelized(word: str) -> str:
    """The words between underscores in camel case: `chat_message` is ChatMessage."""
    return "".join(part[:1].upper() + part[1:] for part in word.split("_"))


@functools.lru_cache(maxsize=10_000)
def underscored(word: str) -> str:
    """The words of a camel case name in lower case, joined with `_`."""
    parted = re.sub(r"([A-Z]+)([A-Z][a-z][a-z]+)", r"\1_\2", word)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", parted).lower()


@functools.lru_cache(maxsize=10_000)
def sanitized(name: str) -> str:
    """The name with the separators of its words as `_`, and ASCII letters, digits and `_` only."""
    if name == "$":
        return "value"
    separated = re.sub(r"[\[(.:\-| /\\]", "_", name.replace("[]", ""))
    return re.sub(r"[^A-Za-z0-9_]", "", separated)


def next_name(name: str) -> str:
    """The name after a taken one: `id` gives id2, which gives id3."""
    counted = re.search(r"[0-9]{1,9}\Z", name)
    if counted is None:
        return f"{name}2"
    return f"{name[: counted.start()]}{int(counted.group()) + 1}"
