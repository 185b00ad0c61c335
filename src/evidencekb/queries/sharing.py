"""Which findings rest on the same data, for many at once: by links, by people, by authors in one setting (decision 40)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

_IN_LIST = "(SELECT value FROM json_each(?))"
_JOINED = f"""
    SELECT finding, position, target, kind, extent, certain FROM joined
    WHERE finding IN {_IN_LIST} OR target IN {_IN_LIST} ORDER BY finding, position
"""
_MARKED = f"""
    SELECT finding, kind, mark FROM bond WHERE kind IN ('team', 'provider') AND finding IN {_IN_LIST}
    ORDER BY finding, kind, mark
"""
_NEW_DATA = f"""
    SELECT finding, target, position, asserted_by FROM finding_link WHERE type = 'replicates' AND finding IN {_IN_LIST}
"""
_RESTS = frozenset({"shares_data", "includes", "reanalyses", "supersedes"})


class Link(NamedTuple):
    """A link by which two findings share data, or may: ``sure`` when they share some at least."""

    finding: str
    position: int
    target: str
    sure: bool


class Shared:
    """What findings rest on.

    Data are handed on by a reanalysis, by a newer version and wherever all of them are shared; a pool rests on the data of all
    that it includes, while these rest on data of their own.

    Args:
        kb: The knowledge base.
        findings: The findings that will be asked about.
    """

    def __init__(self, kb: KnowledgeBase, findings: Iterable[str]) -> None:
        self._leader: dict[str, str] = {}
        self._parts: dict[str, set[str]] = defaultdict(set)
        self.links: dict[str, dict[str, Link]] = defaultdict(dict)
        self._sure: dict[str, set[str]] = defaultdict(set)
        self.marks: dict[str, dict[str, set[str]]] = {"team": defaultdict(set), "provider": defaultdict(set)}
        self.new: dict[frozenset[str], tuple[str, int, str]] = {}
        asked = tuple(dict.fromkeys(findings))
        self._follow(kb, asked)
        ids = json.dumps(asked)
        for finding, kind, mark in kb.rows(_MARKED, (ids,)):
            self.marks[kind][finding].add(mark)
        for finding, target, position, says in kb.rows(_NEW_DATA, (ids,)):
            self.new.setdefault(frozenset((finding, target)), (finding, position, says or "curator"))
        self._data: dict[str, frozenset[str]] = {}

    def data(self, finding: str) -> frozenset[str]:
        """The data that a finding rests on, each named by one of the findings that rest on it."""
        held = self._data.get(finding)
        if held is None:
            reached, waiting = {self._of(finding)}, [self._of(finding)]
            while waiting:
                new = {self._of(part) for part in self._parts[waiting.pop()]} - reached
                reached |= new
                waiting += new
            held = self._data[finding] = frozenset(reached)
        return held

    def sure(self, finding: str) -> frozenset[str]:
        """The links, from a finding or to it, whose two ends share some data at least; each has a name."""
        return frozenset(self._sure.get(finding, ()))

    def link(self, finding: str, other: str) -> Link | None:
        """The link between two findings that says most of what they share."""
        found = self.links.get(finding, {}).get(other), self.links.get(other, {}).get(finding)
        held = [link for link in found if link is not None]
        return max(held, key=lambda link: link.sure, default=None)

    def _follow(self, kb: KnowledgeBase, asked: tuple[str, ...]) -> None:
        seen: set[str] = set()
        waiting = set(asked)
        while waiting:
            seen |= waiting
            ids = json.dumps(sorted(waiting))
            found: set[str] = set()
            for finding, position, target, kind, extent, certain in kb.rows(_JOINED, (ids, ids)):
                sure = bool(certain) or extent == "part" or kind in _RESTS
                held = self.links[finding].get(target)
                if held is None or sure > held.sure:
                    self.links[finding][target] = Link(finding, position, target, sure)
                if sure:
                    self._sure[finding].add(f"{finding} {position}")
                    self._sure[target].add(f"{finding} {position}")
                if kind == "includes":
                    self._parts[self._of(finding)].add(target)
                    found |= (
                        {target} if finding in waiting else set()
                    )  # what includes this one rests on more than its data
                elif certain and extent != "part":
                    self._join(finding, target)
                    found |= {finding, target}
            waiting = found - seen

    def _of(self, finding: str) -> str:
        leader = self._leader.setdefault(finding, finding)
        while leader != self._leader[leader]:
            self._leader[finding] = leader = self._leader[leader]
        return leader

    def _join(self, finding: str, other: str) -> None:
        first, second = sorted((self._of(finding), self._of(other)))
        if first != second:
            self._leader[second] = first
            self._parts[first] |= self._parts.pop(second, set())
