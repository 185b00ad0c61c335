"""Judging figures: the trail of each, its primary sources, and who stands behind a set of findings."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from evidencekb.answers import EstimateTrail, Hop, Ref, Reference, Trail, VendorSummary
from evidencekb.answers.numbers import said
from evidencekb.answers.shapes import Read
from evidencekb.answers.stored import stored_figures
from evidencekb.errors import QuestionError
from evidencekb.queries.desk import desk_of
from evidencekb.queries.listing import references_of
from evidencekb.queries.subjects import Findings, finding_ids, one
from evidencekb.vocab import TRACEABLE, ReadWhat

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

_FLAGS = ("independent", "interested", "vendor", "unknown")


def trace(kb: KnowledgeBase, id: str) -> Trail:
    """Every hand that a figure passed through.

    Args:
        kb: The knowledge base.
        id: A finding; or a claim, whose findings are traced; or an untraced claim, which has no trail and says why.

    Returns:
        Per estimate its primary citations, the relays that print it (what each credits, took, prints and changed), how far
        a person stood from the primary, and what is missing.

    Raises:
        UnknownIdError: If no record has the id.
        QuestionError: If the record is neither a finding, a claim nor an untraced claim.

    Examples:
        >>> from evidencekb import load
        >>> trail = trace(load(), "noy-zhang-2023-writing-speed-quality")
        >>> trail.estimates[0].primaries[0].source
        'noy2023experimental'
    """
    kind = kb.kind_of(one("id", id), among=TRACEABLE)
    if kind not in TRACEABLE:
        raise QuestionError(f"{id!r} is a {kind}; only findings, claims and untraced claims have a trail")
    return trail_of(kb, kind, id)


def trail_of(kb: KnowledgeBase, kind: str, id: str) -> Trail:
    """The trail of a record whose kind is known: a finding, a claim or an untraced claim.

    Raises:
        UnknownIdError: If there is no such record.
    """
    makers = {"finding": _finding_trail, "claim": _claim_trail, "untraced": _untraced_trail}
    return makers[kind](kb, id)


def _finding_trail(kb: KnowledgeBase, id: str, stance: str | None = None, only: Collection[str] | None = None) -> Trail:
    """The trail of a finding, of some of its estimates when a claim rests on those only."""
    finding = kb.record("finding", id)
    hops = {row[0]: row[1] for row in kb.rows(
        "SELECT estimate, MIN(hops) FROM carried WHERE finding = ? AND hops >= 0 GROUP BY estimate", (id,)
    )}  # fmt: skip
    shown = {f["estimate"]: said(f["measure"], f["display"], f["phrase"]) for f in _figures(kb, id)}
    citations = finding.get("citations", [])
    estimates = tuple(
        _estimate_trail(kb, estimate["id"], shown[estimate["id"]], citations, hops.get(estimate["id"], -1))
        for estimate in finding.get("estimates", [])
        if not only or estimate["id"] in only
    )
    missing = () if estimates else tuple(_missing_of(citations, "this finding"))
    return Trail(Ref("finding", id, finding["headline"]), finding["statement"], stance, estimates, (), missing)


def sources_of(kb: KnowledgeBase, id: str) -> tuple[Hop, ...]:
    """The sources of a finding, primary ones first, whatever figures each prints.

    Raises:
        UnknownIdError: If there is no such finding.
    """
    citations = kb.record("finding", id).get("citations", [])
    primaries = [c for c in citations if c["role"] == "primary"]
    relays = _nearest_first([c for c in citations if c["role"] == "secondary"], {c["source"] for c in primaries})
    return tuple(_hop(kb, citation, "") for citation in (*primaries, *relays))


def _figures(kb: KnowledgeBase, id: str) -> list[dict[str, Any]]:
    return stored_figures(kb.stored("card", id))


def _estimate_trail(
    kb: KnowledgeBase, estimate: str, shown: str, citations: list[dict[str, Any]], hops: int
) -> EstimateTrail:
    carrying = [c for c in citations if not c.get("prints") or estimate in c["prints"]]
    primaries = [c for c in carrying if c["role"] == "primary"]
    relays = _nearest_first([c for c in carrying if c["role"] == "secondary"], {c["source"] for c in primaries})
    return EstimateTrail(
        estimate=estimate,
        figure=shown,
        primaries=tuple(_hop(kb, c, estimate) for c in primaries),
        relays=tuple(_hop(kb, c, estimate) for c in relays),
        hops=hops,
        missing=tuple(_missing_of(carrying, f"estimate {estimate!r}")),
    )


def _nearest_first(relays: list[dict[str, Any]], reached: set[str]) -> list[dict[str, Any]]:
    """Relays in the order in which the figure passed through them; those that name no origin come last."""
    ordered: list[dict[str, Any]] = []
    waiting = list(relays)
    while step := [c for c in waiting if c.get("taken_from") in reached]:
        ordered += step
        reached = reached | {c["source"] for c in step}
        waiting = [c for c in waiting if c not in step]
    return ordered + waiting


def _hop(kb: KnowledgeBase, citation: dict[str, Any], estimate: str) -> Hop:
    (listed,) = desk_of(kb).references((citation["source"],))
    drift = [
        {"kind": drift["kind"], "note": drift["note"]}
        for drift in citation.get("drift", [])
        if not drift.get("on") or estimate in drift["on"]
    ]
    return Hop(
        source=citation["source"],
        label=listed.label,
        role=citation["role"],
        basis=citation.get("basis"),
        names=citation.get("names"),
        taken_from=citation.get("taken_from"),
        prints=citation.get("prints", {}).get(estimate),
        locator=citation.get("locator"),
        drift=tuple(drift),
        corrections=tuple(
            {"expect": correction["expect"], "because": correction["because"]}
            for correction in citation.get("corrections", [])
            if correction["on"] == estimate
        ),
        read=_read(citation.get("read")),
        vendor=listed.vendor,
        standing=listed.standing,
        url=listed.url,
    )


def _read(record: dict[str, Any] | None) -> Read | None:
    return {"what": record["what"], "where": record.get("where"), "on": record.get("on")} if record else None


def _missing_of(citations: list[dict[str, Any]], what: str) -> Iterator[str]:
    primaries = [c for c in citations if c["role"] == "primary"]
    if not primaries:
        yield f"a primary source of {what}"
    elif not any(ReadWhat(c["read"]["what"]).closeness for c in primaries if "read" in c):
        yield f"nobody has read the primary of {what}"
    if primaries and not any(c.get("locator") for c in primaries):
        yield f"the page or table of {what} in the primary"
    for citation in citations:
        if citation.get("taken_from") == "unknown":
            yield f"where {citation['source']} has its figure from"


def _claim_trail(kb: KnowledgeBase, id: str) -> Trail:
    claim = kb.record("claim", id)
    parts = tuple(_finding_trail(kb, s["finding"], s["stance"], s.get("estimates")) for s in claim.get("supports", []))
    return Trail(Ref("claim", id, claim["text"]), claim["text"], None, (), parts, ())


def _untraced_trail(kb: KnowledgeBase, id: str) -> Trail:
    untraced = kb.record("untraced", id)
    status = str(untraced["status"]).replace("_", " ")
    missing = (f"a primary source: {status}",)
    return Trail(Ref("untraced", id, untraced["headline"]), untraced["say"], None, (), (), missing)


def primary_sources(kb: KnowledgeBase, id: str) -> tuple[Reference, ...]:
    """The primary sources of a finding, or of all findings that a claim rests on, by key.

    Raises:
        UnknownIdError: If no record has the id.
        QuestionError: If the record is neither a finding nor a claim.

    Examples:
        >>> from evidencekb import load
        >>> [r.key for r in primary_sources(load(), "noy-zhang-2023-writing-speed-quality")]
        ['noy2023experimental']
    """
    kind = kb.kind_of(one("id", id), among=("finding", "claim"))
    if kind == "claim":
        return references_of(kb, (support["finding"] for support in kb.record("claim", id).get("supports", [])))
    if kind != "finding":
        raise QuestionError(f"{id!r} is a {kind}; only findings and claims have primary sources")
    return references_of(kb, (id,))


def vendor_summary(kb: KnowledgeBase, findings: Findings | None = None) -> VendorSummary:
    """Who stands behind findings: their primary sources by flag, each source counted once.

    Args:
        kb: The knowledge base.
        findings: Findings or their ids; all that are not withdrawn when left out.

    Raises:
        UnknownIdError: If a finding does not exist.

    Examples:
        >>> from evidencekb import load
        >>> vendor_summary(load(), "pytorch-2024-share").sources["independent"]
        0
    """
    if findings is None:
        rows = kb.rows("SELECT id FROM finding WHERE id NOT IN (SELECT finding FROM withdrawn) ORDER BY id")
        ids = tuple(id for (id,) in rows)
    else:
        ids = finding_ids(kb, findings)
    sources: dict[str, str] = {}
    flags: dict[str, set[str]] = {id: set() for id in ids}
    for finding, source, flag in kb.rows(
        "SELECT c.finding, s.id, s.vendor FROM json_each(?) w JOIN citation c ON c.finding = w.value "
        "JOIN source s ON s.id = c.source WHERE c.role = 'primary' AND c.basis <> ''",
        (json.dumps(ids),),
    ):
        flags[finding].add(flag)
        sources[source] = flag
    by_finding = dict.fromkeys((*_FLAGS, "mixed"), 0)
    for held in flags.values():
        if held:
            by_finding[next(iter(held)) if len(held) == 1 else "mixed"] += 1
    return VendorSummary(
        findings=len(ids),
        sources={flag: sum(found == flag for found in sources.values()) for flag in _FLAGS},
        by_finding=by_finding,
        without_independent=tuple(id for id, held in flags.items() if "independent" not in held),
    )
