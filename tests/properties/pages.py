"""What properties of pages share: packs opened for one example, and the questions of a pack."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import evidencekb as ekb
from evidencekb.testing import Pack, built
from evidencekb.vocab import DIMENSIONS

Asked = dict[str, str]

ENDED = re.compile(r"[.?!…][\"'”’)\]]*$")
"""The end of a sentence."""


@contextmanager
def opened(pack: Pack) -> Iterator[ekb.KnowledgeBase]:
    """A pack, sealed and opened in a folder of its own."""
    with TemporaryDirectory() as folder, built(pack, Path(folder)) as kb:
        yield kb


def subjects(pack: Pack) -> dict[str, list[str]]:
    """Ids of a pack's subjects by dimension, in the order of dimensions."""
    held = {dimension: [c["id"] for c in pack["concepts"] if c["kind"] == dimension] for dimension in DIMENSIONS}
    held["cohort"] = [cohort["id"] for cohort in pack["cohorts"]]
    return {dimension: ids for dimension, ids in held.items() if ids}


def singles(pack: Pack) -> list[Asked]:
    """A question about each subject."""
    return [{dimension: id} for dimension, ids in subjects(pack).items() for id in ids]


def mixes(pack: Pack) -> list[Asked]:
    """Every role with every skill, one mix of every two other dimensions, and one of all dimensions at once."""
    held = subjects(pack)
    found = [{"role": role, "skill": skill} for role, skill in product(held.get("role", ()), held.get("skill", ()))]
    for one, other in combinations(held, 2):
        if (one, other) != ("role", "skill"):
            found.append({one: held[one][0], other: held[other][-1]})
    if len(held) > 2:
        found.append({dimension: ids[-1] for dimension, ids in held.items()})
    return found


def every_page(kb: ekb.KnowledgeBase, pack: Pack, **options: Any) -> list[ekb.Brief]:
    """The pages of all these questions."""
    return list(ekb.briefs(kb, [*singles(pack), *mixes(pack)], **options))


def said(page: ekb.Brief) -> dict[str, Any]:
    """All that a page says as plain data, without what names the state of the data."""
    return {name: value for name, value in page.to_dict().items() if name not in ("digest", "stamp")}
