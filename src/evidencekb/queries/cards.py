"""Cards of single records: a finding, or a claim with what speaks for it and against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from evidencekb.answers import Card, Caveat, ClaimCard, Ref, Support
from evidencekb.answers.codes import caveat
from evidencekb.answers.sentences import TIED, claim_text
from evidencekb.errors import UnknownIdError
from evidencekb.names import near
from evidencekb.queries.desk import desk_of
from evidencekb.queries.limits import merged
from evidencekb.queries.subjects import one

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase


def finding_card(kb: KnowledgeBase, id: str) -> Card:
    """The card of a finding, also of one that was withdrawn; without a fit, as nothing was asked.

    Raises:
        UnknownIdError: If there is no such finding.

    Examples:
        >>> from evidencekb import load
        >>> card = finding_card(load(), "noy-zhang-2023-writing-speed-quality")
        >>> [figure.display for figure in card.figures], card.fit
        (['−40%', '+18%'], None)
    """
    if not kb.rows("SELECT 1 FROM finding WHERE id = ?", (one("id", id),)):
        raise UnknownIdError("finding", id, near(id, kb.ids("finding")))
    return desk_of(kb).known((id,))[id].card


def claim_card(kb: KnowledgeBase, id: str) -> ClaimCard:
    """The card of a claim: the sentence, and each finding that supports, disputes or qualifies it.

    Raises:
        UnknownIdError: If there is no such claim.

    Examples:
        >>> from evidencekb import load
        >>> card = claim_card(load(), "closer-comparison-smaller-ai-pay-gap")
        >>> sorted({support.stance for support in card.supports})
        ['disputes', 'supports']
    """
    record = kb.record("claim", one("id", id))
    desk = desk_of(kb)
    known = desk.known(dict.fromkeys(support["finding"] for support in record.get("supports", ())))
    supports = []
    for support in record.get("supports", ()):
        card, wanted = known[support["finding"]].card, support.get("estimates", ())
        figures = tuple(figure for figure in card.figures if not wanted or figure.estimate in wanted)
        supports.append(Support(support["stance"], support.get("note", ""), card, figures))
    references = merged(list(known.values()))
    caveats = tuple(_caveats(id, supports))
    return ClaimCard(
        ref=Ref("claim", id, record["text"]),
        title=record["text"],
        text=claim_text(Counter(support.stance for support in supports)),
        about=tuple(_subject(kb, subject) for subject in record.get("about", ())),
        supports=tuple(supports),
        badges=tuple(_BADGES[limit.code] for limit in caveats if limit.code in _BADGES),
        caveats=caveats,
        references=references,
    )


_BADGES = {"vendor": "vendor evidence only", "only_tied": "nobody independent", "contested": "disputed"}


def _caveats(claim: str, supports: Sequence[Support]) -> Iterator[Caveat]:
    """Limits of a claim as a whole. A withdrawn finding cannot support one: the rules refuse it; it may dispute or limit one."""
    gone = sorted({s.card.ref.id for s in supports if any(c.code == "standing" for c in s.card.caveats)})
    if gone:
        text = "A finding that speaks against it or limits it no longer stands."
        yield caveat("standing", claim, text, findings=gone)
    yield from _only_tied(claim, [s for s in supports if s.stance == "supports"])
    if any(s.stance == "disputes" and s.card.ref.id not in gone for s in supports):
        yield caveat("contested", claim, "Another finding in this pack speaks against it.")


def _only_tied(claim: str, speaking: Iterable[Support]) -> Iterator[Caveat]:
    """210 for a claim: each figure counts by the flag of its own primary, and interested is not independent.

    A finding without figures, such as a ruling, counts by its sources.
    """
    flags: dict[str, str] = {}
    for support in speaking:
        flags.update((f.cite["key"], f.vendor["flag"]) for f in support.figures)
        if not support.figures:
            flags.update((r.key, r.vendor["flag"]) for r in support.card.references)
    said = {*flags.values()}
    if said == {"vendor"}:
        yield caveat("vendor", claim, "Only sellers with something to gain speak for it.", sources=sorted(flags))
    elif said and TIED.keys() >= said:
        whom = "Sellers and interested parties" if "vendor" in said else "Interested parties"
        yield caveat("only_tied", claim, f"{whom} alone speak for it.", sources=sorted(flags))


def _subject(kb: KnowledgeBase, id: str) -> Ref:
    """A concept or cohort by its id; the concept when there are both."""
    desk = desk_of(kb)
    table = "concept" if kb.rows("SELECT 1 FROM concept WHERE id = ?", (id,)) else "cohort"
    return desk.label(table, id)
