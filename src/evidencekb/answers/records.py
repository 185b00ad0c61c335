"""What a question returns: frozen records whose every key is always present.

Only the standard library is imported here, so that an answer is quick to read from a sealed file. Text is typed and
unescaped; ``str()`` of a figure always carries its citation and its flags, and the bare number is an explicit attribute.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import fields as fields_of
from typing import Any

from evidencekb.answers.numbers import between, said, spoken_period
from evidencekb.vocab import DIMENSIONS, WITHDRAWN

Json = dict[str, Any]


def _plain(value: Any) -> Any:
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


class Answered:
    """Plain data and JSON, the same way for every record."""

    __slots__ = ()

    def to_dict(self) -> Json:
        """Plain data with every key present."""
        return {f.name: _plain(getattr(self, f.name)) for f in fields_of(self)}  # type: ignore[arg-type]  # a dataclass

    def to_json(self, *, indent: int | None = 2) -> str:
        """The record as JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)


@dataclass(frozen=True, slots=True)
class Ref(Answered):
    """Names a record: its kind, its id, and the label that a page prints."""

    kind: str
    id: str
    label: str

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class Question(Answered):
    """What was asked: a subject, or a mix of subjects."""

    role: Ref | None = None
    skill: Ref | None = None
    cohort: Ref | None = None
    topic: Ref | None = None
    outcome: Ref | None = None
    product: Ref | None = None
    instrument: Ref | None = None
    slug: str = ""

    @property
    def asked(self) -> dict[str, Ref]:
        """The dimensions that were asked, in their fixed order."""
        named = ((name, getattr(self, name)) for name in DIMENSIONS)
        return {name: ref for name, ref in named if ref is not None}


TIERS = ("direct", "partial", "near", "context")
"""How well a card fits a question, best first."""


@dataclass(frozen=True, slots=True)
class Caveat(Answered):
    """A limit: recorded by a person, or worked out. ``stop`` means the figure must not be shown without the text."""

    code: str
    severity: str
    subject: str
    params: Json
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Figure(Answered):
    """A number as it leaves the library: with everything that a reader needs to judge it.

    ``str(figure)`` includes the citation. ``figure.value`` is the bare number, in ``figure.unit``; it is None when the
    source gives a range or only a direction.
    """

    id: str
    finding: str
    estimate: str
    outcome: Ref
    measure: str | None
    value: float | None
    range: Json | None
    direction: str | None
    qualifier: str
    unit: str | None
    display: str
    phrase: str
    words: str
    group: str | None
    comparator: str | None
    period: str | None
    place: str | None
    interval: Json | None
    no_interval: Json | None
    se: float | None
    p_value: float | None
    n: Json | None
    no_n: Json | None
    sample: str | None
    cohorts: tuple[Json, ...]
    definitions: tuple[Json, ...]
    nature: str
    design: str
    preregistered: str
    vendor: Json
    replications: Json
    contradicted_by: tuple[str, ...]
    standing: Json
    version: Json
    read: Json | None
    caveats: tuple[Caveat, ...]
    cite: Json

    @classmethod
    def from_dict(cls, data: Json) -> Figure:
        """Read back what :meth:`to_dict` wrote."""
        return cls(
            **{
                **data,
                "outcome": Ref(**data["outcome"]),
                "caveats": tuple(Caveat(**caveat) for caveat in data["caveats"]),
                "cohorts": tuple(data["cohorts"]),
                "definitions": tuple(data["definitions"]),
                "contradicted_by": tuple(data["contradicted_by"]),
            }
        )

    def __str__(self) -> str:
        inside = [
            part for part in (self.contrast, self.when_and_where, self._size, *self._flags(), self._precision) if part
        ]
        return f"{self.said} ({'; '.join(inside)}) [{self.cite['text']}]"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    @property
    def said(self) -> str:
        """The number and what it is of; without its citation and flags, so never to be printed alone."""
        return said(self.measure, self.display, self.phrase)

    @property
    def contrast(self) -> str:
        """Who is set against whom, or who is meant; empty when neither is recorded."""
        return f"{self.group} vs {self.comparator}" if self.group and self.comparator else self.group or ""

    @property
    def when_and_where(self) -> str:
        """Period and place of a forecast or a level; a comparison of groups is told by its groups."""
        if self.comparator and self.nature != "forecast":
            return ""
        return ", ".join(part for part in (spoken_period(self.period) if self.period else "", self.place) if part)

    @property
    def line(self) -> str:
        """The figure as a card prints it: its flags beside the number, its source beside the card."""
        inside = [part for part in (self.contrast, self.when_and_where, self._size, *self._flags(short=True)) if part]
        if self.interval is not None:
            inside.append(self._precision)
        return f"{self.said} ({'; '.join(inside)})" if inside else self.said

    @property
    def _size(self) -> str:
        if self.n is None:
            return ""
        counted = f"{self.n['value']:,} {self.n['of']}{_LEVELS.get(self.n['level'], '')}".rstrip()
        return f"n = {_bound(self.n['qualifier'])}{counted}"

    def _flags(self, *, short: bool = False) -> tuple[str, ...]:
        standing = self.standing["state"].upper() if self.standing["state"] in WITHDRAWN else ""
        named = _FLAGS.get(self.vendor["flag"], "")
        why = named if short or not named else f"{named}: {self.vendor['reason'].rstrip('.')}"
        return (standing, _NATURES.get(self.nature, ""), why)

    @property
    def _precision(self) -> str:
        if self.interval is None:
            return str(self.no_interval["text"]) if self.no_interval else ""
        ends = between(self.interval["lower"], self.interval["upper"], self.measure, self.unit)
        return f"{self.interval['level'] * 100:g}% interval {ends}"


_LEVELS = {"studies": " pooled", "effects": " pooled"}
_NATURES = {"forecast": "FORECAST", "alleged": "ALLEGED", "modelled": "modelled", "reported": "as reported"}
_FLAGS = {"vendor": "VENDOR", "interested": "interested party", "unknown": "vendor flag not set"}


def _bound(qualifier: str) -> str:
    return "" if qualifier == "exactly" else qualifier.replace("_", " ") + " "


def _together(figures: tuple[Figure, ...]) -> str:
    """Figures in one line; what stands in brackets behind each is said once when it is the same for all."""
    lines = [(figure.said, figure.line.removeprefix(figure.said)) for figure in figures]
    if len({inside for _, inside in lines}) == 1:
        return "; ".join(name for name, _ in lines) + lines[0][1]
    return "; ".join(name + inside for name, inside in lines)


def _ties(figures: tuple[Figure, ...]) -> str:
    """Bodies tied to the source, whatever its flag."""
    named = ties_text(figures[0].vendor) if figures else ""
    return f" · ties: {named}" if named else ""


def ties_text(vendor: Json) -> str:
    """Ties of a source in words: ``ADP (data provider)``."""
    ties = (f"{tie['organization']} ({tie['tie'].replace('_', ' ')})" for tie in vendor["interests"])
    return ", ".join(dict.fromkeys(ties))


@dataclass(frozen=True, slots=True)
class Fit(Answered):
    """How a card fits a question: its tier, each asked dimension, and why. It belongs to the card in this brief."""

    tier: str
    role: str | None = None
    skill: str | None = None
    cohort: str | None = None
    topic: str | None = None
    outcome: str | None = None
    product: str | None = None
    instrument: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Card(Answered):
    """A finding on a page: its title, figures, byline, badges, fit and caveats."""

    ref: Ref
    title: str
    statement: str
    figures: tuple[Figure, ...]
    byline: str
    badges: tuple[str, ...]
    fit: Fit | None
    caveats: tuple[Caveat, ...]
    definitions: tuple[str, ...]
    references: tuple[str, ...]

    def to_dict(self) -> Json:
        """Plain data; figures are ids, as the brief holds each figure once."""
        data = Answered.to_dict(self)
        data["figures"] = [figure.id for figure in self.figures]
        return data

    def __str__(self) -> str:
        badges = f" [{', '.join(self.badges)}]" if self.badges else ""
        lines = [
            self.title,
            _together(self.figures) if self.figures else self.statement,
            self.byline + badges + _ties(self.figures),
            self.fit.why if self.fit else "",
            " ".join(dict.fromkeys(caveat.text for caveat in self.caveats)),
        ]
        return "\n".join(line for line in lines if line)

    @classmethod
    def from_dict(cls, data: Json, fit: Fit | None = None) -> Card:
        """Read back what :func:`stored_card` wrote, and give it the fit it has in one question."""
        return cls(
            ref=Ref(**data["ref"]),
            title=data["title"],
            statement=data["statement"],
            figures=tuple(map(Figure.from_dict, stored_figures(data))),
            byline=data["byline"],
            badges=tuple(data["badges"]),
            fit=fit,
            caveats=tuple(Caveat(**caveat) for caveat in data["caveats"]),
            definitions=tuple(data["definitions"]),
            references=tuple(data["references"]),
        )


def stored_card(card: Card) -> Json:
    """A card with its figures in full, as its row holds it: what all of its figures share stands once."""
    figures = [figure.to_dict() for figure in card.figures]
    shared = {
        name: value
        for name, value in (figures[0] if figures else {}).items()
        if all(figure[name] == value for figure in figures)
    }
    own = [{name: value for name, value in figure.items() if name not in shared} for figure in figures]
    return {**card.to_dict(), "figures": own, "shared": shared}


def stored_figures(data: Json) -> list[Json]:
    """The figures of a stored card, each with all of its fields."""
    return [{**data["shared"], **own} for own in data["figures"]]


@dataclass(frozen=True, slots=True)
class Gap(Answered):
    """A question that nothing in the pack answers, or a recorded search that found nothing."""

    id: str
    kind: str
    aspect: str | None
    question: str
    text: str
    searched: tuple[Json, ...] = ()
    nearest: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Reference(Answered):
    """A source on a page: its label, its full form, who gains from it, and what it stands for here."""

    key: str
    label: str
    text: str
    csl: Json
    url: str | None
    kind: str
    vendor: Json
    standing: Json
    primary_for: tuple[str, ...]
    secondary_for: tuple[str, ...]
    read: str | None

    @classmethod
    def from_dict(cls, data: Json) -> Reference:
        """Read back a stored reference."""
        lists = {name: tuple(data[name]) for name in ("primary_for", "secondary_for")}
        return cls(**{**data, **lists})

    def __str__(self) -> str:
        flag = "" if self.vendor["flag"] == "independent" else f" [{self.vendor['flag']}]"
        return self.text + flag


@dataclass(frozen=True, slots=True)
class Brief(Answered):
    """All that a page about a subject, or a mix of subjects, says."""

    ref: Ref
    question: Question
    title: str
    summary: str
    coverage: Json
    headline: tuple[Card, ...]
    context: tuple[Card, ...]
    figures: Mapping[str, Figure]
    references: tuple[Reference, ...]
    depends_on: tuple[str, ...]
    digest: str
    stamp: Json
    answers: tuple[Any, ...] = ()
    cohorts: tuple[Any, ...] = ()
    conflicts: tuple[Any, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    gaps: tuple[Gap, ...] = ()
    faq: tuple[Any, ...] = ()
    exclusions: tuple[str, ...] = ()
    untraced: tuple[str, ...] = ()
    findings: Mapping[str, Any] = field(default_factory=dict)
    definitions: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        counts = ", ".join(f"{self.coverage[tier]} {tier}" for tier in TIERS)
        lines = [self.title, f"{_findings(self.coverage)} in this pack: {counts}.", ""]
        if not (self.headline or self.context):
            lines[1] = f"Not known here: no finding in this pack bears on {self.ref.label}."
        numbers = {reference.key: at for at, reference in enumerate(self.references, start=1)}
        for heading, cards in (("Closest to the question", self.headline), ("Further cards", self.context)):
            if cards:
                lines += [heading, ""]
                lines += [line for at, card in enumerate(cards, start=1) for line in _numbered(at, card, numbers)]
        if self.references:
            lines += ["References", *(f"[{at}] {ref}" for at, ref in enumerate(self.references, start=1)), ""]
        lines.append(
            f"{self.stamp['pack']} pack {self.stamp['version']} · {self.stamp['digest'][:19]}… · "
            "what is missing here is missing in this pack, not in the world."
        )
        return "\n".join(lines)


def _findings(coverage: Json) -> str:
    total = sum(coverage[tier] for tier in TIERS)
    return "1 finding" if total == 1 else f"{total} findings"


def _numbered(at: int, card: Card, numbers: Mapping[str, int]) -> list[str]:
    marks = "".join(f" [{numbers[key]}]" for key in card.references if key in numbers)
    first, *rest = str(card).split("\n")
    return [f"{at}. {first}{marks}", *(f"   {line}" for line in rest), ""]
