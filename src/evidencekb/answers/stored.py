"""Cards as the build stores them, and as questions read them back."""

from __future__ import annotations

import marshal
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from sys import intern
from typing import Any, TypedDict, cast

from evidencekb.answers.base import Fixed, FixedList, Json, fixed
from evidencekb.answers.cards import Card
from evidencekb.answers.figures import Figure, figure_fields, figure_of
from evidencekb.answers.records import Caveat, Ref, Reference
from evidencekb.answers.sentences import measured_text
from evidencekb.answers.shapes import Searched, Summary
from evidencekb.vocab import Design, ReadWhat


class StoredConflict(TypedDict):
    """A conflict seen from one side: the other finding, the estimates named of each, and why.

    Keys:
        other: The other finding.
        said_here: Whether the link that says so stands in this one's record.
        how: stated by a link, or found by the build: opposite or apart.
        own: Estimates of this one that the link names; none when it names none, or stands in the other's record.
        theirs: Estimates of the other, the same way.
        touches: Estimates of this one that it concerns; none stands for all.
        because: Why the two differ.
        asserted_by: Who says so.
    """

    other: str
    said_here: bool
    how: str
    own: list[str]
    theirs: list[str]
    touches: list[str]
    because: str
    asserted_by: str


class StoredTie(TypedDict):
    """A body tied to a primary source of the finding."""

    source: str
    organization: str
    name: str
    tie: str


class Beside(TypedDict):
    """What the row of a card holds beside the card: what a page needs of the finding, and never prints as it is.

    Keys:
        depends: Every record that the card shows something of, as ``kind:id``.
        nature: Nature of the finding.
        measured_on: Who was measured: its cohorts, and how those measured stand to them.
        works: Works, or cases, of its primary sources.
        primaries: Its primary sources with what was read of each for this finding.
        relays: Its other sources with what was read of each.
        conflicts: Findings that point the other way.
        ties: Bodies tied to its primary sources.
    """

    depends: list[str]
    nature: str
    measured_on: list[str]
    works: list[str]
    primaries: dict[str, str]
    relays: dict[str, str]
    conflicts: list[StoredConflict]
    ties: list[StoredTie]


@dataclass(frozen=True, slots=True)
class Known:
    """A card read from its row, with all that pages need of it and that no question changes.

    Attributes:
        card: The card without a fit; that belongs to a question.
        rank: Its place in the strength order.
        works: Works, or cases, of its primary sources.
        relays: Its other sources with what was read of each.
        conflicts: Findings that point the other way.
        ties: Bodies tied to its primary sources, as far as they may tie one source to another.
        mark: A short digest of all that the card shows.
        depends: Every record that the card shows something of.
        figures: Its figures by id.
        definitions: Texts of its definitions by id.
        answers: Aspects that its estimates answer, each with the sort of number and what it says.
        summary: What a page says when it only names the finding.
        named: Its title, with its flags beside it.
        measured: Who was measured, in words; empty when that is not recorded.
        stops: How many of its caveats are stops; they come first.
        read: Whether its primary source itself was read.
        case_paper: Whether it is an act or a statement in a case, and no measurement.
        exclusions: Threads left out that bear on it.
        untraced: Claims in circulation that it comes close to.
        claims: Claims that rest on it.
        size: Bytes of memory that it takes, about.
    """

    card: Card
    rank: int
    works: tuple[str, ...]
    relays: Mapping[str, str]
    conflicts: tuple[StoredConflict, ...]
    ties: tuple[StoredTie, ...]
    mark: str
    depends: tuple[str, ...]
    figures: dict[str, Figure]
    definitions: dict[str, str]
    answers: dict[str, Answering]
    summary: Summary
    named: str
    measured: str
    stops: int
    read: bool
    case_paper: bool
    exclusions: tuple[str, ...]
    untraced: tuple[str, ...]
    claims: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Answering:
    """What a card says to an aspect.

    Attributes:
        wanted: Place, among the sorts of number that the aspect wants, of the best that the card has.
        figures: Its figures of that sort.
        definitions: Definitions of what they count.
    """

    wanted: int
    figures: tuple[Figure, ...]
    definitions: frozenset[str]

    def about(self, words: re.Pattern[str] | None) -> tuple[Figure, ...]:
        """The figures that name what was asked; the first ones when none does.

        Args:
            words: Finds the labels of what was asked.
        """
        named = [f for f in self.figures if words and words.search(f"{f.phrase} {f.group or ''}")]
        return tuple(named or self.figures)[:_FIGURES]


def primary_for(finding: str, source: Reference, read: str | None) -> Reference:
    """A source as the primary one of a finding, with the most that was read of it for that."""
    return Reference(
        source.key, source.label, source.text, source.csl, source.url, source.kind, source.vendor, source.standing,
        (finding,), source.secondary_for, read,
    )  # fmt: skip


def stored_figures(data: Json) -> list[Json]:
    """The figures of a stored card, each with all of its fields."""
    return [{**data["shared"], **own} for own in data["figures"]]


def card_from(data: Json, references: tuple[Reference, ...]) -> Card:
    """The card of a row, with its primary sources."""
    ref, shared = data["ref"], figure_fields(data["shared"])
    return Card(
        ref=Ref(ref["kind"], ref["id"], ref["label"]),
        title=data["title"],
        statement=data["statement"],
        figures=tuple([figure_of({**shared, **figure_fields(own)}) for own in data["figures"]]),
        byline=data["byline"],
        badges=tuple(data["badges"]),
        fit=None,
        caveats=tuple([Caveat.from_dict(caveat) for caveat in data["caveats"]]),
        definitions=tuple(data["definitions"]),
        references=references,
    )


def known_from(
    data: Json,
    rank: int,
    references: tuple[Reference, ...],
    answering: Sequence[tuple[str, str, int]],
    definitions: dict[str, str],
    linked: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]],
    beyond: str,
    tying: Container[str],
) -> Known:
    """A card row read back.

    Args:
        data: The row, as plain data.
        rank: The finding's place in the strength order.
        references: Its primary sources.
        answering: Aspect, estimate and place of the sort of number, for each estimate that answers one.
        definitions: Texts of its definitions by id.
        linked: Exclusions that bear on it, untraced claims it comes close to, claims that rest on it.
        beyond: The marks of its sources: with the row and the definitions, all that it shows.
        tying: Bodies that may tie one source to another.
    """
    beside: Beside = data["beside"]
    data["beside"]["ties"] = ties = [tie for tie in beside["ties"] if tie["organization"] in tying]
    # marshal takes a third of the time that JSON takes. From its third version on what it writes depends on which texts are
    # one object.
    written = marshal.dumps((data, beyond, definitions), 2)
    card = card_from(data, references)
    return Known(
        card=card,
        rank=rank,
        works=tuple(beside["works"]),
        relays=beside["relays"] or _NOTHING,
        conflicts=tuple(beside["conflicts"]),
        ties=tuple(ties),
        mark=blake2b(written, digest_size=16).hexdigest(),
        depends=tuple(map(intern, beside["depends"])),
        figures={figure.id: figure for figure in card.figures},
        definitions=definitions,
        answers=_answers(card, answering),
        summary=_summary(card),
        named=_named(card),
        measured=measured_text(beside["measured_on"]),
        stops=[limit.severity for limit in card.caveats].count("stop"),
        read=not _SEEN.isdisjoint(beside["primaries"].values()),
        case_paper=Design.LEGAL_DOCUMENT in [figure.design for figure in card.figures],
        exclusions=linked[0],
        untraced=linked[1],
        claims=linked[2],
        size=_SIZE_OF_ITS_ROW * len(written),
    )


_SEEN = frozenset(what for what in ReadWhat if what.closeness)
_NOTHING: Mapping[str, str] = Fixed()
_SIZE_OF_ITS_ROW = 2
"""A card takes about so many times the bytes of its row, as marshal writes it."""


def _summary(card: Card) -> Summary:
    badges = FixedList(card.badges) if card.badges else _NO_BADGES
    summary: Any = Fixed(label=card.ref.label, byline=card.byline, badges=badges)
    return cast(Summary, summary)


_NO_BADGES = FixedList()


def searched_of(record: Json) -> tuple[Searched, ...]:
    """Recorded searches of a gap or an untraced claim; a query that was recorded as none is none."""
    return tuple(
        fixed({"where": s["where"], "query": _query(s.get("query")), "on": s["on"], "by": s["by"]})
        for s in record.get("searched", ())
    )


def _query(query: str | None) -> str | None:
    return None if query == "none" else query


def of_different_works(cards: Iterable[Known]) -> list[Known]:
    """The first card of each work or case: two versions of one experiment are one result."""
    works: set[str] = set()
    first = []
    for known in cards:
        if works.isdisjoint(known.works):
            works.update(known.works)
            first.append(known)
    return first


def _named(card: Card) -> str:
    """The title with what must stand beside a number in it."""
    return card.title.rstrip(".") + (f" ({', '.join(card.flags)})" if card.flags else "")


def _answers(card: Card, answering: Sequence[tuple[str, str, int]]) -> dict[str, Answering]:
    """What the card says to each aspect, by its figures of the sort that is wanted most."""
    held: dict[str, list[tuple[int, int]]] = {}
    places = {figure.estimate: at for at, figure in enumerate(card.figures)}
    for aspect, estimate, wanted in answering:
        held.setdefault(aspect, []).append((wanted, places[estimate]))
    found = {}
    for aspect, pairs in held.items():
        best = min(pairs)[0]
        figures = tuple(card.figures[at] for wanted, at in sorted(pairs) if wanted == best)
        definitions = frozenset(d["id"] for f in figures for d in f.definitions if d["of"] == f.outcome.id)
        found[aspect] = Answering(best, figures, definitions)
    return found


_FIGURES = 2
