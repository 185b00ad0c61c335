"""Counting support: findings that share data, people, authors and setting, or a work count once."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from evidencekb.answers.base import Fixed
from evidencekb.answers.records import Ref
from evidencekb.answers.studies import IndependentSupport, Join, StanceSupport, Study, count_text
from evidencekb.engines.studies import POOL
from evidencekb.queries.subjects import one
from evidencekb.vocab import SourceKind, Stance

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

_IN_LIST = "(SELECT value FROM json_each(?))"
_PAPERS = frozenset({
    SourceKind.JOURNAL_ARTICLE, SourceKind.CONFERENCE_PAPER, SourceKind.PREPRINT, SourceKind.WORKING_PAPER, SourceKind.BOOK,
    SourceKind.THESIS, SourceKind.REPORT,
})  # fmt: skip
_PLAINEST = ("link", "pool", "work", "sample", "team", "part", "provider")
"""Kinds of bond: of several between two findings, the one to name."""
_WORKED_OUT = {
    "sample": "the same number of people at one place in the same days",
    "team": "the same authors in the same setting",
    "part": "both pool {mark}",
    "provider": "both use the data of {mark}; nobody says how much is shared",
}
_UNSAID = {
    "includes": "the one pools the other",
    "shares_data": "both rest on the same data",
    "reanalyses": "a new analysis of the same data",
    "supersedes": "a later version",
    "comment": "a comment without data of its own",
}

Mark = tuple[str, str]
"""Kind and mark of a bond."""


def independent_support(kb: KnowledgeBase, claim: str) -> IndependentSupport:
    """How many studies stand behind a claim: findings that are not independent of each other count once.

    Findings are one study when they stand in one work, in whatever version; when a link says that they share all their data, or
    that one pools, reanalyses or comments on the other; when they measured the same people; and when the same authors worked in
    one setting. Joins carry on: what is one with a third is one; but two trials are not one because a pool holds both. Findings
    that share some of their data, or an unknown part of it, or whose data come from one provider, may be one: they are counted
    both ways.

    Args:
        kb: The knowledge base.
        claim: Id of a claim.

    Returns:
        For each stance the strict and the lenient count, the studies, the reason for each join with its extent and who asserts
        it, and how many pairs nobody has said anything about. Those are not known to be dependent, which is not independence.

    Raises:
        UnknownIdError: If there is no such claim.

    Examples:
        >>> from evidencekb import load
        >>> support = independent_support(load(), "experienced-developers-slower-with-ai")
        >>> print(support.sentence)
        3 findings in 2 sources, 1 study.
    """
    record = kb.record("claim", one("claim", claim))
    listed: dict[str, list[str]] = {}
    for entry in record.get("supports", ()):
        held = listed.setdefault(entry["stance"], [])
        if entry["finding"] not in held:
            held.append(entry["finding"])
    web = _Web(kb, {finding for held in listed.values() for finding in held})
    stances = tuple(_counted(web, stance, listed[stance]) for stance in map(str, Stance) if stance in listed)
    first = next((held.sentence for held in stances if held.stance == Stance.SUPPORTS), "Nothing supports it.")
    return IndependentSupport(Ref("claim", record["id"], record["text"]), stances, first)


def studies_of(kb: KnowledgeBase, findings: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The strict and the lenient class of each finding, counted together; what no claim counts stands alone.

    A class is named by its first finding. A pool beside what it includes is put into the class of the first such finding.
    """
    classes = _classes(kb, tuple(findings))
    held = _pools(kb, {strict for strict, _ in classes.values()})
    for pool, parts in held.items():
        if part := next((c for c in classes.values() if c[0] in parts and c[0] not in held), None):
            lost = {lenient for strict, lenient in classes.values() if strict == pool}
            classes = {
                id: (part[0] if strict == pool else strict, part[1] if lenient in lost else lenient)
                for id, (strict, lenient) in classes.items()
            }
    return classes


def _classes(kb: KnowledgeBase, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    rows = kb.rows(f"SELECT finding, strict, lenient FROM study WHERE finding IN {_IN_LIST}", (json.dumps(ids),))
    found = {finding: (strict, lenient) for finding, strict, lenient in rows}
    return {id: found.get(id, (id, id)) for id in ids}


def _pools(kb: KnowledgeBase, classes: Iterable[str]) -> dict[str, set[str]]:
    """Those of the classes that pool others of them, with these."""
    held: dict[str, set[str]] = defaultdict(set)
    names = json.dumps(sorted(classes))
    for pool, part in kb.rows(
        f"SELECT study, held FROM pooled WHERE study IN {_IN_LIST} AND held IN {_IN_LIST} ORDER BY study, held",
        (names, names),
    ):
        held[pool].add(part)
    return held


def link_join(kb: KnowledgeBase, finding: str, position: int) -> Join:
    """A link of a finding that joins it to another, as the records have it."""
    ((target, reason, extent, certain, says),) = kb.rows(
        "SELECT j.target, j.kind, j.extent, j.certain, l.asserted_by FROM joined j JOIN finding_link l "
        "ON l.finding = j.finding AND l.position = j.position WHERE j.finding = ? AND j.position = ?",
        (finding, position),
    )
    because = kb.record("finding", finding)["links"][position].get("because")
    text = str(because or _UNSAID.get(reason, "a link between them")).rstrip(".")
    return Join(finding, target, reason, bool(certain), extent or None, says or "curator", text)


class _Web:
    """The findings of a claim with all that they are, or may be, one with."""

    def __init__(self, kb: KnowledgeBase, findings: Iterable[str]) -> None:
        self.kb = kb
        self.classes = _classes(kb, sorted(findings))
        lenient = json.dumps(sorted({lenient for _, lenient in self.classes.values()}))
        self.by_finding: dict[str, list[tuple[Mark, bool]]] = defaultdict(list)
        self.by_mark: dict[Mark, list[str]] = defaultdict(list)
        rows = kb.rows(
            "SELECT b.finding, b.kind, b.mark, b.certain, s.strict FROM study s JOIN bond b ON b.finding = s.finding "
            f"WHERE s.lenient IN {_IN_LIST} OR s.strict IN (SELECT p.held FROM pooled p JOIN study h ON h.strict = p.study "
            f"WHERE h.lenient IN {_IN_LIST}) ORDER BY b.mark, b.finding",
            (lenient, lenient),
        )
        self.strict: dict[str, str] = {}
        for finding, kind, mark, certain, strict in sorted(rows, key=lambda row: _PLAINEST.index(row[1])):
            self.strict[finding] = strict
            self.by_finding[finding].append(((kind, mark), bool(certain)))
            self.by_mark[kind, mark].append(finding)
        self.sources: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for finding, source, work, kind in kb.rows(
            "SELECT c.finding, s.id, s.work, s.kind FROM citation c JOIN source s ON s.id = c.source "
            f"WHERE c.role = 'primary' AND c.basis <> '' AND c.finding IN {_IN_LIST} ORDER BY c.finding, c.position",
            (json.dumps(sorted(self.classes)),),
        ):
            self.sources[finding].append((source, work, kind))

    def joins(self, findings: Sequence[str], *, certain: bool) -> Iterator[Join]:
        """Joins that hold findings together, as few as it takes; those that are certain are followed first."""
        first, *others = findings
        came: dict[str, tuple[str, Mark] | None] = {first: None}
        waiting = deque([first])
        left = set(others)
        inside = self._inside(findings)
        used: set[Mark] = set()
        later: deque[tuple[str, Mark]] = deque()
        while left and (waiting or later):
            if waiting:
                at = waiting.popleft()
                for mark, sure in self.by_finding.get(at, ()):
                    if sure:
                        self._reach(at, mark, came, waiting, used, inside)
                    elif not certain:
                        later.append((at, mark))
            else:
                self._reach(*later.popleft(), came, waiting, used, inside)
            left -= came.keys()
        told: set[str] = set()
        for end in others:
            at = end
            while at not in told and (step := came.get(at)):
                told.add(at)
                yield self._join(step[0], at, step[1])
                at = step[0]

    def also_pooled(self, findings: Sequence[str], counted: Collection[str]) -> Iterator[Join]:
        """What pools among the findings hold of other studies that are counted."""
        for finding in findings:
            for mark, _ in self.by_finding.get(finding, ()):
                others = self.by_mark[mark] if mark[0] == POOL and mark[1].startswith(f"{finding} ") else ()
                yield from (
                    self._join(finding, other, mark) for other in others if other in counted and other not in findings
                )

    def _inside(self, findings: Iterable[str]) -> set[str]:
        """Classes that a pool may lead to: those of the findings, and what these pool. No other pool makes two trials one."""
        own = {self.classes[finding][0] for finding in findings}
        rows = self.kb.rows(f"SELECT held FROM pooled WHERE study IN {_IN_LIST}", (json.dumps(sorted(own)),))
        return own | {held for (held,) in rows}

    def _reach(
        self,
        at: str,
        mark: Mark,
        came: dict[str, tuple[str, Mark] | None],
        waiting: deque[str],
        used: set[Mark],
        inside: set[str],
    ) -> None:
        if mark in used:
            return
        used.add(mark)
        for other in self.by_mark[mark]:
            if other not in came and (mark[0] != POOL or self.strict[other] in inside):
                came[other] = (at, mark)
                waiting.append(other)

    def _join(self, one: str, other: str, mark: Mark) -> Join:
        kind, name = mark
        certain = next(sure for held, sure in self.by_finding[one] if held == mark)
        if kind not in ("link", POOL):
            text = self._shared(one, other, name) if kind == "work" else _WORKED_OUT[kind].format(mark=name)
            return Join(one, other, kind, certain, "unknown" if kind in ("part", "provider") else None, "records", text)
        finding, _, position = name.rpartition(" ")
        return link_join(self.kb, finding, int(position))

    def _shared(self, one: str, other: str, work: str) -> str:
        rows = self.kb.rows(
            "SELECT x.source FROM behind x JOIN behind y ON y.source = x.source WHERE x.finding = ? AND y.finding = ? ORDER BY 1",
            (one, other),
        )
        return f"both stand in {rows[0][0]}" if rows else f"versions of one work, {work}"


def _counted(web: _Web, stance: str, findings: Sequence[str]) -> StanceSupport:
    by_class: dict[str, list[str]] = defaultdict(list)
    by_lenient: dict[str, list[str]] = defaultdict(list)
    classes = studies_of(web.kb, findings)
    for finding in findings:
        strict, lenient = classes[finding]
        by_class[strict].append(finding)
        by_lenient[lenient].append(finding)
    held = sorted(by_class.values(), key=lambda ids: (-len(ids), findings.index(ids[0])))
    sources = {source: kind for finding in findings for source, _, kind in web.sources[finding]}
    noun = "paper" if sources and set(sources.values()) <= _PAPERS else "source"
    pairs = _pairs(web.kb, findings, classes)
    return StanceSupport(
        stance=stance,
        findings=len(findings),
        sources=len(sources),
        strict=len(by_class),
        lenient=len(by_lenient),
        studies=tuple(_study(web, ids, findings) for ids in held),
        perhaps=tuple(
            join for ids in by_lenient.values() for join in web.joins(ids, certain=False) if not join.certain
        ),
        pairs=pairs,
        sentence=count_text(noun, len(findings), len(sources), len(by_class), len(by_lenient), pairs),
    )


def _study(web: _Web, findings: Sequence[str], counted: Collection[str]) -> Study:
    headlines = dict(web.kb.rows(f"SELECT id, headline FROM finding WHERE id IN {_IN_LIST}", (json.dumps(findings),)))
    sources = [held for finding in findings for held in web.sources[finding]]
    return Study(
        findings=tuple(Ref("finding", id, headlines.get(id, id)) for id in findings),
        sources=tuple(sorted({source for source, _, _ in sources})),
        works=tuple(sorted({work or source for source, work, _ in sources})),
        joins=(*web.joins(findings, certain=True), *web.also_pooled(findings, counted)),
    )


def _pairs(kb: KnowledgeBase, findings: Sequence[str], classes: Mapping[str, tuple[str, str]]) -> Fixed:
    """Pairs of findings that nothing joins, by what is known of them."""
    sizes: dict[str, int] = defaultdict(int)
    for finding in findings:
        sizes[classes[finding][1]] += 1
    apart = (len(findings) ** 2 - sum(size**2 for size in sizes.values())) // 2
    own = _classes(kb, findings)
    for pool, parts in _pools(kb, {strict for strict, _ in own.values()}).items():
        holders = [id for id in findings if own[id][0] == pool]
        apart -= sum(classes[one][1] != classes[id][1] for one in holders for id in findings if own[id][0] in parts)
    ids = json.dumps(findings)
    new = {
        frozenset(pair)
        for pair in kb.rows(
            f"SELECT l.finding, l.target FROM finding_link l WHERE l.type = 'replicates' AND l.finding IN {_IN_LIST} "
            f"AND l.target IN {_IN_LIST}",
            (ids, ids),
        )
        if classes[pair[0]][1] != classes[pair[1]][1]
    }
    return Fixed({"new_data": len(new), "not_known": apart - len(new)})
