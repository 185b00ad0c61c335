"""Records of what rows of the replication database say: candidates, in which everything that nobody has looked up says so.

One finding is one study of one paper, as the database tells studies apart; the later paper's study of one original is another.
Each row that gives a figure is one estimate on each side.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from evidencekb.curating.replicationeffects import Effect, cut
from evidencekb.curating.replicationrows import Row
from evidencekb.vocab import Measure

DATABASE = "forrt-replication-database"
"""Id of the source that the figures were taken from."""

DATABASE_DOI = "10.17605/OSF.IO/9R62X"
COHORT = "forrt-not-recorded"
_STATEMENT = "Entered from the replication database, which gives effects and little on them; nobody has read the paper."
_LONGEST_ID, _LONGEST_UNSAID, _LONGEST_LOCATOR = 110, 3600, 600
_PLANS = {"": "unknown", "no": "no", "yes": "yes"}

Fields = dict[str, Any]


def database_item() -> Fields:
    """The database as a work."""
    return {
        "id": DATABASE,
        "type": "dataset",
        "title": "FReD: FORRT Replication Database",
        "author": [{"literal": "Framework for Open and Reproducible Research Training"}],
        "DOI": DATABASE_DOI,
        "issued": {"date-parts": [[2024]]},
    }


def cohort_record() -> Fields:
    """The placeholder for whom a study measured."""
    return {
        "id": COHORT,
        "label": "Those whom a study measured",
        "meaning": "Whoever was measured; the replication database does not say who, and nobody has looked. Mostly people.",
        "unit": "people",
    }


@dataclass(slots=True)
class Study:
    """One finding while its rows come in.

    Attributes:
        id: Its id.
        source: Key of the paper.
        study: The study of the paper, as named.
        plan: What is said of its preregistration: where it is, yes, no, or ''.
        estimates: Its estimates by what they say.
        rows: Rows that it rests on.
        places: Where the paper prints them.
        printed: By estimate, what the database prints.
        sizes: Sizes of the sample, None for a row that gives none.
    """

    id: str
    source: str
    study: str
    plan: str = ""
    estimates: dict[tuple[object, ...], Fields] = field(default_factory=dict)
    rows: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    printed: dict[str, str] = field(default_factory=dict)
    sizes: set[int | None] = field(default_factory=set)

    def take(self, row: Row, effect: Effect, places: Sequence[str], plan: str) -> None:
        """Note that a row speaks of it."""
        self.rows.append(row.id)
        self.plan = self.plan or plan
        self.sizes.add(effect.n)
        self.places += [place for place in dict.fromkeys(places) if place and place not in self.places]


@dataclass(slots=True)
class Drafts:
    """Records to be written.

    Attributes:
        originals: Findings that were tried again, by paper and study.
        laters: Findings that try them.
        tries: By id of a later finding: rows by original, kind of link, outcome, criterion and the word for an unknown outcome.
        outcomes: Concepts of what was measured.
        definitions: How it was measured: not recorded.
        known: Estimates of findings that the pack holds: by finding, what they say and their outcome.
        unsaid: By row, the original's figure that a finding of the pack lacks.
    """

    originals: dict[str, Study] = field(default_factory=dict)
    laters: dict[str, Study] = field(default_factory=dict)
    tries: dict[str, dict[tuple[str, ...], list[Row]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    outcomes: list[Fields] = field(default_factory=list)
    definitions: list[Fields] = field(default_factory=list)
    known: Mapping[str, Mapping[tuple[object, ...], str]] = field(default_factory=dict)
    unsaid: dict[str, str] = field(default_factory=dict)

    def add(self, row: Row, original: str, later: str) -> None:
        """Take a row, whose papers have these keys."""
        one = original_id(original, row.study)
        other = later_id(later, row.later_study, one)
        outcome = self._original(row, one, original)
        study = self.laters.setdefault(other, Study(other, later, row.later_study))
        study.take(row, row.later_effect, row.places[2:], row.plans[1])
        if row.later_effect.value is not None:
            outcome = outcome or self._concept(row, one)
            estimate = self._estimate(row, row.later_effect, outcome, "replication", row.places[2])
            study.estimates[(estimate["id"],)] = estimate
            study.printed[estimate["id"]] = row.later_effect.printed
        told = "" if row.outcome else row.told
        self.tries[other][one, str(row.link), str(row.outcome or ""), row.criterion or "", told].append(row)

    def note(self, row: Row, one: str, other: str) -> None:
        """Note a row that says what another said."""
        for study in filter(None, (self.originals.get(one), self.laters.get(other))):
            study.rows.append(row.id)

    def _original(self, row: Row, one: str, key: str) -> str:
        """The outcome under which the original's figure of a row stands; '' when it gives none."""
        says = says_of(row.label, row.effect)
        if one in self.known:
            if row.effect.value is not None and says not in self.known[one]:
                self.unsaid[row.id] = row.effect.words
            return self.known[one].get(says, "")
        study = self.originals.setdefault(one, Study(one, key, row.study))
        study.take(row, row.effect, row.places[:2], row.plans[0])
        if row.effect.value is None:
            return ""
        if says not in study.estimates:
            study.estimates[says] = self._estimate(row, row.effect, self._concept(row, one), "original", row.places[1])
            study.printed[study.estimates[says]["id"]] = row.effect.printed
        return str(study.estimates[says]["outcome"])

    def _concept(self, row: Row, one: str) -> str:
        id = f"forrt-effect-{row.id}"
        label = row.label or f"Effect {row.id} of {one}"
        self.outcomes.append({"id": id, "kind": "outcome", "label": label})
        return id

    def _estimate(self, row: Row, effect: Effect, outcome: str, side: str, place: str) -> Fields:
        id = f"forrt-{row.id}-{side}"
        kind = effect.words.partition(" = ")[0]
        self.definitions.append({
            "id": id,
            "of": outcome,
            "basis": "not_recorded",
            "procedure": f"Given as {kind} by the replication database. How it was measured is not recorded; nobody has looked.",
        })  # fmt: skip
        made: Fields = {
            "id": f"effect-{row.id}", "outcome": outcome, "definition": id, "measure": str(effect.measure), "value": effect.value,
            "unit": effect.unit, "p_value": effect.p_value, "n": effect.n,
            "how": f"The replication database prints: {_taken(effect.words, place)}." if effect.lost or place else None,
        }  # fmt: skip
        return {name: value for name, value in made.items() if value is not None}

    def findings(self, database: str, file: str, today: str) -> list[Fields]:
        """All findings, originals first."""
        read = {"what": "data", "where": file, "on": today}
        made = [self._finding(study, database, read, today, "original") for study in self.originals.values()]
        for id, study in self.laters.items():
            finding = self._finding(study, database, read, today, "later")
            finding["links"] = [
                link for held, rows in self.tries[id].items() for link in self._links(held, rows, database)
            ]
            made.append(finding)
        return made

    def _links(self, held: tuple[str, ...], rows: Sequence[Row], database: str) -> list[Fields]:
        """One link for rows that say the same of one original; more where too many of them give no figure to be put in one."""
        target, type, outcome, criterion, told = held
        about = [f"effect-{row.id}" for row in rows if row.later_effect.value is not None]
        unsaid = [text for row in rows if (text := self._unsaid(row))]
        parts: list[list[str]] = [[]]
        for text in unsaid:
            if parts[-1] and sum(map(len, parts[-1])) + 2 * len(parts[-1]) + len(text) > _LONGEST_UNSAID:
                parts.append([])
            parts[-1].append(text)
        links = []
        for part in parts:
            because = "Entered as one in the replication database."
            because += f" How it came out, in its words: {told}." if told else ""
            because += f" Without a figure of their own here: {'. '.join(part)}." if part else ""
            link: Fields = {"type": type, "target": target, "because": because}
            if about and part is parts[0]:
                link["about"] = about
            link |= {name: value for name, value in (("outcome", outcome), ("criterion", criterion)) if value}
            links.append({**link, "asserted_by": database})
        return links

    def _unsaid(self, row: Row) -> str:
        """What of a row stands in no estimate."""
        parts = []
        if row.id in self.unsaid:
            parts.append(f"original ({self.unsaid[row.id]})")
        elif row.effect.value is None:
            parts.append(f"original ({_taken(row.effect.words, row.places[1])})")
        if row.later_effect.value is None:
            parts.append(f"later study ({_taken(row.later_effect.words, row.places[2])})")
        return f"effect {row.id}: {', '.join(parts)}" if parts else ""

    def _finding(self, study: Study, database: str, read: Fields, today: str, side: str) -> Fields:
        size = next(iter(study.sizes)) if len(study.sizes) == 1 else None
        counts = [{"n": size, "of": "cases", "level": "analysed"}]
        sample: Fields = {"counts": counts} if size is not None else {"none_because": "not_seen"}
        named = f"study {study.study}" if study.study else ""
        locator = cut("; ".join(filter(None, (named, *study.places))), _LONGEST_LOCATOR)
        primary = {"source": study.source, "role": "primary", "basis": "own_data"}
        if locator:
            primary["locator"] = locator
        relayed: Fields = {
            "source": database, "role": "secondary", "locator": f"effects {', '.join(study.rows)}", "names": study.source,
            "taken_from": study.source, "read": read,
        }  # fmt: skip
        if study.printed:
            relayed["prints"] = study.printed
        number = f" {study.rows[0]}" if study.rows[0].isdigit() else ""
        what = f"Original study{number}" if side == "original" else f"Study{number} that tried another again"
        return {
            "id": study.id,
            "headline": f"{what}, as the replication database has it",
            "statement": _STATEMENT,
            "nature": "observed",
            "design": "not_recorded",
            "preregistered": _PLANS.get(study.plan) or {"state": "yes", "id": study.plan},
            "sample": sample,
            "cohorts": [{"cohort": COHORT, "fit": "narrower"}],
            "no_interval": "not_seen",
            "estimates": [*study.estimates.values()],
            "citations": [{**primary, "read": {"what": "nothing"}}, relayed],
            "provenance": {"by": "evidencekb import", "on": today, "from": read["where"]},
        }  # fmt: skip


def _taken(words: str, place: str) -> str:
    return f"{words}; taken from: {place.rstrip('.')}" if place else words


def says_of(label: str, effect: Effect) -> tuple[object, ...]:
    """What an original's figure says: rows that say the same of it share one estimate."""
    return label, str(effect.measure), effect.unit, effect.value, effect.n, effect.p_value


def said_by(estimate: Mapping[str, Any], label: str) -> tuple[object, ...]:
    """The same of an estimate of the pack."""
    names = ("measure", "unit", "value", "n", "p_value")
    measure, unit, value, n, p = (estimate.get(name) for name in names)
    return label, str(measure or Measure.OTHER), unit, value, n, p


def original_id(key: str, study: str) -> str:
    """Id of the finding of one study of an original.

    Examples:
        >>> original_id("doe2019replies", "1a"), original_id("Doe:2019", "")
        ('doe2019replies-study-1a', 'doe-2019-study')
    """
    return _slug(f"{key}-study-{study}" if study else f"{key}-study")


def later_id(key: str, study: str, original: str) -> str:
    """Id of the finding of one study that tries an original.

    Examples:
        >>> later_id("roe2021letters", "2", "doe2019replies-study-1a")
        'roe2021letters-study-2-of-doe2019replies-study-1a'
    """
    return _slug(f"{original_id(key, study) if study else _slug(key)}-of-{original}")


def _slug(text: str) -> str:
    """An id of a finding; a long one is cut, and tells itself from others by a digest. So does one whose marks were lost."""
    plain = re.sub(r"[^a-z0-9._-]+", "-", text.casefold()).strip("-._")
    if len(plain) <= _LONGEST_ID and plain:
        return plain
    return f"{plain[: _LONGEST_ID - 9].rstrip('-._')}-{sha256(text.encode()).hexdigest()[:8]}"
