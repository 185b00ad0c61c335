"""1xx about one record: names inside a finding that nothing in it has."""

from __future__ import annotations

from collections.abc import Iterator

from evidencekb.model import Finding
from evidencekb.names import nearest
from evidencekb.report import Subject
from evidencekb.rules.rule import FieldPath, Found, Rule


def local_names(rule: Rule, finding: Finding) -> Found:
    """103: what prints, drift, corrections and links name is an estimate, a mention or the sample of this finding."""
    estimates = [e.id for e in finding.estimates]
    printable = {*estimates, *finding.mentions, "sample"}
    for path, name, known in _names(finding, estimates, printable):
        if name not in known:
            yield rule.violation("local", Subject("finding", finding.id), path, item=name, nearest=nearest(name, known))


def _names(finding: Finding, estimates: list[str], printable: set[str]) -> Iterator[tuple[FieldPath, str, set[str]]]:
    for at, citation in enumerate(finding.citations):
        for name in citation.prints:
            yield ("citations", at, "prints", name), name, printable
        for which, drift in enumerate(citation.drift):
            for position, name in enumerate(drift.on):
                yield ("citations", at, "drift", which, "on", position), name, printable
        for which, correction in enumerate(citation.corrections):
            yield ("citations", at, "corrections", which, "on"), correction.on, {*estimates, "sample"}
    for at, link in enumerate(finding.links):
        for position, name in enumerate(link.about):
            yield ("links", at, "about", position), name, set(estimates)
