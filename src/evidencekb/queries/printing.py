"""Printing sources in a citation style: as the build kept them where it did, and anew where it did not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidencekb.__about__ import __version__
from evidencekb.answers import Formatted
from evidencekb.answers.records import flags_of
from evidencekb.errors import SealedFileError

if TYPE_CHECKING:
    from typing import TypeAlias

    from evidencekb.kb import KnowledgeBase
    from evidencekb.sources.formatting import Style
    from evidencekb.sources.subsets import Kept

    StyleName: TypeAlias = "str | Path | Style"

LOCALE = "en-US"
AMONG = "IN (SELECT value FROM json_each(?))"


def printed(kb: KnowledgeBase, keys: Sequence[str], style: StyleName, locale: str = LOCALE) -> tuple[Formatted, ...]:
    """The sources with these keys, each once, printed as one set; ``references`` says what it raises."""
    from evidencekb.sources import formatting, subsets

    found: Iterable[Formatted]
    if isinstance(style, formatting.Style):
        found = formatting.format_references(_items(kb, keys), style, locale=locale)
    else:
        name = str(style)
        rows = kb.rows("SELECT digest, text FROM style WHERE name = ?", (name,))
        digest, own = rows[0] if rows else ("", "")

        def opened() -> Style:
            return formatting.style_of(own.encode(), name) if own else formatting.load_style(name)

        kept: dict[str, Kept] = {}
        # What another version printed, or another edition of the style, is not mixed with what this one prints.
        if rows and kb.library == __version__ and locale == subsets.LOCALE:
            kept = _kept(kb, name, keys) if own or digest == formatting.shipped_digest(name) else {}
        if len(kept) == len(keys):
            found = subsets.put_together(keys, kept, lambda key: _items(kb, (key,))[0], opened)
        else:
            found = formatting.format_references(_items(kb, keys), opened(), locale=locale)
    flags = {
        id: flags_of(state, vendor)
        for id, state, vendor in kb.rows(f"SELECT id, standing, vendor FROM source WHERE id {AMONG}", _json(keys))
    }
    return tuple(replace(reference, flags=flags[reference.id]) for reference in found)


def _items(kb: KnowledgeBase, keys: Sequence[str]) -> list[dict[str, Any]]:
    """Sources as CSL-JSON."""
    if kb.maker:
        from evidencekb.sources.references import csl

        records = dict(kb.rows(f"SELECT id, body FROM record WHERE kind = 'source' AND id {AMONG}", _json(keys)))
        return [csl(_read(kb, records[key])) for key in keys]
    bodies = dict(kb.rows(f"SELECT source, body FROM listed WHERE source {AMONG}", _json(keys)))
    return [_read(kb, bodies[key])["csl"] for key in keys]


def _kept(kb: KnowledgeBase, style: str, keys: Sequence[str]) -> dict[str, Kept]:
    from evidencekb.sources.subsets import Kept

    rows = kb.rows(
        f"SELECT source, text, html, markdown, short, reads, people FROM printed WHERE style = ? AND source {AMONG}",
        (style, *_json(keys)),
    )
    return {
        source: Kept(text, html, markdown, short, reads, tuple(_people(kb, people)))
        for source, text, html, markdown, short, reads, people in rows
    }


def _people(kb: KnowledgeBase, text: str) -> Iterator[tuple[str, str]]:
    yield from ((family, given) for family, given in (_read(kb, text) if text else ()))


def _read(kb: KnowledgeBase, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as problem:
        raise SealedFileError(
            str(kb.path), f"damaged: a source cannot be read ({problem}); build it again"
        ) from problem


def _json(keys: Iterable[str]) -> tuple[str]:
    return (json.dumps(list(keys)),)
