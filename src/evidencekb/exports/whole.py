"""A whole pack as one JSON document, streamed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from evidencekb.model import LISTS
from evidencekb.store.jsonl import jsonl_line

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

_STEP = 1_000


def pack_json(kb: KnowledgeBase, *, progress: Callable[[int, int], None] | None = None) -> Iterator[str]:
    """All records of a knowledge base as one JSON document, part by part.

    Under ``pack`` stand its name, version, digest and the like; then each list of records by its name in a pack's files, the
    records in canonical form and sorted by id. A list without records is there and empty. Memory does not grow with the pack.

    Args:
        kb: The knowledge base.
        progress: Told how many records are done, of how many.

    Examples:
        >>> from evidencekb import load
        >>> document = json.loads("".join(pack_json(load())))
        >>> document["pack"]["pack"], [source["id"] for source in document["sources"] if source["id"].startswith("noy")]
        ('evidencekb', ['noy2023experimental', 'noy2023wp'])
    """
    total, done = kb.rows("SELECT COUNT(*) FROM record")[0][0], 0
    yield f'{{"pack":{json.dumps(kb.stamp, ensure_ascii=False)}'
    for name, kind in LISTS.items():
        yield f',\n"{name}":['
        between = "\n"
        for (body,) in kb.stream("SELECT body FROM record WHERE kind = ? ORDER BY id", (kind,)):
            yield f"{between}{jsonl_line(kind, body)}"
            between = ",\n"
            done += 1
            if progress is not None and (done % _STEP == 0 or done == total):
                progress(done, total)
        yield "]"
    yield "}\n"
