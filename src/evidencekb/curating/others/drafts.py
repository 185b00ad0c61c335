"""What a record of another database becomes: a draft of records for a pack, or the reason why it is left."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from evidencekb.curating.others.values import digits_of, slug
from evidencekb.sources.items import Item

Fields = dict[str, Any]

NOT_LOOKED = "nobody has looked"
_NUMBERED = "part of the number of the record in its database"


@dataclass(frozen=True, slots=True)
class Cited:
    """A work that a draft's finding cites.

    Attributes:
        item: The work, as CSL-JSON.
        fields: What the citation says of it, without its source; ``names`` and ``taken_from`` may be :data:`FIRST`.
        key: The key that the work should get when it is new; '' for one made of author, year and title.
    """

    item: Item
    fields: Fields
    key: str = ""


FIRST = "\0first"
"""Stands in a citation for the source of the first work that is cited."""


@dataclass(slots=True)
class Draft:
    """One record of another database, as it may stand in a pack.

    Attributes:
        id: What names it in the report.
        place: Where it stands.
        identity: What it is in its database, by which it is known again.
        finding: A finding without citations and provenance; None when the record gives none.
        cited: Works that the finding cites, its primary first.
        works: Works that come in without a finding.
        concepts: Concepts it needs or is.
        cohorts: Cohorts it needs.
        definitions: Definitions it needs or is.
        lost: What of the record does not come in, in a few words each.
    """

    id: str
    place: str
    identity: str
    finding: Fields | None = None
    cited: list[Cited] = field(default_factory=list)
    works: list[Item] = field(default_factory=list)
    concepts: list[Fields] = field(default_factory=list)
    cohorts: list[Fields] = field(default_factory=list)
    definitions: list[Fields] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def texts_lost(self, names: Iterable[str]) -> None:
        """Note texts of theirs, which are not copied."""
        self.lost += [f"{name}: a text of theirs, which is not copied" for name in names]


@dataclass(frozen=True, slots=True)
class Left:
    """A record, or a file, that does not come in.

    Attributes:
        id: What names it.
        place: Where it stands.
        why: Why.
    """

    id: str
    place: str
    why: str


def finding_of(id: str, what: str, number: str, statement: str) -> Fields:
    """A finding of which nothing is known but where it comes from.

    Args:
        id: Its id.
        what: What sort of record it comes from.
        number: What names the record there.
        statement: Our own sentence.
    """
    headline = f"Candidate from {what}: {number}"
    made: Fields = {
        "id": id, "headline": headline, "statement": statement, "nature": "observed", "design": "not_recorded",
        "preregistered": "unknown", "sample": {"none_because": "not_seen"}, "no_interval": "not_seen", "estimates": [],
    }  # fmt: skip
    dates = re.findall(r"[0-9]+(?:-[0-9]+)+", headline)
    if numbers := dict.fromkeys([*dates, *digits_of(headline)], _NUMBERED):
        made["mentions"] = numbers
    return made


def outcome(id: str, label: str) -> Fields:
    """A concept of kind outcome."""
    return {"id": id, "kind": "outcome", "label": label}


def definition(id: str, of: str, given: str) -> Fields:
    """A definition of which is known who gave the number, and no more."""
    return {
        "id": id,
        "of": of,
        "basis": "not_recorded",
        "procedure": f"{given.rstrip('.')}. How it was measured is not recorded; {NOT_LOOKED}.",
    }


def cohort(id: str, label: str, given: str) -> Fields:
    """A cohort that another database names."""
    return {
        "id": id,
        "label": label,
        "meaning": f"Whoever is meant by that name; {given}, and {NOT_LOOKED} who they are. Mostly people.",
        "unit": "people",
    }


def cohort_not_recorded(prefix: str, given: str) -> Fields:
    """The placeholder for those whom a record does not name."""
    return {
        "id": f"{prefix}-not-recorded",
        "label": "Those whom a record is about",
        "meaning": f"Whoever was measured; {given} does not say who, and {NOT_LOOKED}. Mostly people.",
        "unit": "people",
    }


def estimate_id(*parts: str) -> str:
    """A local id of its parts.

    Examples:
        >>> estimate_id("statistic", "2"), estimate_id("3")
        ('statistic-2', 'e-3')
    """
    made = slug(*parts).replace(".", "-")[:58]
    return made if re.match("[a-z]", made) and made != "sample" else f"e-{made}"
