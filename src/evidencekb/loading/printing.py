"""The part of a build that prints the references of all sources in the pack's styles."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from evidencekb.engines import sqlite
from evidencekb.loading.assembling import Assembled
from evidencekb.sources.formatting import STYLES, Style, style_of
from evidencekb.sources.subsets import can_keep, kept_of
from evidencekb.store.styles import pack_style


def add_styles(
    assembled: Assembled, connection: sqlite3.Connection, tell: Callable[[str], None], *, references: bool
) -> None:
    """Fill the table ``style``; and ``printed`` from ``listed``, one source at a time.

    Of a pack too large for ``listed`` nothing is printed: its references are printed when they are asked for.

    Args:
        assembled: The pack.
        connection: The file.
        tell: Told what is being done.
        references: Whether to print references; else that is left to those who ask.
    """
    some = connection.execute("SELECT EXISTS (SELECT 1 FROM listed)").fetchone()[0]
    for name in assembled.manifest.styles if assembled.manifest else ():
        text = pack_style(name, assembled.root)
        # A style that ships is at hand wherever the file is read; one of the pack's own goes with it.
        own = "" if name in STYLES else text.decode()
        sqlite.insert(connection, "style", [(name, sha256(text).hexdigest(), own)])
        if references and some and can_keep(text):
            tell(f"printing references, {name}")
            sqlite.insert(connection, "printed", _rows(connection, style_of(text, name)))


def _rows(connection: sqlite3.Connection, style: Style) -> Iterator[tuple[Any, ...]]:
    for source, body in connection.execute("SELECT source, body FROM listed ORDER BY source"):
        if (kept := kept_of(json.loads(body)["csl"], style)) is not None:
            people = json.dumps(kept.people, ensure_ascii=False, separators=(",", ":")) if kept.people else ""
            yield style.name, source, kept.text, kept.html, kept.markdown, kept.short, kept.reads, people
