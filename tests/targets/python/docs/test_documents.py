"""Documents of packages.

`peer/*/expected` is what OpenAPI Generator 7.26.0 wrote for the case's document, and is never
rewritten; `golden/*/expected` is ours, which `--update-golden` rewrites.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from chatwright.document import load
from chatwright.parser import parse
from chatwright.targets.python import docs
from chatwright.targets.python.names import decide
from chatwright.targets.python.settings import Flavour, PackageSettings

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
SEEDS = Path(os.environ.get("CHATWRIGHT_SEEDS", ROOT.parent / "shared" / "seeds"))
DIGESTS = json.loads((ROOT / "tests" / "seed_digests.json").read_text(encoding="utf-8"))
VENDORS: tuple[tuple[str, str, Flavour, str], ...] = (
    ("gabber", "gabber.generated.gabber", "async", "InferenceApi"),
    ("openai", "openapiopenai", "sync", "ChatApi"),
    ("tachyon", "tachyon_sdk", "sync", "ChatApi"),
    ("together", "together.generated", "async", "ChatApi"),
)


def written(
    document: Path, package: str = "pkg", flavour: Flavour = "sync"
) -> dict[str, str]:
    overlay = document.with_name(f"{document.stem}.overlay.yaml")
    api = parse(load(document, overlays=[overlay] if overlay.exists() else [])).api
    settings = PackageSettings(
        package=package, distribution="dist", version="1.0.0", flavour=flavour
    )
    return docs.files(api, decide(api, package), settings)


def seed_text(text: str, name: str) -> str:
    """A document as the seed has it: one seed lost its trailing white space."""
    if not DIGESTS[name].get("stripped"):
        return text
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip()


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor[0])
def test_vendors_documents_are_the_seeds(vendor: tuple[str, str, Flavour, str]) -> None:
    name, package, flavour, api = vendor
    seed = f"{name}-python-{api}.md"
    files = written(ROOT / "specs" / f"{name}.yaml", package, flavour)
    text = seed_text(files[f"docs/{api}.md"], seed)
    if (SEEDS / seed).exists():
        assert text == seed_text((SEEDS / seed).read_text(encoding="utf-8"), seed)
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert digest == DIGESTS[seed]["sha256"]


@pytest.mark.parametrize(
    "case", sorted((HERE / "peer").iterdir()), ids=lambda case: case.name
)
def test_documents_of_apis_are_openapi_generators(case: Path) -> None:
    files = written(case / "document.yaml")
    for expected in sorted((case / "expected").rglob("*.md")):
        path = expected.relative_to(case / "expected").as_posix()
        assert files[path] == expected.read_text(encoding="utf-8"), path


@pytest.mark.parametrize(
    "case", sorted((HERE / "golden").iterdir()), ids=lambda case: case.name
)
def test_documents_are_golden(case: Path, update_golden: bool) -> None:
    files = written(case / "document.yaml")
    for expected in sorted((case / "expected").rglob("*.md")):
        path = expected.relative_to(case / "expected").as_posix()
        if update_golden:
            expected.write_text(files[path], encoding="utf-8")
        assert files[path] == expected.read_text(encoding="utf-8"), path


def test_a_guide_gives_way_to_a_model() -> None:
    files = written(HERE / "golden" / "chat" / "document.yaml")
    assert files["docs/Streaming.md"].startswith("# Streaming\n\n\n## Properties")
    assert "(docs/guide-streaming.md)" in files["README.md"]


def test_no_guide_to_streams_without_a_stream() -> None:
    files = written(HERE / "peer" / "authorization" / "document.yaml")
    assert not [path for path in files if "treaming" in path]
    assert "streaming" not in files["README.md"].lower()


def test_async_documents_await() -> None:
    document = written(HERE / "peer" / "responses" / "document.yaml", flavour="async")
    text = document["docs/ResponsesApi.md"]
    assert "async with pkg.ApiClient(configuration) as api_client:" in text
    assert "        api_response = await api_instance.resp()" in text
