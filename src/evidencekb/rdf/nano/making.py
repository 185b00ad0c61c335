"""Findings as nanopublications: what was found, where it comes from and who gains, and who published it when.

The same finding with the same sources, cohorts and definitions gives the same nanopublication with the same IRI, whatever else
the pack holds; which of them a version of a pack has, with its digest, says an index beside them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from evidencekb.errors import InterchangeError, UnknownIdError
from evidencekb.model import KINDS
from evidencekb.model.references import references_of
from evidencekb.names import near
from evidencekb.rdf.derived import DERIVED_FROM, PRIMARY, QUOTED, derived_lines
from evidencekb.rdf.lines import emitters, manifest_of, quad_of
from evidencekb.rdf.names import base_of, pack_iri, record_iri
from evidencekb.rdf.nano.rules import NANOPUBLICATION, PARTS, TYPE, malformed
from evidencekb.rdf.nano.signing import NPX, made_signed
from evidencekb.rdf.nano.statements import XSD, Iri, Literal, Statement, Value
from evidencekb.rdf.nano.trig import read_nquads
from evidencekb.rdf.nano.trusty import made_trusty
from evidencekb.rdf.nano.writing import write_trig
from evidencekb.rdf.terms import PREFIXES, iri, predicate

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

SPACES = {"np": "http://www.nanopub.org/nschema#", "npx": NPX, **PREFIXES}
SUPERSEDES = Iri(f"{NPX}supersedes")
INTRODUCES = Iri(f"{NPX}introduces")
_LABEL, _CREATED, _CREATOR, _LICENCE, _PART = (
    Iri(iri(name)) for name in ("rdfs:label", "dct:created", "dct:creator", "dct:license", "dct:isPartOf")
)
_SAME, _EVIDENCE, _VERSION = (Iri(iri(name)) for name in ("schema:sameAs", "cito:citesAsEvidence", "pav:version"))
_OF_THE_FINDING = frozenset({iri("qudt:hasUnit"), *(iri(f"ekb:{kind}Within") for kind in ("cohort", "role", "skill"))})
_OF_ITS_ORIGIN = frozenset({QUOTED, DERIVED_FROM, PRIMARY, iri("ekb:vendorOfPrimary"), iri("ekb:withdrawnWith")})
_OF_SOURCES = frozenset({QUOTED, DERIVED_FROM, _SAME, iri("ekb:currentState")})
_ORIGIN_FIELDS = ("citations", "provenance")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]*\+?")
_CC = re.compile(r"CC-(BY(?:-(?:NC|ND|SA|NC-SA|NC-ND))?)-(\d\.\d)")


@dataclass(frozen=True, slots=True)
class Nanopub:
    """A nanopublication.

    Attributes:
        finding: Id of the finding that it publishes; '' for an index of others.
        iri: Its trusty IRI.
        text: All of it, as TriG.
    """

    finding: str
    iri: str
    text: str = field(repr=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Draft:
    """A nanopublication before it has a trusty IRI.

    Attributes:
        finding: Id of the finding; '' for an index.
        iri: What its IRI begins with.
        statements: What it says.
        introduces: IRI of what it is about: a finding, or a pack.
        prefixes: Short names for its text.
    """

    finding: str
    iri: str
    statements: tuple[Statement, ...]
    introduces: Iri
    prefixes: Mapping[str, str]

    @property
    def pubinfo(self) -> Iri:
        """The name of its publication info."""
        return Iri(f"{self.iri}pubinfo")

    def superseding(self, earlier: Iterable[str]) -> Draft:
        """The same, replacing earlier nanopublications."""
        more = (Statement(self.pubinfo, Iri(self.iri), SUPERSEDES, Iri(other)) for other in sorted(earlier))
        return Draft(self.finding, self.iri, (*self.statements, *more), self.introduces, self.prefixes)

    def made(self, key: Any = None, signer: str = "") -> Nanopub:
        """The nanopublication with its trusty IRI, signed when there is a key."""
        if key is None:
            statements, name = made_trusty(self.statements, self.iri)
        else:
            statements, name = made_signed(self.statements, self.iri, self.pubinfo, key, signer)
        prefixes = {"this": name, "sub": f"{name}/", **SPACES, **self.prefixes}
        return Nanopub(self.finding, name, write_trig(statements, prefixes))


class _Says:
    """Collects what a nanopublication says, part by part."""

    def __init__(self, base: str) -> None:
        self.iri = Iri(f"{base}np/")
        self.statements: list[Statement] = []
        self.say("head", self.iri, TYPE, NANOPUBLICATION)
        for part, names in PARTS.items():
            self.say("head", self.iri, names, self.part(part))

    def part(self, name: str) -> Iri:
        return Iri(self.iri + name)

    def say(self, part: str, subject: Iri, predicate: str, value: Value) -> None:
        self.statements.append(Statement(self.part(part), subject, Iri(predicate), value))

    def put(self, part: str, statements: Iterable[Statement]) -> None:
        graph = self.part(part)
        self.statements += [statement._replace(graph=graph) for statement in statements]


class Maker:
    """Makes the nanopublications of a pack.

    Args:
        kb: The knowledge base.
        creator: Who publishes, as an IRI such as an ORCID; '' names who recorded each finding.

    Raises:
        InterchangeError: If the pack's base, or the creator, is no absolute IRI.
    """

    def __init__(self, kb: KnowledgeBase, creator: str = "") -> None:
        if creator and (why := malformed(creator)):
            raise InterchangeError(
                "creator", f"{creator!r} is no absolute IRI such as https://orcid.org/0000-0002-1825-0097: {why}"
            )
        self.kb, self.creator, self.base = kb, creator, base_of(kb)
        self._emit = emitters(kb, self.base)
        self._derived: dict[str, list[Statement]] | None = None
        self._manifest = manifest_of(kb)
        # Sources, cohorts and the like stand in many nanopublications.
        self.record = lru_cache(maxsize=5_000)(self._record)

    def draft(self, id: str) -> Draft:
        """The nanopublication of a finding, before it has a trusty IRI.

        Raises:
            UnknownIdError: If there is no such finding.
        """
        finding, said = self.kb.finding(id), _Says(self.base)
        subject = Iri(record_iri(self.base, "finding", id))
        beside = self._beside(id)
        self._finding(said, subject, id)
        for kind, other in beside:
            said.put("provenance" if kind in ("source", "organization") else "assertion", self.record(kind, other))
        sources = [record_iri(self.base, kind, other) for kind, other in beside if kind == "source"]
        self._origin(said, subject, sources)
        provenance = finding.provenance
        self._published(said, provenance.by if provenance else "", subject, finding.headline)
        days = (provenance.on, provenance.checked_on) if provenance else ()
        if found := [day for day in days if day and _DAY.fullmatch(day)]:
            said.say("pubinfo", said.iri, _CREATED, Literal(f"{max(found)}T00:00:00Z", f"{XSD}dateTime"))
        names = {kind: f"{self.base}{kind}/" for kind in KINDS}
        own = {"part": f"{subject}/", "estimate": f"{subject}/estimate/"}
        return Draft(id, said.iri, tuple(said.statements), subject, {"data": self.base, **names, **own})

    def index(self, iris: Sequence[str], before: str, *, last: bool) -> Draft:
        """What says which nanopublications this version of the pack has, some at a time.

        Args:
            iris: IRIs of nanopublications.
            before: IRI of the index of those before these; '' when there are none.
            last: Whether there are no more.
        """
        pack, said = Iri(pack_iri(self.base)), _Says(self.base)
        if before:
            said.say("assertion", said.iri, f"{NPX}appendsIndex", Iri(before))
        for name in iris:
            said.say("assertion", said.iri, f"{NPX}includesElement", Iri(name))
        said.say("provenance", said.part("assertion"), TYPE, Iri(f"{NPX}IndexAssertion"))
        said.say("provenance", said.part("assertion"), DERIVED_FROM, pack)
        said.say("pubinfo", said.iri, TYPE, Iri(f"{NPX}{'NanopubIndex' if last else 'IncompleteIndex'}"))
        self._published(said, "", pack, f"Findings of {self._manifest.get('title') or self.kb.name}, {self.kb.version}")
        said.say("pubinfo", said.iri, _VERSION, Literal(self.kb.version))
        said.say("pubinfo", said.iri, iri("ekb:digest"), Literal(self.kb.digest))
        return Draft("", said.iri, tuple(said.statements), pack, {"data": self.base})

    def _finding(self, said: _Says, subject: Iri, id: str) -> None:
        """The finding's own record: who says so and how it was recorded goes where the origin stands."""
        away = {predicate("Finding", name) for name in _ORIGIN_FIELDS}
        inside = tuple(f"{subject}/{name}" for name in _ORIGIN_FIELDS)
        parts: dict[bool, list[Statement]] = {True: [], False: []}
        for statement in self.record("finding", id):
            of_origin = statement.subject.startswith(inside) or (
                statement.subject == subject and statement.predicate in away
            )
            parts[of_origin].append(statement)
        said.put("assertion", parts[False])
        said.put("provenance", parts[True])

    def _origin(self, said: _Says, subject: Iri, sources: Sequence[str]) -> None:
        """What is worked out of where a finding comes from, and the same of the assertion."""
        derived = self._worked_out()
        mine, about = derived.get(subject, []), said.part("assertion")
        said.put("assertion", (s for s in mine if s.predicate in _OF_THE_FINDING))
        said.put("provenance", (s for s in mine if s.predicate in _OF_ITS_ORIGIN))
        held = [s for source in sources for s in derived.get(source, []) if s.predicate in _OF_SOURCES]
        here = {*sources}  # a hop to a source that this finding does not cite belongs to another
        said.put("provenance", (s for s in held if s.object in here or s.predicate not in (QUOTED, DERIVED_FROM)))
        elsewhere: dict[object, list[Value]] = defaultdict(list)
        for statement in held:
            if statement.predicate == _SAME:
                elsewhere[statement.subject].append(statement.object)
        for statement in mine:
            if statement.subject != subject or statement.predicate not in (PRIMARY, QUOTED, DERIVED_FROM):
                continue
            said.say("provenance", about, statement.predicate, statement.object)
            if statement.predicate == PRIMARY:
                for value in (statement.object, *elsewhere[statement.object]):
                    said.say("provenance", about, PRIMARY, value)
                    said.say("provenance", about, _EVIDENCE, value)

    def _published(self, said: _Says, by: str, about: Iri, label: str) -> None:
        me = said.iri
        said.say("pubinfo", me, _LABEL, Literal(label))
        said.say("pubinfo", me, INTRODUCES if about != pack_iri(self.base) else _PART, about)
        if about != pack_iri(self.base):
            said.say("pubinfo", me, f"{NPX}hasNanopubType", Iri(iri("ekb:Finding")))
            said.say("pubinfo", me, _PART, Iri(pack_iri(self.base)))
        if self.creator:
            said.say("pubinfo", me, _CREATOR, Iri(self.creator))
        elif by:
            creator = said.part("creator")
            said.say("pubinfo", me, _CREATOR, creator)
            said.say("pubinfo", creator, TYPE, Iri(iri("prov:Agent")))
            said.say("pubinfo", creator, _LABEL, Literal(by))
        if licence := str(self._manifest.get("licence") or ""):
            said.say("pubinfo", me, _LICENCE, licence_value(licence))

    def _beside(self, id: str) -> list[tuple[str, str]]:
        """Other records without which a finding cannot be read: what it names, and what those need in turn."""
        found: dict[tuple[str, str], None] = {}
        waiting = [("finding", id)]
        while waiting:
            kind, name = waiting.pop()
            record = KINDS[kind].model_validate(self.kb.record(kind, name))
            for reference in references_of(record):
                if not _needed(kind, reference.path):
                    continue
                other = next((k for k in reference.kinds if k != "finding" and self._is(k, reference.id)), None)
                if other and (other, reference.id) not in found:
                    found[other, reference.id] = None
                    waiting.append((other, reference.id))
        return sorted(found)

    def _is(self, kind: str, id: str) -> bool:
        return bool(self.kb.rows("SELECT 1 FROM record WHERE kind = ? AND id = ?", (kind, id)))

    def _record(self, kind: str, id: str) -> tuple[Statement, ...]:
        lines: list[str] = []
        self._emit.kinds[kind](record_iri(self.base, kind, id), self.kb.record(kind, id), lines.append)
        return tuple(read_nquads("".join(lines)).statements)

    def _worked_out(self) -> dict[str, list[Statement]]:
        """By finding and source, what is worked out of it and belongs into a nanopublication."""
        if self._derived is None:
            wanted = _OF_THE_FINDING | _OF_ITS_ORIGIN | _OF_SOURCES
            starts = tuple(f"<{self.base}{kind}/" for kind in ("finding", "source"))
            held: dict[str, list[Statement]] = defaultdict(list)
            for block in derived_lines(self.kb, self.base):
                for line in block.splitlines():
                    if line.startswith(starts) and (quad := quad_of(line)).predicate in wanted:
                        statement = Statement(None, Iri(quad.subject), Iri(quad.predicate), Iri(quad.object[1:-1]))
                        held[quad.subject.partition("/estimate/")[0]].append(statement)
            self._derived = held
        return self._derived


def _needed(kind: str, path: tuple[str | int, ...]) -> bool:
    """Whether a record cannot be read without what it names there; a finding is told apart from others by itself."""
    first = path[0]
    if kind in ("concept", "definition"):
        return first in ("definition", "of")
    if kind == "cohort":
        return first == "broader"
    if kind == "organization":
        return False
    if kind == "source":
        return first == "interests"
    return first != "links"


def licence_value(licence: str) -> Value:
    """A licence as the IRI that the world knows it by; as text when it is an expression of several.

    Examples:
        >>> licence_value("CC-BY-4.0"), licence_value("MIT")
        ('https://creativecommons.org/licenses/by/4.0/', 'https://spdx.org/licenses/MIT')
    """
    if found := _CC.fullmatch(licence):
        return Iri(f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/")
    if licence == "CC0-1.0":
        return Iri("https://creativecommons.org/publicdomain/zero/1.0/")
    return Iri(f"https://spdx.org/licenses/{licence}") if _SPDX.fullmatch(licence) else Literal(licence)


def nanopubs(kb: KnowledgeBase, findings: Iterable[str] | None = None, *, creator: str = "") -> Iterator[Nanopub]:
    """A nanopublication for each finding of a pack, with a trusty IRI and without a signature.

    Args:
        kb: The knowledge base.
        findings: Ids of those wanted; all, by id, when left out.
        creator: Who publishes, as an IRI such as an ORCID; '' names who recorded each finding.

    Raises:
        UnknownIdError: If there is no such finding; it offers the nearest ids.
        InterchangeError: If the pack's base, or the creator, is no absolute IRI.

    Examples:
        >>> from evidencekb import load
        >>> from evidencekb.rdf import check_nanopub, nanopubs
        >>> one = next(nanopubs(load(), ["noy-zhang-2023-later-use"]))
        >>> check_nanopub(one.text).iri == one.iri
        True
    """
    maker = Maker(kb, creator)
    for id in chosen(kb, findings):
        yield maker.draft(id).made()


def chosen(kb: KnowledgeBase, findings: Iterable[str] | None) -> tuple[str, ...]:
    """Ids of findings, each of which there is.

    Raises:
        UnknownIdError: If there is one that is not.
    """
    known = kb.ids("finding")
    if findings is None:
        return known
    wanted = tuple(dict.fromkeys(findings))
    for id in wanted:
        if id not in known:
            raise UnknownIdError("finding", id, near(id, known))
    return wanted
