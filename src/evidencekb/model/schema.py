"""JSON Schemas of pack files, written from the models, so that an editor completes and checks every field.

``python -m evidencekb.model.schema data/schema`` writes them; a test keeps them current.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from evidencekb.model import KINDS, LISTS, Manifest

_DIALECT = GenerateJsonSchema.schema_dialect
_REFS = "#/$defs/{model}"


def schemas() -> dict[str, dict[str, Any]]:
    """The schemas by file name: one for ``pack.yaml``, one for every other YAML file of a pack.

    Examples:
        >>> sorted(schemas())
        ['pack.schema.json', 'records.schema.json']
    """
    return {"pack.schema.json": _manifest(), "records.schema.json": _records()}


def schema_texts() -> dict[str, str]:
    """The schemas as they are written."""
    return {name: json.dumps(schema, ensure_ascii=False, indent=2) + "\n" for name, schema in schemas().items()}


def _manifest() -> dict[str, Any]:
    return {"$schema": _DIALECT, **Manifest.model_json_schema(), "title": "Manifest of an evidencekb pack"}


def _records() -> dict[str, Any]:
    inputs = [(kind, "validation", TypeAdapter(model)) for kind, model in KINDS.items()]
    by_kind, shared = TypeAdapter.json_schemas(inputs, ref_template=_REFS)  # type: ignore[arg-type]  # mode is a literal
    lists = {
        name: {
            "type": ["array", "null"],
            "items": by_kind[kind, "validation"],
            "description": f"Records of kind {kind}.",
        }
        for name, kind in LISTS.items()
    }
    return {
        "$schema": _DIALECT,
        "title": "A file of an evidencekb pack",
        "type": "object",
        "properties": lists,
        "additionalProperties": False,
        **shared,
    }


def main(folder: Path) -> None:
    """Write the schemas into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schema_texts().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
