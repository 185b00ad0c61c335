"""211 about one record: known errors of a source, whose corrections fail once the source is mended."""

from __future__ import annotations

from collections.abc import Iterator

from evidencekb.model import Finding, Source
from evidencekb.model.common import print_the_same
from evidencekb.model.findings import Citation, FigureCorrection
from evidencekb.report import Subject
from evidencekb.rules.rule import FieldPath, Found, Rule
from evidencekb.vocab import Role


def figures(rule: Rule, finding: Finding) -> Found:
    """A figure is corrected only while its primary source prints what the correction expects, and holds what it says."""
    for at, citation in enumerate(finding.citations):
        for which, correction in enumerate(citation.corrections):
            path: FieldPath = ("citations", at, "corrections", which)
            for variant, field, detail in _problems(finding, citation, correction):
                named = {"item": correction.on, "source": citation.source}
                yield rule.violation(variant, Subject("finding", finding.id), (*path, *field), **named, **detail)


_Problem = tuple[str, FieldPath, dict[str, object]]


def _problems(finding: Finding, citation: Citation, correction: FigureCorrection) -> Iterator[_Problem]:
    if citation.role is not Role.PRIMARY:
        yield "relay", (), {}
        return
    printed, expected = citation.prints.get(correction.on), correction.expect
    if printed is None:
        yield "unprinted", ("on",), {}
    elif not print_the_same(printed, expected):
        yield "mended", ("expect",), {"found": printed, "expect": expected}
    held = _held(finding, correction.on)
    if held and correction.use not in held:
        found = " and ".join(f"{number:g}" for number in held)
        yield "unused", ("use",), {"found": found, "use": f"{correction.use:g}"}


def _held(finding: Finding, name: str) -> list[float]:
    """The numbers that an estimate or the sample holds; none for a name that 103 tells."""
    if name == "sample":
        return [count.n for count in finding.sample.counts] if finding.sample else []
    estimate = next((e for e in finding.estimates if e.id == name), None)
    if estimate is None:
        return []
    ends = (estimate.range.low, estimate.range.high) if estimate.range else ()
    return [number for number in (estimate.value, *ends) if number is not None]


def fields(rule: Rule, source: Source) -> Found:
    """What is published about a source is corrected only while it is what the correction expects."""
    for at, correction in enumerate(source.corrections):
        found = getattr(source, correction.field)
        if found is not None and _same(correction.field, found, correction.use):
            continue
        variant = (
            "absent" if found is None else "wrong" if _same(correction.field, found, correction.expect) else "changed"
        )
        yield rule.violation(
            variant, Subject("source", source.id), ("corrections", at), item=correction.field, found=found,
            expect=correction.expect, use=correction.use,
        )  # fmt: skip


def _same(field: str, one: str, other: str) -> bool:
    return print_the_same(one, other) or (field == "doi" and one.casefold() == other.casefold())
