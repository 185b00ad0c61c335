"""The figure: a number as it leaves the library, with everything that a reader needs to judge it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import lru_cache
from sys import intern
from typing import Any

from evidencekb.answers.base import Answered, Fixed, Json, alike, fixed
from evidencekb.answers.numbers import between, closed, said, spoken, spoken_period
from evidencekb.answers.records import Caveat, Ref
from evidencekb.answers.shapes import (
    Absent,
    Cite,
    CohortFit,
    Count,
    DefinitionOf,
    Interval,
    Read,
    Replications,
    Spread,
    Standing,
    Vendor,
    Version,
)
from evidencekb.vocab import WITHDRAWN, Nature


@dataclass(frozen=True, slots=True)
class Figure(Answered):
    """A number as it leaves the library: with everything that a reader needs to judge it.

    ``str(figure)`` includes the citation. ``figure.value`` is the bare number, in ``figure.unit``; it is None when the
    source gives a range or only a direction.

    Attributes:
        id: `finding#estimate`.
        finding: Id of the finding.
        estimate: Name of the estimate within it.
        outcome: What the number is about.
        measure: The kind of number, a ``Measure``; null for a direction alone.
        value: The bare number, in `unit`; null for a range or a direction.
        range: Low and high end; null for a value or a direction.
        direction: A ``Direction``, when the source gives no number.
        qualifier: How the printed number is limited, a ``Qualifier``.
        unit: The unit of the numbers; `1` for a share.
        display: The number as text, or the direction in words.
        phrase: What it is a number of.
        words: Both as part of a sentence.
        group: Whom or what the number is of.
        comparator: Whom or what it is set against.
        period: When, as an EDTF date.
        place: Where.
        interval: The confidence interval, as printed in the source.
        no_interval: Which absence it is; null when there is an interval. Exactly one of the two is null.
        se: Standard error, when printed.
        p_value: P value, when printed.
        n: The sample size; null when none may stand as n.
        no_n: Which absence it is; null when there is an n.
        sample: How those measured were chosen, in words; null when that is not recorded.
        cohorts: The cohorts that the sample belongs to.
        definitions: The operational definitions behind it.
        nature: Observed, reported, modelled, forecast …, a ``Nature``.
        design: The study design, a ``Design``.
        preregistered: `yes`, `no` or `unknown`.
        vendor: The flag of its primary source.
        replications: Replications of the finding.
        contradicted_by: Ids of findings that point the other way.
        standing: What happened to its primary source.
        version: Which version of the work.
        read: What a person read; null when that is not recorded.
        caveats: Limits of this figure alone; those of the finding stand on its card.
        cite: Its source.
    """

    shelf = "figures"

    id: str
    finding: str
    estimate: str
    outcome: Ref
    measure: str | None
    value: float | None
    range: Spread | None
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
    interval: Interval | None
    no_interval: Absent | None
    se: float | None
    p_value: float | None
    n: Count | None
    no_n: Absent | None
    sample: str | None
    cohorts: tuple[CohortFit, ...]
    definitions: tuple[DefinitionOf, ...]
    nature: str
    design: str
    preregistered: str
    vendor: Vendor
    replications: Replications
    contradicted_by: tuple[str, ...]
    standing: Standing
    version: Version
    read: Read | None
    caveats: tuple[Caveat, ...]
    cite: Cite

    @classmethod
    def from_dict(cls, data: Json) -> Figure:
        """Read back what :meth:`to_dict` wrote."""
        return cls(**figure_fields(data))

    @property
    def key(self) -> str:
        """The id: ``finding#estimate``."""
        return self.id

    def __str__(self) -> str:
        inside = [
            part for part in (self.contrast, self.when_and_where, self._size, *self._flags(), self._precision) if part
        ]
        return f"{self.said} ({'; '.join(inside)}) [{self.cite['text']}]"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def _repr_html_(self) -> str:
        from evidencekb.answers.html import figure_html  # read only where something can show it

        return figure_html(self)

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
        period = spoken_period(self.period) if self.period else ""
        told = self.contrast
        return ", ".join(part for part in (period, self.place) if part and part not in told)

    @property
    def flags(self) -> tuple[str, ...]:
        """What must stand beside the number: a withdrawn standing, a nature that is not observed, who gains from it."""
        return tuple(flag for flag in self._flags(short=True) if flag)

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
        size = spoken(Decimal(str(self.n["value"])))
        counted = f"{size} {self.n['of']}{_LEVELS.get(self.n['level'], '')}".rstrip()
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


def figure_fields(data: Json) -> Json:
    """Fields of a figure, or some of them, from plain data."""
    return {name: _READ_BACK[name](value) if name in _READ_BACK else value for name, value in data.items()}


def figure_of(values: Json) -> Figure:
    """The figure of all its fields; by place, as names that come from JSON are slow to match."""
    return Figure(*map(values.__getitem__, _NAMES))


def _flat(value: Json | None) -> Fixed | None:
    """A dictionary that holds no other, as most of a figure's do: nothing in it needs to be looked at."""
    return None if value is None else Fixed(value)


def _alike(value: Json | None) -> Fixed | None:
    return None if value is None else alike(value)


def _all_alike(values: list[Json]) -> tuple[Any, ...]:
    return tuple(map(alike, values))


def _word(value: str | None) -> str | None:
    """A term that many figures have, held once for all of them."""
    return None if value is None else intern(value)


@lru_cache(10_000)
def _outcome(kind: str, id: str, label: str) -> Ref:
    return Ref(kind, id, label)


@lru_cache(10_000)
def _untied(flag: str, reason: str) -> Fixed:
    made: Fixed = fixed({"flag": flag, "reason": reason, "interests": []})
    return made


@lru_cache(1_000)
def _alone(label: str | None) -> Fixed:
    made: Fixed = fixed({"label": label, "others": []})
    return made


_NOT_REPLICATED: Fixed = fixed({"successful": 0, "failed": 0, "other": 0, "ids": []})

_READ_BACK: dict[str, Callable[[Any], Any]] = {
    "outcome": lambda ref: _outcome(ref["kind"], ref["id"], ref["label"]),
    "caveats": lambda caveats: tuple([Caveat.from_dict(caveat) for caveat in caveats]),
    "contradicted_by": tuple,
    "vendor": lambda vendor: fixed(vendor) if vendor["interests"] else _untied(vendor["flag"], vendor["reason"]),
    "version": lambda version: fixed(version) if version["others"] else _alone(version["label"]),
    "replications": lambda held: fixed(held) if any(held.values()) else _NOT_REPLICATED,
    **dict.fromkeys(
        ("measure", "direction", "qualifier", "unit", "place", "period", "nature", "design", "preregistered"), _word
    ),
    **dict.fromkeys(("cohorts", "definitions"), _all_alike),
    **dict.fromkeys(("no_interval", "no_n", "standing", "read"), _alike),
    **dict.fromkeys(("range", "interval", "n", "cite"), _flat),
}
"""How those fields come back that plain data holds in another form."""
_NAMES = tuple(field.name for field in fields(Figure))

_LEVELS = {"studies": " pooled", "effects": " pooled"}
_NATURES = {"forecast": "FORECAST", "alleged": "ALLEGED", "modelled": "modelled", "reported": "as reported"}
_FLAGS = {"vendor": "VENDOR", "interested": "interested party", "unknown": "vendor flag not set"}


def _bound(qualifier: str) -> str:
    """A limit of a count."""
    return "" if qualifier == "exactly" else qualifier.replace("less", "fewer").replace("_", " ") + " "


def together(figures: tuple[Figure, ...]) -> str:
    """Figures in one line; what stands in brackets behind each is said once when it is the same for all."""
    lines = [(figure.said, figure.line.removeprefix(figure.said)) for figure in figures]
    if len({inside for _, inside in lines}) == 1:
        return "; ".join(name for name, _ in lines) + lines[0][1]
    return "; ".join(name + inside for name, inside in lines)


def told(figures: tuple[Figure, ...]) -> str:
    """Figures of one finding as a sentence: who says it, in the verb that its nature allows, with their flags."""
    first = figures[0]
    return closed(f"{first.cite['label']} {Nature(first.nature).told}: {together(figures)}")


def ties_text(vendor: Vendor) -> str:
    """Ties of a source in words: ``ADP (data provider)``."""
    ties = (f"{tie['organization']} ({tie['tie'].replace('_', ' ')})" for tie in vendor["interests"])
    return ", ".join(dict.fromkeys(ties))
