"""Findings that no rule was written for, each with defects: read from the compact files in ``texts``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from evidencekb.model import Finding
from evidencekb.rules import rule
from evidencekb.rules.stated import finding_text
from tests.rules.mutating import MUTATIONS, swapped

_FOLDER = Path(__file__).parent / "texts"


class Case(NamedTuple):
    """A sound finding, and the texts with one defect each: what was done, the field, the text."""

    finding: Finding
    defects: list[tuple[str, str, str]]


def cases(name: str) -> list[Case]:
    """The cases of one file: ``tuned`` or ``held``."""
    return [
        Case(finding := finding_of(one, at), [*_by_hand(one, finding), *_by_machine(finding)])
        for at, one in enumerate(read(name))
    ]


def read(name: str) -> list[dict[str, Any]]:
    """The entries of one file, as they are written."""
    found: list[dict[str, Any]] = yaml.safe_load((_FOLDER / f"unseen_{name}.yaml").read_text("utf-8"))
    return found


def alarms(finding: Finding) -> list[str]:
    """What rule 303 says of a headline and a statement."""
    return [f"{v.path[0]}: {v.message}" for v in finding_text(rule("303"), finding, lambda _kind, _id: None)]


def is_caught(finding: Finding, field: str, text: str, sound: frozenset[str]) -> bool:
    """True if the rule tells something of the finding with this text that it does not tell without."""
    return not sound.issuperset(alarms(finding.model_copy(update={field: text})))


def _by_hand(one: dict[str, Any], finding: Finding) -> Iterator[tuple[str, str, str]]:
    for defect in one.get("bad", ()):
        kind, change = next(iter(defect.items())) if isinstance(defect, dict) else ("", defect)
        old, _, new = change.partition(" => ")
        field = "headline" if old in finding.headline else "statement"
        assert old in getattr(finding, field), defect
        yield f"by hand {kind}".rstrip(), field, getattr(finding, field).replace(old, new, 1)


def _by_machine(finding: Finding) -> Iterator[tuple[str, str, str]]:
    for field in ("headline", "statement"):
        for mutate in (*MUTATIONS, swapped):
            for what, text in mutate(getattr(finding, field)):
                yield what, field, text


def finding_of(one: dict[str, Any], at: int) -> Finding:
    """The finding that an entry stands for."""
    sample: dict[str, Any] = {
        "counts": [{"n": n, "of": of, "level": "analysed"} for n, of in one.get("n", {}).items()],
        "place": one.get("place"), "period": one.get("period"),
    }  # fmt: skip
    legal = (
        {"act": "decree", "body": "a-court", "case": "a-case", "on": str(one["legal"]), "merits": "not_decided"}
        if "legal" in one
        else None
    )
    return Finding.model_validate({
        "id": f"unseen-{at}", "headline": one["h"], "statement": one["s"], "nature": one.get("nature", "observed"),
        "design": one.get("design", "lab_experiment"), "sample": sample, "mentions": one.get("mentions", {}), "legal": legal,
        "cohorts": [{"cohort": id, "fit": "exact", "note": note} for id, note in one.get("cohorts", {}).items()],
        "estimates": [_estimate(*fields) for fields in one["e"]], "no_interval": "not_seen",
    })  # fmt: skip


def _estimate(id: str, measure: str, value: Any, unit: str, others: dict[str, Any]) -> dict[str, Any]:
    slug = others.get("outcome", id).replace(" ", "-").lower()
    number = (
        {"range": value} if isinstance(value, dict) else {"direction" if isinstance(value, str) else "value": value}
    )
    form = {"measure": measure, "unit": unit} if measure else {}
    return {"id": id, **form, **number, **others, "outcome": slug}
