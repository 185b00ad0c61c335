"""What became of the sources of a pack: their standing, and the addresses that they give.

Both ask services, through a :class:`~evidencekb.sources.client.Client` that the caller opens. The pack itself is only read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING, Any, TypeVar

from evidencekb.errors import UnknownIdError
from evidencekb.names import near
from evidencekb.queries.subjects import Many, day, many

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase
    from evidencekb.sources.client import Client
    from evidencekb.sources.links import LinkReport
    from evidencekb.sources.standing.report import StandingReport
    from evidencekb.sources.standing.resting import Reading
    from evidencekb.sources.standing.retraction_watch import RetractionWatch
    from evidencekb.sources.standing.zotero import ZoteroList

Progress = Callable[[int, int], None]
T = TypeVar("T")

_READINGS = """
    SELECT c.value ->> 'source', r.id, coalesce(c.value -> 'read' ->> 'on', ''), c.value ->> 'role'
    FROM record r, json_each(r.body, '$.citations') c WHERE r.kind = 'finding'
"""
_THROUGH = """
    SELECT scope, target, origin FROM reach WHERE kind = 'chain' AND origin <> target ORDER BY scope, target, steps, origin
"""


def standing(
    kb: KnowledgeBase,
    sources: Many = None,
    *,
    client: Client | None = None,
    retraction_watch: RetractionWatch | str | PathLike[str] | None = None,
    zotero: ZoteroList | str | PathLike[str] | None = None,
    today: str | None = None,
    progress: Progress | None = None,
) -> StandingReport:
    """What happened to sources since they came out, and which findings and claims rest on those that changed.

    What the pack records is part of the report, whether anybody is asked or not. What could not be asked is said, with its
    reason, and is never taken for good news.

    Args:
        kb: The knowledge base.
        sources: Ids of sources, one or several; all of the pack when left out.
        client: Asks Crossref, twice a source; without it Crossref is not asked.
        retraction_watch: Retraction Watch's list, read or as the path of its CSV file.
        zotero: Zotero's list, read or as the path of its JSON file.
        today: The day of the check, YYYY-MM-DD; by default today.
        progress: Told how many sources are done, and of how many.

    Returns:
        One entry for each source, in the order given or by id; ``resting`` names every finding that has a changed source
        as its primary or as a relay, the relays that passed its figures on, and the claims on that finding.

    Raises:
        UnknownIdError: If a source does not exist.
        OSError: If a list cannot be opened.

    Examples:
        >>> from evidencekb import load
        >>> report = standing(load(), "tonerrodgers2024artificial", today="2026-01-15")
        >>> report.sources[0].recorded, report.summary
        ('disavowed', '1 source, as of 2026-01-15: 1 could not be checked')
        >>> [(rest.finding, rest.role) for rest in report.resting]
        [('toner-rodgers-2024-disavowed', 'primary')]
    """
    from evidencekb.sources.standing.checking import check_each
    from evidencekb.sources.standing.report import StandingReport
    from evidencekb.sources.standing.retraction_watch import read_retraction_watch
    from evidencekb.sources.standing.zotero import read_zotero_list

    ids = _source_ids(kb, sources)
    readings = readings_of(kb)
    if isinstance(retraction_watch, (str, PathLike)):
        retraction_watch = read_retraction_watch(retraction_watch)
    if isinstance(zotero, (str, PathLike)):
        zotero = read_zotero_list(zotero)
    on = day("today", today)
    rows = check_each(
        _records(kb, ids),
        client=client,
        retraction_watch=retraction_watch,
        zotero=zotero,
        readings=readings,
        today=on,
    )
    placed = tuple(replace(row, place=kb.place("source", row.source)) for row in _counted(rows, len(ids), progress))
    supports = kb.rows("SELECT DISTINCT claim, finding FROM support ORDER BY claim, finding")
    unread = [*(retraction_watch.violations if retraction_watch else ()), *(zotero.violations if zotero else ())]
    return StandingReport(on, placed, unread=tuple(unread)).with_resting(
        readings, ((claim, finding) for claim, finding in supports)
    )


def links(
    kb: KnowledgeBase,
    sources: Many = None,
    *,
    client: Client,
    today: str | None = None,
    progress: Progress | None = None,
) -> LinkReport:
    """What became of the addresses of sources: DOI, URL, arXiv and PubMed number.

    Args:
        kb: The knowledge base.
        sources: Ids of sources, one or several; all of the pack when left out.
        client: Asks; what it keeps from earlier times is not used, since the question is how things are now.
        today: The day of the check, YYYY-MM-DD; by default today.
        progress: Told how many sources are done, and of how many.

    Raises:
        UnknownIdError: If a source does not exist.

    Examples:
        >>> from evidencekb import load
        >>> from evidencekb.sources.client import Client
        >>> with Client(offline=True) as client:
        ...     links(load(), "mit2025record", client=client, today="2026-01-15").summary
        '1 link, as of 2026-01-15: 1 could not be checked'
    """
    from evidencekb.sources.links import LinkReport, check_each

    ids = _source_ids(kb, sources)
    found = tuple(_counted(check_each(_records(kb, ids), client=client), len(ids), progress))
    without = (id for id, of_source in zip(ids, found, strict=True) if not of_source)
    return LinkReport(day("today", today), tuple(link for of_source in found for link in of_source), tuple(without))


def readings_of(kb: KnowledgeBase) -> tuple[Reading, ...]:
    """Which finding has its figures from which source, or through it, sorted by finding."""
    from evidencekb.sources.standing.resting import Reading

    through: dict[tuple[str, str], list[str]] = {}
    for finding, source, relay in kb.rows(_THROUGH):
        through.setdefault((finding, source), []).append(relay)
    found = (
        Reading(source, finding, read_on, role, tuple(through.get((finding, source), ())))
        for source, finding, read_on, role in kb.rows(_READINGS)
    )
    return tuple(sorted(found, key=lambda reading: (reading.finding, reading.source, reading.role, reading.read_on)))


def _source_ids(kb: KnowledgeBase, sources: Many) -> tuple[str, ...]:
    """Ids of sources that exist, each once.

    Raises:
        UnknownIdError: If one does not.
    """
    known = kb.ids("source")
    asked = tuple(dict.fromkeys(many("source", sources))) or known
    there = set(known)
    for id in asked:
        if id not in there:
            raise UnknownIdError("source", id, near(id, known))
    return asked


def _records(kb: KnowledgeBase, ids: Iterable[str]) -> Iterator[dict[str, Any]]:
    return (kb.record("source", id) for id in ids)


def _counted(rows: Iterable[T], total: int, progress: Progress | None) -> Iterator[T]:
    """The same, telling how far it is."""
    for done, row in enumerate(rows, start=1):
        if progress:
            progress(done, total)
        yield row
