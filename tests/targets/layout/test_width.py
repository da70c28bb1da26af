"""Text is as wide as black says, over all of Unicode."""

from __future__ import annotations

import sys

from black.strings import str_width

from chatwright.targets.python.width import width


def test_agrees_with_black() -> None:
    differing = [
        code
        for code in range(sys.maxunicode + 1)
        if width(chr(code)) != str_width(chr(code))
    ]
    assert differing == []


def test_adds_up() -> None:
    assert width("aé漢字😀") == 1 + 1 + 2 + 2 + 2
