"""Run the rules over records and over tables, and apply the waivers. Nothing here raises."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from evidencekb.engines.adapter import Engine
from evidencekb.engines.texts import names, text
from evidencekb.model import Claim, Finding, OperationalDefinition, Organization, Record, Source, Untraced, Waiver
from evidencekb.model.dates import last_day
from evidencekb.names import nearest
from evidencekb.report import Skipped, Subject, Violation
from evidencekb.rules import chain, cohorts, corrections, drift, findings, sources, stated, untraced
from evidencekb.rules.carriers import Look
from evidencekb.rules.custom import field_path
from evidencekb.rules.rule import rules

_MOST_NEAR = 20_000

OF_FILES = ("EKB501", "EKB502", "EKB503", "EKB504", "EKB505")
"""Rules that the reader of files applies, and rule 505, which needs all others first."""


def _nothing(_: str, __: str) -> Record | None:
    return None


def check_records(
    records: Iterable[Record],
    definition: Callable[[str], OperationalDefinition | None],
    cited: Callable[[str], bool],
    look: Look = _nothing,
) -> Iterator[Violation]:
    """What rules about one record find, record by record.

    Args:
        records: The records.
        definition: Gives the definition with an id.
        cited: Tells whether a finding cites a source, by its id.
        look: Gives the record of a kind with an id.
    """
    look = lru_cache(maxsize=_MOST_NEAR)(look)
    for record in records:
        yield from _of_record(record, definition, cited, look)


def suspect(record: Record) -> bool:
    """True if a rule about one record may find something, whatever other records say."""
    if isinstance(record, Claim):
        return stated.says_something(record)
    return next(_of_record(record, _none, _yes, _nothing), None) is not None


def _none(_: str) -> None:
    return None


def _yes(_: str) -> bool:
    return True


def _of_record(
    record: Record, definition: Callable[[str], OperationalDefinition | None], cited: Callable[[str], bool], look: Look
) -> Iterator[Violation]:
    known = rules()
    if isinstance(record, Finding):
        yield from chain.local_names(known["EKB103"], record)
        yield from drift.passed_on(known["EKB107"], record, look)
        yield from corrections.figures(known["EKB211"], record)
        yield from findings.ranges(known["EKB301"], record, definition)
        yield from findings.intervals(known["EKB302"], record)
        yield from stated.finding_text(known["EKB303"], record, look)
        yield from findings.unit_fits(known["EKB304"], record)
        yield from findings.sample_sizes(known["EKB306"], record)
        yield from cohorts.named(known["EKB401"], record)
        yield from cohorts.noted(known["EKB403"], record)
    elif isinstance(record, Claim):
        yield from stated.claim_text(known["EKB303"], record, look)
    elif isinstance(record, Source):
        yield from sources.somebody_gains(known["EKB203"], record)
        yield from sources.identifiers(known["EKB208"], record, cited=cited(record.id))
        yield from corrections.fields(known["EKB211"], record)
    elif isinstance(record, Organization):
        yield from sources.registry_id(known["EKB208"], record)
    elif isinstance(record, Untraced):
        yield from untraced.one_origin(known["EKB106"], record)


def statements(*, alone: bool) -> Iterator[str]:
    """What :func:`check_tables` asks of the tables, whatever it finds."""
    yield from map(text, names("rules"))
    yield from (_summed(name) if alone else text(name) for name in names("skipped"))


def _summed(name: str) -> str:
    return f"SELECT k.why, SUM(k.parts) AS parts FROM ({text(name)}) k GROUP BY k.why"


def check_tables(
    engine: Engine,
    own: Callable[[tuple[str, str]], bool],
    *,
    alone: bool = False,
    hints: Mapping[str, str] | None = None,
    unread: Container[str] = (),
) -> Iterator[Violation | Skipped]:
    """What rules that cross records find in the tables, and what they could not judge.

    Records of extended packs are judged too, beside those of the pack: a finding of ours may make their relay a primary.

    Args:
        engine: Where the tables stand, with the records of the pack and of those it extends.
        own: Tells whether a record is the pack's own, by kind and id.
        alone: Whether there are no others.
        hints: What else to say of an unknown source id.
        unread: Ids in what could not be read; nobody knows whether they dangle.
    """
    known = rules()
    near = _Nearest(engine)
    for name in names("rules"):
        rule = known[f"EKB{name.rpartition('/')[2]}"]
        for row in engine.select(text(name)):
            subject = Subject(row.pop("kind"), row.pop("id"))
            path, variant = field_path(row.pop("path")), row.pop("variant")
            if rule.code == "EKB207" and own(("source", row["other"])) and subject.id < row["other"]:
                continue  # each pair is found both ways round, since either may be of an extended pack; one report will do
            if rule.code == "EKB103" and variant == "unknown" and row["item"] in unread:
                continue
            if rule.code == "EKB103":
                row["nearest"] = (hints or {}).get(row["item"]) or near(row, variant)
            yield rule.violation(variant, subject, path, **row)
    for name in names("skipped"):
        code = f"EKB{name.rpartition('/')[2]}"
        if alone:
            yield from (Skipped(code, row["why"], row["parts"]) for row in engine.select(_summed(name)))
            continue
        for row in engine.select(text(name)):
            if own((row["kind"], row["id"])):
                yield Skipped(code, row["why"], row["parts"])


class _Nearest:
    """Tells the known id that looks most like a dangling one, among those that could stand there.

    Args:
        engine: Where the known ids stand.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._ids: dict[str, list[str]] = {}
        self._told: dict[tuple[str, str], str] = {}

    def __call__(self, row: Mapping[str, Any], variant: str) -> str:
        """The tail of a message about a row; one id may dangle in thousands of places, and is compared once."""
        if variant == "hop":
            return ""
        wanted, item = str(row["wanted"]), str(row["item"])
        if (wanted, item) not in self._told:
            self._told[wanted, item] = nearest(item, self._known(wanted, variant))
        return self._told[wanted, item]

    def _known(self, wanted: str, variant: str) -> list[str]:
        if wanted not in self._ids:
            statement = {
                "kind": "SELECT c.id FROM concept c WHERE c.kind = ?",
                "estimate": "SELECT e.estimate AS id FROM estimate e WHERE e.finding = ?",
            }.get(variant, "SELECT k.id FROM known k WHERE k.kind = ?")
            held = [row["id"] for row in self._engine.select(f"{statement} LIMIT {_MOST_NEAR + 1}", (wanted,))]
            self._ids[wanted] = held if len(held) <= _MOST_NEAR else []  # comparing with very many takes too long
        return self._ids[wanted]


def _never_waived() -> frozenset[str]:
    return frozenset(code for code, rule in rules().items() if not rule.waivable)


def check_waivers(violations: Iterable[Violation], waivers: Iterable[Waiver], *, today: str) -> Iterator[Violation]:
    """The violations, those that a waiver covers marked with its reason, and what is wrong with waivers (505)."""
    rule = rules()["EKB505"]
    open_waivers = {(waiver.code, waiver.record): waiver for waiver in waivers}
    used: set[tuple[str, str]] = set()
    for violation in violations:
        key = (violation.code, violation.subject.id)
        waiver = open_waivers.get(key)
        covered = waiver is not None and violation.code not in _never_waived()
        if waiver is None or not covered:
            yield violation
            continue
        used.add(key)
        yield replace(violation, waived=waiver.why) if (last_day(waiver.until) or "") >= today else violation
    for key, waiver in open_waivers.items():
        subject = Subject("waiver", waiver.id)
        if waiver.code in _never_waived():
            yield rule.violation("forbidden", subject, ("rule",), rule=waiver.code, record=waiver.record)
        elif (last_day(waiver.until) or "") < today:
            yield rule.violation(
                "expired", subject, ("until",), rule=waiver.code, record=waiver.record, until=waiver.until
            )
        elif key not in used:
            yield rule.violation("unused", subject, ("record",), rule=waiver.code, record=waiver.record)
