"""Who tried a finding again: each link with the study it counts in, and why one does not count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from evidencekb.engines.studies import Classes

OWN_WORK, SAME_DATA, WITHDRAWN = "own_work", "same_data", "withdrawn"
"""Why a try is not counted: it stands in the original's own work, it has data in common with it, its source was withdrawn."""

Row = tuple[str, str, int, str, str, str, str, str, str]
"""Original, other, position of the link, type, outcome, work, class by certain bonds, class by all (the original itself, if they
may share data), why it is not counted."""

_WORK, _SAME = "work", frozenset({"link", "sample", "team"})
Mark = tuple[str, str]


def tries(links: Iterable[Mapping[str, Any]], bonds: Iterable[tuple[str, str, str, int]]) -> list[Row]:
    """Every link with the studies it counts in; classes are made among those that try one finding in one way.

    A third finding joins nothing here: a pool that holds an original and its replications makes no one study of them.

    Args:
        links: Rows of ``derive/tries``.
        bonds: Finding, kind, mark and certain, as in the table bond.

    Examples:
        Two versions of one paper, and a third paper.

        >>> links = [
        ...     {"finding": "o", "other": id, "position": 0, "type": "replicates", "outcome": "failed", "work": work, "gone": 0}
        ...     for id, work in (("a", "w"), ("b", "w"), ("c", "x"))
        ... ]
        >>> [(row[1], row[6]) for row in tries(links, [("a", "work", "w", 1), ("b", "work", "w", 1)])]
        [('a', 'a'), ('b', 'a'), ('c', 'c')]
    """
    marks: dict[str, set[tuple[Mark, bool]]] = defaultdict(set)
    for finding, kind, mark, certain in bonds:
        marks[finding].add(((kind, mark), bool(certain)))
    of: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for link in links:
        of[link["finding"], link["type"]].append(link)
    return [row for (finding, type_), held in sorted(of.items()) for row in _of_one(finding, type_, held, marks)]


def _of_one(
    finding: str, type_: str, links: list[Mapping[str, Any]], marks: Mapping[str, set[tuple[Mark, bool]]]
) -> Iterator[Row]:
    strict, lenient = Classes(), Classes()
    for link in links:
        other = link["other"]
        strict.add(other)
        lenient.add(other)
        for classes in (strict, lenient):
            classes.join(other, ("work", link["work"]))
        for mark, certain in marks.get(other, ()):
            lenient.join(other, mark)
            if certain:
                strict.join(other, mark)
    if type_ == "replicates":  # what may share data with the original may be no replication
        lenient.add(finding)
        for mark, _ in marks.get(finding, ()):
            lenient.join(finding, mark)
    by_strict, by_lenient = strict.named(), lenient.named()
    own = by_lenient.get(finding)
    for link in sorted(links, key=lambda link: (link["other"], link["position"])):
        other = link["other"]
        because = _because(finding, other, type_, marks, gone=bool(link["gone"]))
        yield (
            finding, other, link["position"], type_, link["outcome"], link["work"], by_strict[other],
            finding if by_lenient[other] == own else by_lenient[other], because,
        )  # fmt: skip


def _because(finding: str, other: str, type_: str, marks: Mapping[str, set[tuple[Mark, bool]]], *, gone: bool) -> str:
    if gone:
        return WITHDRAWN
    shared = {kind for (kind, _), certain in marks.get(finding, set()) & marks.get(other, set()) if certain}
    if _WORK in shared:
        return OWN_WORK
    return SAME_DATA if type_ == "replicates" and shared & _SAME else ""
