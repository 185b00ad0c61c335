"""References: of sources, findings and claims, as records or printed in a citation style; and how to cite a figure."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, overload

from evidencekb.answers import Credit, Formatted, Ref, Reference
from evidencekb.answers.stored import stored_figures
from evidencekb.errors import QuestionError, UnknownIdError
from evidencekb.names import near
from evidencekb.queries.desk import desk_of
from evidencekb.queries.listing import references_of
from evidencekb.queries.printing import AMONG, LOCALE, printed
from evidencekb.queries.subjects import as_text, day, one

if TYPE_CHECKING:
    from typing import TypeAlias

    from evidencekb.answers import Card, Figure
    from evidencekb.kb import KnowledgeBase
    from evidencekb.model import Claim, Finding, Source
    from evidencekb.queries.printing import StyleName

    Cited: TypeAlias = (
        "str | Finding | Claim | Source | Reference | Card | Figure"
        " | Iterable[str | Finding | Claim | Source | Reference | Card | Figure]"
    )

_CITED = ("finding", "claim", "source")


@overload
def references(kb: KnowledgeBase, ids: Cited | None = None) -> tuple[Reference, ...]: ...
@overload
def references(
    kb: KnowledgeBase, ids: Cited | None = None, *, style: StyleName, locale: str = LOCALE
) -> tuple[Formatted, ...]: ...
def references(
    kb: KnowledgeBase, ids: Cited | None = None, *, style: StyleName | None = None, locale: str = LOCALE
) -> tuple[Reference, ...] | tuple[Formatted, ...]:
    """Sources, each once: as records, or printed in a citation style.

    Without a style, records by key: ``reference.label`` is the byline, ``reference.text`` a plain full form; ``primary_for``
    and ``secondary_for`` name the findings given only.

    With a style, printed references in the order asked. Letters after years ("2023a") and numbers ("[1]") tell the works of
    this call apart. What the pack's own styles print was printed when the file was built, and only what must be told
    apart is printed again; any other style is printed now.

    Args:
        kb: The knowledge base.
        ids: Keys of sources; or findings, claims, cards or figures, which stand for their primary sources; one or several,
            as ids or as records. All sources of
            the pack when left out.
        style: A style that the pack names, one that ships (apa, chicago-author-date, ieee, nature, vancouver), or the path
            of a .csl file.
        locale: The language of the words between, such as ``"de-DE"``.

    Raises:
        UnknownIdError: If no record has an id; it offers the nearest ones.
        QuestionError: If a record is neither a source, a finding nor a claim, or the language is no text.
        StyleError: If the style or the language cannot be used.
        FormatError: If a source cannot be printed in the style.

    Examples:
        >>> from evidencekb import load
        >>> kb = load()
        >>> [r.label for r in references(kb, ["noy-zhang-2023-writing-speed-quality"])]
        ['Noy & Zhang, Science 381(6654)']
        >>> [r.short for r in references(kb, ["noy2023experimental", "wef2025futureofjobs"], style="apa")]
        ['(Noy & Zhang, 2023)', '(World Economic Forum, 2025)']
    """
    if ids is None and style is None:
        return tuple(Reference.from_dict(row) for row in _listed(kb))
    findings, keys = ((), kb.ids("source")) if ids is None else _asked(kb, _sources_of_figures(kb, _ids(ids)))
    if style is not None:
        return printed(kb, keys, style, as_text("locale", locale, "a language such as 'de-DE'"))
    found = {reference.key: reference for reference in references_of(kb, findings)}
    others = desk_of(kb).references(key for key in keys if key not in found)
    found |= {reference.key: reference for reference in others}
    return tuple(found[key] for key in sorted(found))


def _listed(kb: KnowledgeBase) -> Iterator[dict[str, Any]]:
    """All sources by key, as the pack lists them."""
    if maker := kb.maker:
        yield from map(maker.listed, kb.ids("source"))
    else:
        yield from (json.loads(body) for (body,) in kb.rows("SELECT body FROM listed ORDER BY source"))


def how_to_cite(
    kb: KnowledgeBase,
    id: str | Figure | Card | Finding,
    *,
    style: StyleName = "apa",
    address: str | None = None,
    seen: str | datetime.date | None = None,
) -> Credit:
    """How to cite a figure: the source that produced it first, the pack that holds it second.

    The source is the primary one that gives the figure, never a relay that repeats it.

    Args:
        kb: The knowledge base.
        id: A finding, a card, or one figure, also as ``finding#estimate``.
        style: As for :func:`references`.
        address: Where the figure or the pack can be seen, an http or https address.
        seen: The day it was seen, YYYY-MM-DD; default: today.

    Raises:
        UnknownIdError: If there is no such finding or estimate.
        QuestionError: If the finding has no primary source, the day is none, or the address none that a reader can open.
        StyleError: If the style cannot be used.
        FormatError: If the source cannot be printed in the style.

    Examples:
        >>> from evidencekb import load
        >>> credit = how_to_cite(load(), "noy-zhang-2023-writing-speed-quality#time", seen="2026-11-25")
        >>> credit.reference.short, credit.text.partition(" As held in ")[2].partition(",")[0]
        ('(Noy & Zhang, 2023)', 'evidencekb')
    """
    from evidencekb.sources.formatting import cite_figure

    seen_at = "" if address is None else as_text("address", address, "an address as text")
    finding, estimate, title, key = _producer(kb, one("id", _id(id)))
    (reference,) = printed(kb, (key,), style)
    # Alone beside a figure it is the first of nothing.
    alone = (
        re.sub(r"^[\[(]?1[\]).]*\s+", "", reference.text) if reference.short.strip("[]() .") == "1" else reference.text
    )
    text = cite_figure(alone, kb.name, kb.version, " ".join(seen_at.split()) or None, day("seen", seen))
    return Credit(Ref("finding", finding, title), estimate or None, reference, text)


def _producer(kb: KnowledgeBase, id: str) -> tuple[str, str, str, str]:
    """Of a finding or of one of its figures: the finding, the estimate if one was named, its title, the source's key.

    Raises:
        UnknownIdError: If there is no such finding or estimate.
        QuestionError: If it has no primary source.
    """
    finding, _, estimate = id.partition("#")
    if not kb.rows("SELECT 1 FROM finding WHERE id = ?", (finding,)):
        raise UnknownIdError("finding", finding, near(finding, kb.ids("finding")))
    card = kb.stored("card", finding)
    figures = {figure["estimate"]: figure for figure in stored_figures(card)}
    if estimate and estimate not in figures:
        raise UnknownIdError(f"estimate of {finding!r}", estimate, near(estimate, figures))
    figure = figures[estimate] if estimate else next(iter(figures.values()), None)
    key = figure["cite"]["key"] if figure else next(iter(card["references"]), None)
    if key is None:
        raise QuestionError(
            f"{finding!r} has no primary source, so nobody can be credited for it; trace() says what is missing"
        )
    return finding, estimate, str(card["title"]), str(key)


def _ids(given: Cited) -> tuple[str, ...]:
    # A record can be gone through field by field, and is one thing all the same.
    single = isinstance(given, str) or _id(given) is not given or not isinstance(given, Iterable)
    several: Iterable[Any] = (given,) if single else given  # type: ignore[assignment]  # told apart one line above
    return tuple(dict.fromkeys(one("ids", _id(each)) for each in several))


def _id(given: Any) -> Any:
    ref = getattr(given, "ref", None)  # of a card
    return getattr(given, "id", getattr(given, "key", given if ref is None else ref.id))


def _sources_of_figures(kb: KnowledgeBase, ids: Sequence[str]) -> tuple[str, ...]:
    """The ids, with its source in place of each figure; no other id has the sign between finding and estimate."""
    return tuple(dict.fromkeys(_producer(kb, id)[3] if "#" in id else id for id in ids))


def _asked(kb: KnowledgeBase, ids: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The findings among ids and behind the claims among them; and the keys of all sources, in the order asked."""
    kinds = _kinds(kb, ids)
    claims = [id for id, kind in kinds.items() if kind == "claim"]
    rests = _grouped(kb, f"SELECT claim, finding FROM support WHERE claim {AMONG} ORDER BY claim, position", claims)
    behind = {id: [id] if kind == "finding" else rests.get(id, []) for id, kind in kinds.items() if kind != "source"}
    findings = tuple(dict.fromkeys(chain.from_iterable(behind.values())))
    statement = "SELECT finding, source FROM citation WHERE role = 'primary' AND finding"
    primaries = _grouped(kb, f"{statement} {AMONG} ORDER BY finding, position", findings)
    keys: dict[str, None] = {}
    for id in ids:
        found = chain.from_iterable(primaries.get(finding, ()) for finding in behind[id]) if id in behind else (id,)
        keys |= dict.fromkeys(found)
    return findings, tuple(keys)


def _kinds(kb: KnowledgeBase, ids: Sequence[str]) -> dict[str, str]:
    """The kind of each; of several the first of the list, as ``kind_of`` has it."""
    kinds = dict.fromkeys(ids, "")
    for kind in reversed(_CITED):
        for (id,) in kb.rows(f"SELECT id FROM record WHERE kind = ? AND id {AMONG}", (kind, json.dumps(ids))):
            kinds[id] = kind
    for id in (id for id, kind in kinds.items() if not kind):
        raise QuestionError(f"{id!r} is a {kb.kind_of(id, among=_CITED)}; ask for sources, findings or claims")
    return kinds


def _grouped(kb: KnowledgeBase, statement: str, ids: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for first, second in kb.rows(statement, (json.dumps(list(ids)),)):
        found.setdefault(first, []).append(second)
    return found
