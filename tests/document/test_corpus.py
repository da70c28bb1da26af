"""Real vendors' documents, where they are at hand."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import yaml

from chatwright.document import Node, full_check, load, schema_check
from chatwright.document.pointer import children

ROOT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("CHATWRIGHT_CORPUS", ROOT.parent / "shared" / "specs"))
DOCUMENTS = [
    path for path in sorted(CORPUS.glob("*/*")) if path.suffix in (".json", ".yaml")
]

pytestmark = pytest.mark.skipif(not DOCUMENTS, reason="the corpus is not here")


def same_texts(node: Node, texts: Node) -> bool:
    """Whether a tree is another of which every scalar is the text that was written."""
    stack = [(node, texts)]
    while stack:
        node, texts = stack.pop()
        if isinstance(node, dict | list):
            if [token for token, _ in children(node)] != [
                token for token, _ in children(texts)
            ]:
                return False
            stack.extend(
                (one, other)
                for (_, one), (_, other) in zip(
                    children(node), children(texts), strict=True
                )
            )
        elif isinstance(node, str) and node != texts:
            return False
    return True


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_is_read_as_others_read_it(path: Path) -> None:
    written = load(path).written.root
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        assert written == json.loads(text)
    else:
        loader = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
        assert same_texts(written, yaml.load(text, Loader=loader))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_finding_has_a_place(path: Path) -> None:
    document = load(path)
    findings = schema_check(document)
    if path.stat().st_size < 200_000:
        findings += full_check(document)
    for finding in findings:
        assert finding.location is not None
        assert finding.excerpt
        assert "gives up" not in finding.message
