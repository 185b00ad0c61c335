"""What the full-text index holds of a record, worked out of its plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from evidencekb.engines.linking import Rows
from evidencekb.engines.making import Reading
from evidencekb.sources import references

_BYLINES = 50_000
Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Labels:
    """How records name what they are about, by id.

    Attributes:
        concepts: Labels of all concepts.
        cohorts: Labels of all cohorts.
        sources: Bylines of sources; may be read when they are asked for.
    """

    concepts: Mapping[str, str]
    cohorts: Mapping[str, str]
    sources: Mapping[str, str]

    @classmethod
    def of(cls, rows: Rows) -> Labels:
        """Those of a file that holds its records, concepts and cohorts; bylines are made when they are needed."""

        def byline(key: str) -> str:
            return references.label(
                from_json(rows("SELECT body FROM record WHERE kind = 'source' AND id = ?", (key,))[0][0])
            )

        concepts: dict[str, str] = dict(rows("SELECT id, label FROM concept", ()))
        cohorts: dict[str, str] = dict(rows("SELECT id, label FROM cohort", ()))
        return cls(concepts, cohorts, Reading(byline, _BYLINES))


def words_of(kind: str, data: Plain, labels: Labels) -> tuple[str, str, str]:
    """Headline, text and labels of a record that is searched by its words.

    Args:
        kind: finding, claim or untraced.
        data: The record as plain data.
        labels: How it names what it is about.

    Examples:
        >>> claim = {"text": "Nurses use it.", "about": ["nurse", "ward"]}
        >>> words_of("claim", claim, Labels({"nurse": "Nurse"}, {"ward": "Ward staff"}, {}))
        ('Nurses use it.', '', 'Nurse · Ward staff')
    """
    if kind == "finding":
        text = " ".join((data["statement"], *(c["text"] for c in data.get("caveats", ()))))
        return data["headline"], text, " · ".join(_labels(data, labels))
    if kind == "claim":
        subjects = (labels.concepts.get(id) or labels.cohorts.get(id) for id in data.get("about", ()))
        return data["text"], "", " · ".join(filter(None, subjects))
    return data["headline"], data["say"], data.get("attributed_to", "")


def _labels(finding: Plain, labels: Labels) -> Iterator[str]:
    """What a finding is about, what it measures and of whom, and who says it."""
    for link in finding.get("cohorts", ()):
        yield labels.cohorts[link["cohort"]]
    for about in finding.get("about", ()):
        yield labels.concepts[about["concept"]]
    for estimate in finding.get("estimates", ()):
        yield estimate.get("label") or labels.concepts[estimate["outcome"]]
        yield from (estimate[part] for part in ("group", "comparator") if part in estimate)
    for citation in finding.get("citations", ()):
        if citation["role"] == "primary":
            yield labels.sources[citation["source"]]
