"""What the published queries must give: the same answers from the tables of the sealed file, by SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import evidencekb as ekb
from evidencekb import vocab
from evidencekb.rdf import SparqlRows
from evidencekb.rdf.names import base_of, citation_iri, estimate_iri, record_iri

Row = tuple[Any, ...]


class Asked(NamedTuple):
    """A published query with values, and the rows that the tables give, in the order of the query where it has one."""

    name: str
    values: dict[str, str]
    rows: list[Row]


class Tables:
    """The tables of a sealed file, with IRIs for ids."""

    def __init__(self, kb: ekb.KnowledgeBase) -> None:
        self.kb, self.base = kb, base_of(kb)

    def iri(self, kind: str, id: str) -> str:
        return record_iri(self.base, kind, id)

    def records(self, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        for id in self.kb.ids(kind):
            yield id, self.kb.record(kind, id)

    def findings_for(self, *, without: str | None = None, **subjects: str) -> list[Row]:
        ids = [finding.id for finding in ekb.select_findings(self.kb, **subjects)]  # type: ignore[arg-type]  # names of subjects alone
        held = {f for (f,) in self.kb.rows("SELECT finding FROM vendors WHERE flag = ?", (without,))} if without else ()
        headed = "SELECT f.id, f.headline, r.rank FROM finding f JOIN ranked r ON r.finding = f.id"
        rows = {id: row for id, *row in self.kb.rows(headed)}
        return [(self.iri("finding", id), *rows[id]) for id in ids if id not in held]

    def chain(self, *, finding: str | None = None) -> list[Row]:
        return [
            (
                self.iri("finding", f), citation_iri(self.base, f, position), self.iri("source", source),
                vocab.Role(role).iri, vocab.Basis(basis).iri if basis else None, self._taken(taken), locator or None,
                _term(vocab.VendorFlag, vendor), reason or None,
            )
            for f, position, source, role, basis, taken, locator, vendor, reason in self.kb.rows(
                "SELECT c.finding, c.position, c.source, c.role, c.basis, c.taken_from, c.locator, s.vendor, s.reason "
                "FROM citation c JOIN source s ON s.id = c.source ORDER BY c.finding, c.position"
            )
            if finding in (None, f)
        ]  # fmt: skip

    def _taken(self, taken: str) -> str | None:
        if taken in ("none_named", "unknown"):
            return f"{vocab.NAMESPACE}Word-{taken}"
        return self.iri("source", taken) if taken else None

    def primary_sources(self, *, finding: str | None = None, flag: str | None = None) -> list[Row]:
        return [
            (self.iri("finding", f), estimate_iri(self.base, f, e), self.iri("source", s), _term(vocab.VendorFlag, vendor),
             reason or None, f"{vocab.NAMESPACE}StandingState-{state}")
            for f, e, s, vendor, reason, state in self.kb.rows(
                "SELECT c.finding, c.estimate, c.source, c.vendor, s.reason, s.standing FROM carried c "
                "JOIN source s ON s.id = c.source ORDER BY c.finding, c.estimate, c.source"
            )
            if finding in (None, f) and flag in (None, vendor)
        ]  # fmt: skip

    def claims(self, *, about: str | None = None) -> list[Row]:
        about_it = {claim.id for claim in ekb.claims_about(self.kb, about)} if about else set(self.kb.ids("claim"))
        texts = {id: record["text"] for id, record in self.records("claim")}
        rows = self._supports()
        return [
            (self.iri("claim", c), texts[c], self.iri("finding", f), vocab.Stance(s).iri)
            for c, f, s in rows
            if c in about_it
        ]

    def _supports(self) -> list[Row]:
        return self.kb.rows("SELECT DISTINCT claim, finding, stance FROM support ORDER BY claim, finding, stance")

    def claim_sources(self, *, claim: str | None = None) -> list[Row]:
        rows = [
            (c, stance, f, key)
            for c, f, stance in self._supports()
            for key in sorted({reference.key for reference in ekb.primary_sources(self.kb, f)})
            if claim in (None, c)
        ]
        flags = {id: flag for id, *flag in self.kb.rows("SELECT id, vendor, reason FROM source")}
        return [
            (self.iri("claim", c), vocab.Stance(stance).iri, self.iri("finding", f), self.iri("source", key),
             _term(vocab.VendorFlag, flags[key][0]), flags[key][1] or None)
            for c, stance, f, key in rows
        ]  # fmt: skip

    def figures(self, *, finding: str | None = None, outcome: str | None = None) -> list[Row]:
        return [
            self._figure(id, estimate)
            for id, record in self.records("finding")
            for estimate in sorted(record.get("estimates", ()), key=lambda estimate: estimate["id"])
            if finding in (None, id) and outcome in (None, estimate["outcome"])
        ]

    def _figure(self, finding: str, estimate: dict[str, Any]) -> Row:
        spread, interval = estimate.get("range", {}), estimate.get("interval", {})
        return (
            self.iri("finding", finding),
            estimate_iri(self.base, finding, estimate["id"]),
            self.iri("concept", estimate["outcome"]),
            self.iri("definition", estimate["definition"]) if "definition" in estimate else None,
            _term(vocab.Measure, estimate.get("measure")),
            _term(vocab.Qualifier, estimate.get("qualifier")),
            estimate.get("value"),
            spread.get("low"),
            spread.get("high"),
            _term(vocab.Direction, estimate.get("direction")),
            estimate.get("unit"),
            interval.get("lower"),
            interval.get("upper"),
            interval.get("level", 0.95) if interval else None,
            estimate.get("n"),
        )

    def samples(self, *, finding: str | None = None) -> list[Row]:
        return [
            (self.iri("finding", id), f"{self.iri('finding', id)}/sample/counts/{at}", count["n"], count["of"],
             vocab.SampleLevel(count["level"]).iri, _term(vocab.Qualifier, count.get("qualifier")), count.get("group"))
            for id, record in self.records("finding")
            for at, count in enumerate(record.get("sample", {}).get("counts", ()), start=1)
            if finding in (None, id)
        ]  # fmt: skip

    def conflicts(self, *, finding: str | None = None, most: int = 2) -> list[Row]:
        how_said = {"opposite": f"{vocab.NAMESPACE}oppositeTo", "apart": f"{vocab.NAMESPACE}apartFrom"}
        return [
            (self.iri("finding", f), estimate_iri(self.base, f, e), how_said[how], self.iri("finding", o),
             estimate_iri(self.base, o, a))
            for f, e, o, a, how in self.kb.rows(
                "SELECT finding, estimate, other, against, how FROM conflict WHERE said <= ? "
                "ORDER BY finding, estimate, other, against", (most,)
            )
            if finding in (None, f)
        ]  # fmt: skip

    def open_conflicts(self, *, finding: str | None = None) -> list[Row]:
        return self.conflicts(finding=finding, most=1)

    def replications(self, *, finding: str | None = None) -> list[Row]:
        rows = self.kb.rows("SELECT finding, successful, failed, other FROM replication ORDER BY finding")
        return [(self.iri("finding", f), *counts) for f, *counts in rows if finding in (None, f)]

    def replicated_by(self, *, finding: str | None = None) -> list[Row]:
        return [
            (self.iri("finding", link["target"]), self.iri("finding", id), _term(vocab.ReplicationOutcome, link.get("outcome")),
             link.get("because"))
            for id, record in self.records("finding")
            for link in record.get("links", ())
            if link["type"] == "replicates" and finding in (None, link["target"])
        ]  # fmt: skip

    def left_out(self) -> list[Row]:
        pushed = self.kb.rows(
            "SELECT DISTINCT finding, because FROM left_out WHERE because <> '' ORDER BY finding, because"
        )
        withdrawn = self.kb.rows("SELECT DISTINCT finding, source FROM withdrawn ORDER BY finding, source")
        return [
            *((self.iri("finding", f), self.iri("finding", because), None) for f, because in pushed),
            *((self.iri("finding", f), None, self.iri("source", source)) for f, source in withdrawn),
        ]

    def exclusions(self) -> list[Row]:
        return [
            (self.iri("exclusion", id), record["thread"], record["reason"], finding and self.iri("finding", finding))
            for id, record in self.records("exclusion")
            for finding in record.get("bears_on") or (None,)
        ]

    def untraced(self, *, about: str | None = None, cohort: str | None = None) -> list[Row]:
        wanted = set(self.kb.ids("untraced"))
        if about:
            kind = self.kb.record("concept", about)["kind"]
            wanted &= {one.id for one in ekb.untraced_about(self.kb, **{str(kind): about})}  # type: ignore[arg-type]  # no value is named narrower
        if cohort:
            wanted &= {one.id for one in ekb.untraced_about(self.kb, cohort=cohort)}
        return [
            (self.iri("untraced", id), record["headline"], vocab.UntracedStatus(record["status"]).iri)
            for id, record in self.records("untraced")
            if id in wanted
        ]

    def flags(self, *, flag: str | None = None) -> list[Row]:
        return [
            (
                self.iri("source", id),
                _term(vocab.VendorFlag, vendor),
                reason or None,
                f"{vocab.NAMESPACE}StandingState-{state}",
            )
            for id, vendor, reason, state in self.kb.rows(
                "SELECT id, vendor, reason, standing FROM source ORDER BY vendor, id"
            )
            if flag in (None, vendor)
        ]

    def flag_counts(self) -> list[Row]:
        sources = ekb.vendor_summary(self.kb).sources
        findings = dict(self.kb.rows(
            "SELECT flag, COUNT(*) FROM vendors WHERE finding NOT IN (SELECT finding FROM withdrawn) GROUP BY flag"
        ))  # fmt: skip
        return [(vocab.VendorFlag(flag).iri, count, findings[flag]) for flag, count in sorted(sources.items()) if count]

    def answer(self, name: str, **values: str) -> Asked:
        """A published query and what the tables give to it."""
        given: Callable[..., list[Row]] = getattr(self, name.replace("-", "_"))
        return Asked(name, values, given(**values))


def _term(vocabulary: type[vocab.Term], term: str | None) -> str | None:
    return vocabulary(term).iri if term else None


def asked_by_name(kb: ekb.KnowledgeBase, name: str, values: dict[str, Any]) -> SparqlRows:
    """What the library gives to a published query."""
    return ekb.sparql(kb, name, **values)


def plain(rows: Iterable[Iterable[Any]]) -> list[Row]:
    """Rows to compare: texts, and numbers as floats, since engines write 40 and 40.0 in their own ways."""
    return [
        tuple(float(cell) if isinstance(cell, (int, float)) else cell and str(cell) for cell in row) for row in rows
    ]


def literal_value(term: Any) -> Any:
    """A term of rdflib: a literal as a number or text, an IRI as text, nothing as None."""
    return term.toPython() if hasattr(term, "datatype") else term and str(term)


def ordered(rows: Iterable[Row]) -> list[Row]:
    """Rows in an order that depends on no engine."""
    return sorted(rows, key=repr)
