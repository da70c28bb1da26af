"""Strings and numbers that fit a schema."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from functools import cache

from tests.loopback.nodes import Object

_FORMATS = {
    "date-time": "2026-01-02T03:04:05Z",
    "date": "2026-01-02",
    "time": "03:04:05Z",
    "duration": "PT1S",
    "uuid": "6f1b6c1e-2b7c-4d56-9d0f-3c2a1b0e4d5f",
    "uri": "https://example.com/a",
    "uri-reference": "/a",
    "url": "https://example.com/a",
    "email": "a@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "byte": "aGVsbG8=",
    "binary": "aGVsbG8=",
}


def strings(schema: Object, name: str) -> Iterator[str]:
    """The name itself or a text of the format, then some of the pattern."""
    value = _FORMATS.get(str(schema.get("format")), name)
    least, most = schema.get("minLength"), schema.get("maxLength")
    if isinstance(least, int):
        value = value.ljust(least, "x")
    yield value[:most] if isinstance(most, int) else value
    if isinstance(pattern := schema.get("pattern"), str):
        yield from _matching(pattern)


@cache
def _matching(pattern: str) -> tuple[str, ...]:
    """Texts that a pattern matches, the same ones each time; none where it is not Python's."""
    # It takes a fifth of a second to import, and few documents have patterns.
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
    from hypothesis.errors import InvalidArgument

    try:
        ascii_ = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
        texts = st.from_regex(re.compile(pattern), alphabet=ascii_)
        texts.validate()
    except (re.error, InvalidArgument):
        return ()
    found: list[str] = []

    @settings(
        max_examples=20,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    )
    @given(texts)
    def keep(text: str) -> None:
        found.append(text)

    keep()
    return tuple(sorted(set(found), key=lambda text: (len(text), text)))


def numbers(
    schema: Object, name: str, shape: Callable[[int], int | float]
) -> Iterator[int | float]:
    """A number that differs from property to property, then the bounds themselves."""
    yield shape(zlib.crc32(name.encode()) % 1000)
    for bound, step in (
        ("minimum", 0),
        ("maximum", 0),
        ("exclusiveMinimum", 1),
        ("exclusiveMaximum", -1),
        ("multipleOf", 0),
    ):
        value = schema.get(bound)
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield value + step
    yield 1
