"""What a document says of models that a crate has to say too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.building import built, crate

DOCUMENT = """\
openapi: 3.2.0
info: {title: T, version: "1"}
paths: {}
components:
  schemas:
    A: {type: object, required: [kind], properties: {kind: {type: string}, a: {type: string}}}
    B: {type: object, required: [kind], properties: {kind: {type: string}, b: {type: string}}}
    Either:
      oneOf: [{$ref: "#/components/schemas/A"}, {$ref: "#/components/schemas/B"}]
      discriminator: {propertyName: kind, mapping: {"": A, b: B}DEFAULT}
"""


@pytest.mark.parametrize(
    ("default", "expected"),
    [
        ("", '        "b" is B;\n    }'),
        (", defaultMapping: A", '        "b" is B;\n        else Empty;\n    }'),
        (", defaultMapping: B", '        "b" is B;\n        else B;\n    }'),
    ],
)
def test_any_other_value_tells_what_the_document_says(
    default: str, expected: str, tmp_path: Path
) -> None:
    document = tmp_path / "document.yaml"
    document.write_text(DOCUMENT.replace("DEFAULT", default))
    model = built(document, crate("sample")).files["src/models/either.rs"].decode()
    assert f'        "" is Empty;\n{expected}' in model
