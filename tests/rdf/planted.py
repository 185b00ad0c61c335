"""The tiny packs of the seeds as RDF, and what validators say of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from evidencekb.engines import sqlite
from evidencekb.engines.sealing import memory_tables, write_meta
from evidencekb.kb import KnowledgeBase
from evidencekb.loading.assembling import assemble
from evidencekb.loading.intake import Intake
from evidencekb.rdf.lines import blocks, emitters
from evidencekb.rdf.names import base_of, record_iri
from evidencekb.seeds.changing import OutOfDate
from evidencekb.seeds.planting import Pair, planted_pair
from evidencekb.seeds.reading import Planted
from evidencekb.seeds.running import DAY, shipped_kit

_GRAPH = re.compile(r" <[^<>]*graph/[a-z]+> \.$", re.MULTILINE)
_META = ("digest", "sealed", "library", "report", "licence", "base", "title")


@dataclass(frozen=True, slots=True)
class Triples:
    """A pack as N-Triples.

    Attributes:
        text: The lines.
        lost: Kind and id of records that cannot be written, since a field or a term is not known.
    """

    text: str
    lost: tuple[tuple[str, str], ...] = ()


def triples_of(files: dict[str, str], *, derived: bool = True) -> Triples:
    """The N-Triples of a pack, whatever rules it breaks."""
    with TemporaryDirectory(prefix="evidencekb-shapes-") as name:
        folder = Path(name)
        for file, text in {"pack.yaml": "name: seed\nversion: 1.0.0\n", **files}.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        return _triples(folder, derived=derived)


def _triples(folder: Path, *, derived: bool) -> Triples:
    assembled = assemble(folder)
    with closing(memory_tables()) as connection:
        Intake(assembled, connection).fill(lambda _: None)
        sqlite.derive_links(connection)
        sqlite.derive_order(connection)
        meta = {"pack": assembled.name, "version": "1.0.0", "built_on": DAY.isoformat(), **dict.fromkeys(_META, "")}
        write_meta(connection, meta)
        kb = KnowledgeBase(connection, meta, folder)
        lines = list(blocks(kb, derived=derived))
        lost = []
        unread = {key: raw for key, raw in assembled.own.items() if key not in assembled.held}
        base = base_of(kb)
        for (kind, id), raw in unread.items():
            found: list[str] = []
            try:
                emitters(kb, base).kinds[kind](record_iri(base, kind, id), raw.data, found.append)
            except (KeyError, TypeError, AttributeError):
                lost.append((kind, id))
            lines += found
    return Triples(_GRAPH.sub(" .", "".join(lines)), tuple(lost))


@cache
def pairs() -> tuple[tuple[Planted, Pair], ...]:
    """Every seed that ships, with its two packs."""
    kit = shipped_kit()
    return tuple((planted, planted_pair(planted, kit.bed)) for planted in kit.planted)
