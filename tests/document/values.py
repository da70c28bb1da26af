"""Strategies for trees of JSON's data model."""

from __future__ import annotations

from hypothesis import strategies as st

from chatwright.document import Node

# YAML forbids other control characters, surrogates and two non-characters (section 5.1).
TEXT = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
    | st.sampled_from('\n\t\r\\"\x00\x1f\x85\u2028\u2029:#-<'),
    max_size=20,
)

SCALARS: st.SearchStrategy[Node] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
)


def _containers(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.lists(children, max_size=4) | st.dictionaries(TEXT, children, max_size=4)


VALUES: st.SearchStrategy[Node] = st.recursive(SCALARS, _containers, max_leaves=20)
"""Trees whose texts YAML may hold unescaped."""
