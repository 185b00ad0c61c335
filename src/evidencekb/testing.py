"""Hypothesis strategies of whole packs, for property tests of what is made from a pack, and of bibliographic works.

Every pack that :func:`packs` gives is accepted by :func:`evidencekb.build`; warnings may remain. All of its texts and
figures are made up. Hypothesis has to be installed; nothing else in the library needs it.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> from hypothesis import given, settings
>>> @settings(max_examples=2, deadline=None, database=None)
... @given(packs(findings=(1, 2)))
... def test_every_finding_is_kept(pack: Pack) -> None:
...     with TemporaryDirectory() as folder, built(pack, Path(folder)) as kb:
...         assert len(kb) == len(pack["findings"])
>>> test_every_finding_is_kept()
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from hypothesis import strategies as st

from evidencekb.kb import KnowledgeBase
from evidencekb.loading import build, load
from evidencekb.model.common import EDITORIAL, NONE_NAMED, UNKNOWN
from evidencekb.model.sources import Standing
from evidencekb.sources.strategies import csl_items
from evidencekb.store import MANIFEST
from evidencekb.store.jsonl import format_jsonl
from evidencekb.vocab import (
    DIMENSIONS,
    RATIOS,
    Absence,
    Admission,
    Basis,
    Bearing,
    CaveatKind,
    CohortFit,
    CohortUnit,
    ConceptKind,
    ConceptRelation,
    DefinitionBasis,
    Design,
    Direction,
    DriftKind,
    Extent,
    GapKind,
    HigherIs,
    LegalAct,
    LinkType,
    Measure,
    Merits,
    Nature,
    Origin,
    Qualifier,
    RangeOver,
    ReadWhat,
    ReplicationOutcome,
    SampleLevel,
    Scale,
    SourceKind,
    Stance,
    StandingState,
    Term,
    Tie,
    UntracedStatus,
    VendorFlag,
    Wanted,
    YesNo,
)

__all__ = ["Fields", "Pack", "asked", "built", "csl_items", "labels", "packs", "write"]

Fields: TypeAlias = dict[str, Any]
"""A record as plain data, as a file holds it."""

Pack: TypeAlias = dict[str, list[Fields]]
"""Records by the list they stand in: ``sources``, ``findings`` and so on."""

Strategy: TypeAlias = st.SearchStrategy[Any]

# Simplest first: that is where a failing example shrinks to.
_LABELS = (
    "nurse", "HR generalist", "US nurses", "éducateur spécialisé", "R&D engineer", 'so-called "expert"', "O’Neil's rule",
    "<b>bold</b> analyst", "either | or", "*starred* _role_", "`code` reviewer", "</script><script>alert(1)</script>",
    "{role} of {skill}", "100% tester", "C++", "iPhone repairer", "3D artist", "data entry, part-time", "a Ph.D.",
    "[here](https://example.org)", "数据分析师", "مهندس", "=SUM(A1)", "back\\slash", "R &amp; D", "İzmir drivers", "chemist 🧪",
    "x",
    "a label so long that no page has room for it on one line, however wide its margins are and however small its letters",
)  # fmt: skip
_SENTENCES = (
    "Access cut the time by two fifths.", "Nothing changed", "How many? Nobody counted!", "US firms said “yes” & <b>no</b>.",
    "On `main`, *all* of | it_all |", "Some lines.\nThe last one.", "</script>", "See Dr. No, p. 3 (n = 12); etc.", "{n} people",
)  # fmt: skip
_GROUPS = (
    "juniors", "US nurses", "those with ChatGPT", "women aged 55+", "<i>men</i>", "R&D staff", "no access", "a | b", "staff*",
    "所有人",
)  # fmt: skip
_PLACES = ("Denmark", "the US", "Côte d’Ivoire", "<b>here</b>")
_NOUNS = ("people", "firms", "job postings", "R&D staff", "sous-traitants")
_UNITS = ("min", "USD", "h", "%", "1", "people", "SD", "pp", "points")
_PRODUCTS_VERSIONS = ("GPT-4", "2.0", "May 2023")
_SLUG_SHAPES = ("{}-{}", "{}{}", "{}.{}_x")

_sentences = st.sampled_from(_SENTENCES)
_headlines = st.sampled_from(
    [sentence for sentence in _SENTENCES if "two fifths" not in sentence and "n = 12" not in sentence]
)
_groups = st.sampled_from(_GROUPS)
_places = st.sampled_from(_PLACES)
_days = st.sampled_from(("2025-11-02", "2025-11", 2025))


def labels() -> st.SearchStrategy[str]:
    """Names that a page has to print: capitals, acronyms, accents, quotes, markup, braces, other scripts, long ones."""
    return st.sampled_from(_LABELS)


def packs(
    *,
    findings: tuple[int, int] = (0, 6),
    vendor_only: bool = False,
    labels: st.SearchStrategy[str] | None = None,
) -> st.SearchStrategy[Pack]:
    """Whole packs without errors, as varied as the records allow.

    A pack holds one cohort, outcome, source and organisation at least, so that there is always something to ask.

    Args:
        findings: The least and the most findings.
        vendor_only: True flags every source that is primary somewhere ``vendor``.
        labels: Labels of concepts and cohorts, and names of organisations; default: :func:`labels`.

    Returns:
        Packs as plain data: a list of records by name, for all lists but ``waivers``. :func:`write` makes a folder of one.
    """
    return _packs(findings, vendor_only, st.sampled_from(_LABELS) if labels is None else labels)


@st.composite
def asked(draw: st.DrawFn, pack: Pack) -> dict[str, str]:
    """Questions about one or several subjects of a pack, as keyword arguments of :func:`evidencekb.brief`.

    Args:
        draw: Given by Hypothesis.
        pack: A pack that :func:`packs` gave.

    Returns:
        An id by dimension (role, skill, cohort, topic, outcome, product, instrument), in this order; never empty.
    """
    subjects = {"cohort": [cohort["id"] for cohort in pack["cohorts"]]}
    for concept in pack["concepts"]:
        subjects.setdefault(concept["kind"], []).append(concept["id"])
    named = [dimension for dimension in DIMENSIONS if dimension in subjects]
    chosen = draw(st.lists(st.sampled_from(named), min_size=1, max_size=3, unique=True))
    return {name: draw(st.sampled_from(subjects[name])) for name in named if name in chosen}


def write(pack: Mapping[str, list[Fields]], folder: Path) -> Path:
    """Write a pack into a folder: a manifest, and a JSON Lines file in canonical form for each list that holds records.

    Args:
        pack: Records by the list they stand in.
        folder: Made when it is not there; files of the same name are replaced.

    Returns:
        The folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).write_text("name: made-up\nversion: 1.0.0\nlicence: CC0-1.0\n", encoding="utf-8")
    for name, records in pack.items():
        if records:
            file = f"{name}.jsonl"
            text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
            (folder / file).write_text(format_jsonl(text, name=file), encoding="utf-8", newline="\n")
    return folder


def built(pack: Mapping[str, list[Fields]], folder: Path) -> KnowledgeBase:
    """Write a pack, seal it and open the sealed file.

    Args:
        pack: Records by the list they stand in.
        folder: An empty folder; holds ``pack/`` and ``pack.ekb`` afterwards.

    Returns:
        The knowledge base; close it, or use it in a ``with`` statement, before the folder goes.

    Raises:
        PackError: If the pack has errors.
    """
    sealed = folder / "pack.ekb"
    build(write(pack, folder / "pack"), sealed)
    return load(sealed)


@dataclass(frozen=True, slots=True)
class _Ids:
    """The ids of a pack, drawn before its records, which refer to each other by them."""

    concepts: dict[str, str]
    cohorts: list[str]
    organizations: list[str]
    findings: list[str]
    primaries: list[str]
    relays: list[str]
    definitions: dict[str, str] = field(default_factory=dict)

    def of_kind(self, kind: ConceptKind) -> list[str]:
        return [id for id, held in self.concepts.items() if held == kind]

    @property
    def sources(self) -> list[str]:
        return [*self.primaries, *self.relays]

    @property
    def subjects(self) -> list[str]:
        return [*self.concepts, *self.cohorts]


@st.composite
def _packs(draw: st.DrawFn, findings: tuple[int, int], vendor_only: bool, labels: st.SearchStrategy[str]) -> Pack:
    ids = _ids(draw, findings)
    definitions = _definitions(draw, ids)
    ids.definitions.update({definition["id"]: definition["of"] for definition in definitions})
    organizations = _organizations(draw, ids, labels)
    sources = [_source(draw, id, at, ids, vendor_only) for at, id in enumerate(ids.sources)]
    held = [_finding(draw, id, ids, {source["id"]: source for source in sources}) for id in ids.findings]
    for at, finding in enumerate(held):
        _put(finding, links=_links(draw, finding, held[:at], held[at + 1 :], ids))
    for source in sources:
        citing = [f["id"] for f in held if any(c["source"] == source["id"] for c in f["citations"])]
        interests = _interests(draw, citing, organizations)
        _put(
            source,
            standing=_standing(draw, citing),
            interests=interests,
            vendor=_flag(source, interests, organizations),
        )
    aspects = _aspects(draw, ids)
    return {
        "concepts": [_concept(draw, id, ids, labels) for id in ids.concepts],
        "cohorts": [_cohort(draw, id, at, ids, labels) for at, id in enumerate(ids.cohorts)],
        "definitions": definitions,
        "organizations": organizations,
        "sources": sources,
        "findings": held,
        "claims": _claims(draw, ids, held, {source["id"]: source for source in sources}),
        "untraced": _several(draw, "untraced", 2, _untraced_fields(ids), _untraced_options(ids)),
        "exclusions": _several(
            draw, "exclusion", 2,
            {"thread": _sentences, "reason": _sentences}, {"bears_on": _subset(ids.findings, 2, least=1)},
        ),
        "aspects": aspects,
        "gaps": _several(draw, "gap", 3, {"question": _sentences}, _gap_options(ids, [a["id"] for a in aspects])),
    }  # fmt: skip


def _ids(draw: st.DrawFn, findings: tuple[int, int]) -> _Ids:
    shape = draw(st.sampled_from(_SLUG_SHAPES))

    def named(word: str, least: int, most: int) -> list[str]:
        return [shape.format(word, number) for number in range(1, draw(st.integers(least, most)) + 1)]

    concepts = {
        id: kind.value
        for kind in ConceptKind
        for id in named(kind.value, *((1, 3) if kind is ConceptKind.OUTCOME else (0, 2)))
    }
    cohorts = named("cohort", 1, 4)
    roles = [id for id, kind in concepts.items() if kind == ConceptKind.ROLE]
    if roles and _coin(draw):
        cohorts[-1] = roles[0]  # ids are unique within a kind only
    return _Ids(
        concepts=concepts,
        cohorts=cohorts,
        organizations=named("body", 1, 3),
        findings=named("finding", *findings),
        primaries=named("Study", 1, 4),
        relays=named("page", 0, 2),
    )


def _concept(draw: st.DrawFn, id: str, ids: _Ids, labels: st.SearchStrategy[str]) -> Fields:
    kind = ids.concepts[id]
    meaning = st.one_of(
        _sentences, st.fixed_dictionaries({"text": _sentences, "source": st.sampled_from((EDITORIAL, *ids.sources))})
    )
    fields = {"id": id, "kind": kind, "label": draw(labels)}
    options = {"definition": meaning, "codes": _codes()}
    if kind in (ConceptKind.ROLE, ConceptKind.OCCUPATION):
        options["plural"] = labels
    return fields | draw(st.fixed_dictionaries({}, optional=options)) | _with(links=_concept_links(draw, id, ids))


def _concept_links(draw: st.DrawFn, id: str, ids: _Ids) -> list[Fields]:
    """Links of every relation; a broader concept stands earlier in the pack, so that no hierarchy is a loop."""
    kind, links = ids.concepts[id], []
    wider = [other for other in list(ids.concepts)[: list(ids.concepts).index(id)] if ids.concepts[other] == kind]
    others = [other for other in ids.concepts if other != id]
    for relation in draw(st.lists(_term(ConceptRelation), max_size=2)):
        targets = wider if relation == ConceptRelation.BROADER else others
        if targets:
            link = {"to": draw(st.sampled_from(targets)), "relation": relation}
            options = {"source": st.sampled_from((EDITORIAL, *ids.sources)), "as_of": _days}
            links.append(link | draw(st.fixed_dictionaries({}, optional=options)))
    return links


def _cohort(draw: st.DrawFn, id: str, at: int, ids: _Ids, labels: st.SearchStrategy[str]) -> Fields:
    required = {"label": labels, "meaning": _sentences, "unit": _term(CohortUnit)}
    others = [other for other in ids.cohorts if other != id]
    return {
        "id": id,
        **draw(st.fixed_dictionaries(required, optional={"codes": _codes(), "on_pages": st.just(True)})),
        **_with(broader=draw(_subset(ids.cohorts[:at], 2)), overlaps=draw(_subset(others, 1))),
    }


@cache
def _codes() -> Strategy:
    code = st.fixed_dictionaries(
        {"scheme": st.sampled_from(("SOC", "ISO 3166-1")), "code": st.sampled_from(("15-1252", "0110"))},
        optional={"version": st.just("2018")},
    )
    return st.lists(code, min_size=1, max_size=2)


def _definitions(draw: st.DrawFn, ids: _Ids) -> list[Fields]:
    """One definition of each outcome at least, and some of cohorts and other concepts."""
    outcomes = ids.of_kind(ConceptKind.OUTCOME)
    subjects = [*outcomes, *draw(st.lists(st.sampled_from([*outcomes, *ids.subjects]), max_size=3))]
    named = [(f"definition-{number}", subject) for number, subject in enumerate(subjects, start=1)]
    bases = st.one_of(_term(DefinitionBasis), st.lists(_term(DefinitionBasis), min_size=1, max_size=2, unique=True))
    definitions = []
    for id, subject in named:
        others = st.fixed_dictionaries(
            {"definition": st.sampled_from([other for other, _ in named if other != id] or [id]), "why": _sentences}
        )
        options = {"label": st.sampled_from(_LABELS), "higher_is": _term(HigherIs)}
        if len(named) > 1:
            which = draw(st.sampled_from(("comparable_with", "not_comparable_with")))
            options[which] = st.lists(others, min_size=1, max_size=1)
        required = {"basis": bases, "procedure": _sentences}
        definitions.append({"id": id, "of": subject, **draw(st.fixed_dictionaries(required, optional=options))})
    return definitions


def _organizations(draw: st.DrawFn, ids: _Ids, labels: st.SearchStrategy[str]) -> list[Fields]:
    organizations = []
    for at, id in enumerate(ids.organizations):
        options = {
            "ror": st.just("03yrm5c26"),
            "sells": _subset(ids.of_kind(ConceptKind.PRODUCT), 2),
            "advocates": _subset(ids.subjects, 1, least=1),
        }
        if at:
            options["part_of"] = st.sampled_from(ids.organizations[:at])
        organizations.append({"id": id, **draw(st.fixed_dictionaries({"name": labels}, optional=options))})
    return organizations


_PERSON = st.one_of(
    st.fixed_dictionaries({"family": st.sampled_from(("Smith", "van der Ó"))}, optional={"given": st.just("S. A.")}),
    st.fixed_dictionaries({"literal": st.sampled_from(_LABELS)}),
)
_BIBLIOGRAPHY = st.fixed_dictionaries({}, optional={
    "title": _sentences,
    "authors": st.lists(_PERSON, min_size=1, max_size=4),
    "published_on": st.sampled_from((2021, "2022", "2023-07", "2019-03-14", "2020~")),
    "accessed_on": _days,
    "publisher": st.sampled_from(_LABELS),
    "label": st.sampled_from(("Ó & Smith, Journal of Nothing 3(2)", "Acme Inc.", "<b>Firm</b>")),
    "work": st.sampled_from(("one-work", "other-work")),
    "case": st.just("a-case"),
    "archived": st.fixed_dictionaries({"url": st.just("https://archive.example/a")}, optional={"on": _days}),
})  # fmt: skip


def _source(draw: st.DrawFn, id: str, at: int, ids: _Ids, vendor_only: bool) -> Fields:
    """A source without its standing and interests, which name findings."""
    fields = {
        "id": id,
        "kind": draw(_term(SourceKind)),
        # The place in the list makes every identifier another one, and every reason its own.
        **draw(st.sampled_from(_located(at))),
        **draw(_BIBLIOGRAPHY),
    }
    if "work" in fields:
        fields["version"] = f"version {at + 1}"
    if id in ids.relays:
        reason = {"vendor_reason": f"Not looked into, page {at}."}
        return fields | draw(st.sampled_from(({"vendor": "unknown", **reason}, {"vendor": "vendor", **reason}, {})))
    flags = ("vendor",) if vendor_only else ("independent", "interested", "vendor")
    return fields | {"vendor": draw(st.sampled_from(flags)), "vendor_reason": f"Page {at} was read & says so."}


def _located(at: int) -> tuple[Fields, ...]:
    """Ways in which a source can be found."""
    return (
        {"doi": f"10.5555/made-up.{at}"},
        {"url": f"https://example.org/a?page={at}&b=c"},
        {"arxiv": f"2301.{10001 + at}", "url": f"https://example.org/{at}"},
        {"isbn": "978-0-306-40615-7", "pages": f"{at + 1}–{at + 9}", "version": f"edition {at}"},
        {"pmid": str(30000001 + at)},
        {"docket": f"3:23-cv-{10770 + at} (N.D. Cal.)"},
        {"number": f"Working Paper {100 + at}"},
        {"container": "Journal of <Made-up> Studies", "volume": str(at + 1), "issue": "2", "pages": "1–9"},
    )


def _standing(draw: st.DrawFn, citing: list[str]) -> Fields:
    options = {"on": _days, "by": st.sampled_from(("the publisher", "Retraction Watch")), "note": _sentences}
    if citing:
        options["affects"] = _subset(citing, 2, least=1)
    event = st.fixed_dictionaries({"status": _term(StandingState)}, optional=options)
    standing: Fields = draw(
        st.fixed_dictionaries({}, optional={"checked_on": _days, "events": st.lists(event, min_size=1, max_size=3)})
    )
    return standing


def _interests(draw: st.DrawFn, citing: list[str], organizations: list[Fields]) -> list[Fields]:
    interests = []
    for organization in draw(st.lists(st.sampled_from(organizations), max_size=2)):
        options = {"note": _sentences}
        if organization.get("sells"):
            options["sells"] = st.sampled_from(organization["sells"])
        if citing:
            options["scope"] = _subset(citing, 2, least=1)
        tie = draw(st.fixed_dictionaries({"tie": _term(Tie)}, optional=options))
        interests.append({"organization": organization["id"], **tie})
    return interests


def _flag(source: Fields, interests: list[Fields], organizations: list[Fields]) -> str | None:
    """The flag that was drawn, or the next one that the ties bear out (203)."""
    flag: str | None = source.get("vendor")
    ties = {interest["tie"] for interest in interests}
    gains = any(body.get("sells") or body.get("advocates") for body in organizations)
    if flag not in ("independent", "interested"):
        return flag
    if Tie.COMPETITOR in ties or (gains and not ties.isdisjoint(_GAINING)):
        return "vendor"
    return flag if ties.isdisjoint(_SPEAKING) else "interested"


_GAINING = frozenset({Tie.PUBLISHER, Tie.OWNER, Tie.COMMISSIONER, Tie.AUTHOR_EMPLOYER, Tie.FUNDER})
_SPEAKING = frozenset({Tie.PARTY, Tie.ADVOCATE, Tie.MEMBER_BODY})


def _finding(draw: st.DrawFn, id: str, ids: _Ids, sources: Mapping[str, Fields]) -> Fields:
    """A finding without its links, which name estimates of others too."""
    legal = draw(st.sampled_from((False, False, False, True)))
    estimates = [f"e{number}" for number in range(1, draw(st.sampled_from((0, 1, 2) if legal else (1, 2, 3, 0))) + 1)]
    mentions = draw(st.dictionaries(st.sampled_from(("55", "a fifth")), _sentences, max_size=1))
    citations = _citations(draw, estimates, [*estimates, "sample", *mentions], ids)
    finding: Fields = {
        "id": id,
        "headline": draw(_headlines),
        "statement": draw(_headlines),
        "nature": draw(st.sampled_from(("alleged", "decided")) if legal else _term(Nature)),
        "design": Design.LEGAL_DOCUMENT.value if legal else draw(_term(Design)),
    }
    periods = _periods(finding["nature"], [sources[c["source"]] for c in citations if c["role"] == "primary"])
    finding["sample"] = _sample(draw, finding, citations, periods)
    finding["cohorts"] = _cohort_links(draw, ids)
    finding["about"] = _about(draw, ids)
    finding["estimates"] = _estimates(draw, estimates, finding, periods, ids)
    _say_why_no_interval(draw, finding, citations)
    _fill_prints(citations, finding, mentions)
    options = {
        "preregistered": st.one_of(
            _term(YesNo), st.just({"state": "yes", "id": "AEARCTR-1"}), st.fixed_dictionaries({"state": _term(YesNo)})
        ),
        "definitions": _subset(ids.definitions, 2, least=1),
        "caveats": _records(2, {"kind": _term(CaveatKind), "text": _sentences}),
        "provenance": st.fixed_dictionaries(
            {"by": _groups}, optional={"on": _days, "from": _sentences, "checked_by": _groups}
        ),
    }
    if products := ids.of_kind(ConceptKind.PRODUCT):
        versions = st.sampled_from(_PRODUCTS_VERSIONS)
        options["products"] = _records(2, {"product": st.sampled_from(products)}, {"version": versions})
    if legal:
        finding["legal"] = _legal(draw, ids)
    extras = draw(st.fixed_dictionaries({}, optional=options))
    return finding | {"citations": citations} | _with(mentions=mentions) | extras


def _legal(draw: st.DrawFn, ids: _Ids) -> Fields:
    required = {
        "act": _term(LegalAct), "body": st.sampled_from(ids.organizations),
        "case": st.sampled_from(("a-case", "other-case")), "merits": _term(Merits),
    }  # fmt: skip
    options = {"on": st.just("2018-05"), "admission": _term(Admission), "final": _term(YesNo)}
    legal: Fields = draw(st.fixed_dictionaries(required, optional=options))
    return legal


def _citations(draw: st.DrawFn, estimates: list[str], printable: list[str], ids: _Ids) -> list[Fields]:
    """Primaries that carry every estimate between them, then relays; ``prints`` is a list of names for now."""
    reading = st.fixed_dictionaries({"what": _term(ReadWhat)}, optional={"where": _sentences, "on": _days})
    options = {"locator": st.sampled_from(("Table 3", "p. 7 <b>")), "read": reading}
    printing = draw(st.sampled_from(("nothing", "all", "each its part")))
    sources = draw(_subset(ids.primaries, 3, least=1))
    citations = []
    for at, source in enumerate(sources):
        prints: list[str] = []
        if printing == "all":
            prints = [*estimates, *draw(_subset(printable[len(estimates) :], 2))]
        elif printing == "each its part":
            prints = estimates[at :: len(sources)]
        made = draw(st.fixed_dictionaries({"basis": _term(Basis)}, optional=options))
        citations.append({"source": source, "role": "primary", **made, **_with(prints=prints)})
    for source in draw(_subset([other for other in ids.sources if other not in sources], 2)):
        # What a relay took stands before it, so that no chain is a loop.
        taken = st.sampled_from((*dict.fromkeys(c["source"] for c in citations), NONE_NAMED, UNKNOWN))
        named = st.sampled_from((*(other for other in ids.sources if other != source), NONE_NAMED, UNKNOWN))
        drift = _records(2, {"kind": _term(DriftKind), "note": _sentences}, {"on": _subset(printable, 2, least=1)})
        required = {"names": named, "taken_from": taken, "prints": _subset(printable, 2)}
        made = draw(st.fixed_dictionaries(required, optional={**options, "drift": drift}))
        if made["names"] != made["taken_from"] and not {made["names"], made["taken_from"]} & {NONE_NAMED, UNKNOWN}:
            credited = {"kind": DriftKind.ATTRIBUTION_WRONG.value, "note": "It credits another source."}
            made["drift"] = [*made.get("drift", []), credited]
        citations.append(_with(source=source, role="secondary", **made))
    return citations


def _periods(nature: str, primaries: list[Fields]) -> Strategy:
    """Periods that a source could know of: not after its publication, except for forecasts and models."""
    if nature in (Nature.FORECAST, Nature.MODELLED):
        return st.sampled_from(("2030", 2035, "2024/2033", "2023-01/2023-02", "2040~"))
    years = [int(str(source["published_on"])[:4]) for source in primaries if "published_on" in source]
    year = min(years, default=2021)
    return st.sampled_from((year, f"{year - 1}-03", f"{year - 2}-01/{year - 1}-06", f"{year - 5}/.."))


def _sample(draw: st.DrawFn, finding: Fields, citations: list[Fields], periods: Strategy) -> Fields:
    """Counts, or an absence that fits what was read and what sort of statement it is."""
    absences = [Absence.NOT_SEEN.value]
    if any(_read_whole(c) for c in citations):
        absences.append(Absence.NOT_PRINTED.value)
    without = {Design.PROJECTION, Design.EXPOSURE_RATING, Design.OFFICIAL_COUNT}
    if finding["nature"] in (Nature.ALLEGED, Nature.DECIDED) or finding["design"] in without:
        absences.append(Absence.NOT_APPLICABLE.value)
    counts = _records(
        2,
        {"n": _sizes(), "of": st.sampled_from(_NOUNS), "level": _term(SampleLevel)},
        {"qualifier": _term(Qualifier), "group": _groups},
    )
    options = {"place": _places, "period": periods, "chosen": _sentences}
    number = draw(st.one_of(counts, st.sampled_from(absences)))
    held = {"none_because": number} if isinstance(number, str) else {"counts": number}
    return held | draw(st.fixed_dictionaries({}, optional=options))


def _cohort_links(draw: st.DrawFn, ids: _Ids) -> list[Fields]:
    links = []
    for cohort in draw(_subset(ids.cohorts, 2, least=1)):
        fit = draw(_term(CohortFit))
        link = {"cohort": cohort, "fit": fit}
        if fit in (CohortFit.BROADER, CohortFit.ANALOGOUS) or draw(st.booleans()):
            link["note"] = draw(_sentences)
        links.append(link)
    return links


def _about(draw: st.DrawFn, ids: _Ids) -> list[Fields]:
    tagged = [id for id, kind in ids.concepts.items() if kind != ConceptKind.OUTCOME]
    return [{"concept": concept, "how": draw(_term(Bearing))} for concept in draw(_subset(tagged, 4))]


def _estimates(draw: st.DrawFn, names: list[str], finding: Fields, periods: Strategy, ids: _Ids) -> list[Fields]:
    """Estimates without the reasons for absent intervals; those about one outcome and group share a definition."""
    outcomes = st.sampled_from(ids.of_kind(ConceptKind.OUTCOME))
    options = {
        "main": st.booleans(), "label": st.sampled_from(_LABELS), "qualifier": _term(Qualifier), "group": _groups,
        "comparator": _groups, "period": periods, "place": _places, "follow_up": st.sampled_from(("2 weeks", "a year")),
        "per": st.sampled_from(("25% more adoption", "year")), "how": _sentences, "origin": _term(Origin),
    }  # fmt: skip
    definitions: dict[tuple[str, str], str] = {}
    estimates = []
    for name in names:
        about = draw(st.fixed_dictionaries({"outcome": outcomes}, optional=options))
        number = _number(draw)
        key = (about["outcome"], about.get("group", ""))
        if key not in definitions:
            fitting = [id for id, of in ids.definitions.items() if of == about["outcome"]]
            definitions[key] = draw(st.sampled_from(fitting))
        free = finding["design"] == Design.LEGAL_DOCUMENT or number.get("measure") in ("sum_of_money", "threshold")
        # Of two estimates about the same at different times, both or none have a definition.
        if free and "period" not in about and draw(st.booleans()):
            estimates.append({"id": name, **about, **number})
        else:
            estimates.append({"id": name, **about, "definition": definitions[key], **number})
    return estimates


def _number(draw: st.DrawFn) -> Fields:
    """A value, a range or a direction, in a unit and with what is printed beside it."""
    measure = Measure(draw(_term(Measure)))
    values = _values(measure)
    made: Fields = {"measure": measure.value, "unit": draw(_units(measure))}
    shape = draw(st.sampled_from(("value", "value", "range", "direction")))
    if shape == "direction":
        made = draw(st.sampled_from((made, {})))
        made = {**made, "direction": draw(_term(Direction))}
    elif shape == "range":
        low, high = sorted((draw(values), draw(values)))
        made["range"] = {"low": low, "high": high, "over": draw(_term(RangeOver))}
    else:
        made["value"] = draw(values)
    if "unit" in made and shape != "range" and draw(st.booleans()):
        value = made.get("value", draw(values) if shape == "direction" else 0)
        lower, upper = min(value, draw(values)), max(value, draw(values))
        level = draw(st.sampled_from(({}, {"level": 0.9}, {"level": 0.99})))
        made["interval"] = {"lower": lower, "upper": upper, **level}
    if "unit" in made:
        made |= _beside(draw, values)
    return made


def _beside(draw: st.DrawFn, values: Strategy) -> Fields:
    """What may be printed beside a number."""
    options = {
        "se": _hundredths(0, 9), "p_value": st.sampled_from((0.03, 0, 1, 0.0001)), "scale": _term(Scale), "n": _sizes(),
        "reference_value": values, "denominator": st.just(40), "numerator": st.integers(0, 40),
    }  # fmt: skip
    chosen = draw(st.lists(st.sampled_from(tuple(options)), max_size=2, unique=True))
    return {name: draw(options[name]) for name in chosen}


@cache
def _values(measure: Measure) -> Strategy:
    """Numbers that a measure can take, whole ones and others, negative ones and zero where it has them."""
    if measure in RATIOS:
        return st.one_of(st.integers(1, 5), _hundredths(0, 5).map(lambda value: value or 0.01))
    low, high = _LIMITS[measure]
    return st.one_of(st.integers(low, high), _hundredths(low, high))


_LIMITS = {
    Measure.PERCENT_CHANGE: (-100, 300),
    Measure.PERCENTAGE_POINTS: (-100, 100),
    Measure.PROPORTION: (0, 1),
    Measure.CORRELATION: (-1, 1),
    Measure.RELIABILITY: (-1, 1),
    Measure.SMD: (-3, 3),
    Measure.COUNT: (0, 10**9),
    Measure.MEAN: (-1000, 10**6),
    Measure.MEDIAN: (-1000, 10**6),
    Measure.MEAN_DIFFERENCE: (-1000, 1000),
    Measure.TOTAL: (0, 10**12),
    Measure.THRESHOLD: (0, 100),
    Measure.SUM_OF_MONEY: (0, 10**10),
}


@cache
def _hundredths(low: int, high: int) -> Strategy:
    return st.integers(low * 100, high * 100).map(lambda number: number / 100)


@cache
def _sizes() -> Strategy:
    return st.one_of(st.integers(1, 50), st.integers(1, 10**8))


@cache
def _units(measure: Measure) -> Strategy:
    if measure in RATIOS or measure in (Measure.PROPORTION, Measure.CORRELATION, Measure.RELIABILITY):
        return st.just("1")
    fixed = {Measure.PERCENT_CHANGE: ("%",), Measure.PERCENTAGE_POINTS: ("pp",), Measure.SMD: ("SD",),
             Measure.COUNT: ("people", "job postings", "firms (US)"), Measure.SUM_OF_MONEY: ("USD", "EUR", "JPY")}  # fmt: skip
    return st.sampled_from(fixed.get(measure, _UNITS))


def _say_why_no_interval(draw: st.DrawFn, finding: Fields, citations: list[Fields]) -> None:
    """Give every estimate without an interval a reason that fits, its own or the finding's."""
    bare = {e["id"]: _absences(e, finding, citations) for e in finding["estimates"] if "interval" not in e}
    shared = [reason for reason in Absence if all(reason in fitting for fitting in bare.values())]
    if shared and _coin(draw):
        finding["no_interval"] = draw(st.sampled_from(shared)).value
    for estimate in finding["estimates"]:
        if estimate["id"] in bare and ("no_interval" not in finding or draw(st.booleans())):
            estimate["no_interval"] = draw(st.sampled_from(bare[estimate["id"]])).value


def _absences(estimate: Fields, finding: Fields, citations: list[Fields]) -> list[Absence]:
    """Reasons that may be given for an absent interval."""
    fitting = [Absence.NOT_SEEN]
    if any(_read_whole(c) and estimate["id"] in (c.get("prints") or [estimate["id"]]) for c in citations):
        fitting.append(Absence.NOT_PRINTED)
    designs = {Design.LEGAL_DOCUMENT, Design.OFFICIAL_COUNT, Design.DESCRIPTIVE_COUNT, Design.PROJECTION}
    if (
        finding["design"] in designs
        or finding["nature"] in (Nature.ALLEGED, Nature.DECIDED, Nature.FORECAST)
        or estimate.get("measure") in (Measure.SUM_OF_MONEY, Measure.THRESHOLD)
    ):
        fitting.append(Absence.NOT_APPLICABLE)
    return fitting


def _read_whole(citation: Fields) -> bool:
    return citation["role"] == "primary" and _closeness(citation) == 2


def _closeness(citation: Fields) -> int:
    return ReadWhat(citation.get("read", {"what": "nothing"})["what"]).closeness


def _fill_prints(citations: list[Fields], finding: Fields, mentions: Mapping[str, str]) -> None:
    """Turn the names that each citation prints into what it prints: the figure itself."""
    counts = finding["sample"].get("counts", [{"n": "unknown"}])
    printed = {"sample": f"n = {counts[0]['n']}", **{name: name for name in mentions}}
    for estimate in finding["estimates"]:
        number = estimate.get("value", estimate.get("direction"))
        if "range" in estimate:
            number = f"{estimate['range']['low']} to {estimate['range']['high']}"
        printed[estimate["id"]] = f"{number} {estimate.get('unit', '')}".removesuffix(" 1").strip()
    for citation in citations:
        if "prints" in citation:
            citation["prints"] = {name: printed[name] for name in citation["prints"]}


# Replications, which differ most, come up more often than the other links.
_LINK_TYPES = st.sampled_from([*(term.value for term in LinkType), *["replicates"] * 6])


def _links(draw: st.DrawFn, finding: Fields, earlier: list[Fields], later: list[Fields], ids: _Ids) -> list[Fields]:
    """Links to other findings; what replaces or undoes another stands after it."""
    links = []
    own = [estimate["id"] for estimate in finding["estimates"]]
    for kind in draw(st.lists(_LINK_TYPES, max_size=3)):
        others = earlier if kind in (LinkType.SUPERSEDES, LinkType.REVERSES) else [*earlier, *later]
        if not others:
            continue
        options = {"because": _sentences, "asserted_by": st.sampled_from(("curator", *ids.sources))}
        if own:
            options["about"] = _subset(own, 2, least=1)
        required = {}
        if kind == LinkType.REPLICATES:
            options["criterion"] = _sentences
            if draw(st.sampled_from((True, True, True, False))):
                required["outcome"] = _term(ReplicationOutcome)
        if kind in (LinkType.SHARES_DATA, LinkType.REANALYSES, LinkType.INCLUDES):
            options["extent"] = _term(Extent)
        target = draw(st.sampled_from(others))["id"]
        links.append({"type": kind, "target": target, **draw(st.fixed_dictionaries(required, optional=options))})
    return links


def _claims(draw: st.DrawFn, ids: _Ids, findings: list[Fields], sources: Mapping[str, Fields]) -> list[Fields]:
    """Claims on findings that stand; what reverses a finding is named beside it."""
    by_id = {finding["id"]: finding for finding in findings}
    needed = {id: _with_reversals(id, findings) for id in by_id}
    superseded = _targets(findings, LinkType.SUPERSEDES)
    nameable = [id for id in by_id if not needed[id] & superseded]
    sound = [id for id in nameable if not _withdrawn(by_id[id], sources)]
    claims: list[Fields] = []
    for number in range(1, draw(st.integers(0, 2 if sound else 0)) + 1):
        first = draw(st.sampled_from(sound))
        named = set().union(*(needed[id] for id in (first, *draw(_subset(nameable, 2)))))
        supports = [_support(draw, by_id[first], st.just("supports"))]
        for id in sorted(named - {first}):
            stances = _term(Stance) if id in sound else st.sampled_from(("disputes", "qualifies"))
            supports.append(_support(draw, by_id[id], stances))
        claim = {"id": f"claim-{number}", "text": draw(_headlines), **_with(about=draw(_subset(ids.subjects, 3)))}
        resting = [by_id[s["finding"]] for s in supports if s["stance"] == "supports"]
        if all(any(_closeness(c) for c in f["citations"] if c["role"] == "primary") for f in resting):
            claim |= draw(st.sampled_from(({}, {"filed_as": "strong"})))
        claims.append({**claim, "supports": supports})
    return claims


def _support(draw: st.DrawFn, finding: Fields, stances: Strategy) -> Fields:
    estimates = draw(_subset([estimate["id"] for estimate in finding["estimates"]], 3, least=1))
    fields = draw(st.fixed_dictionaries({"stance": stances}, optional={"note": _sentences}))
    return {"finding": finding["id"], **_with(estimates=estimates), **fields}


def _targets(findings: list[Fields], kind: LinkType) -> set[str]:
    return {link["target"] for finding in findings for link in finding.get("links", ()) if link["type"] == kind}


def _with_reversals(id: str, findings: list[Fields]) -> set[str]:
    """A finding, what reverses it, what reverses that, and so on."""
    found = {id}
    for finding in findings:  # what reverses stands after what is reversed
        links = finding.get("links", ())
        if any(link["type"] == LinkType.REVERSES and link["target"] in found for link in links):
            found.add(finding["id"])
    return found


def _withdrawn(finding: Fields, sources: Mapping[str, Fields]) -> bool:
    primaries = [sources[c["source"]] for c in finding["citations"] if c["role"] == "primary"]
    return any(Standing.model_validate(s.get("standing", {})).withdrawn(finding["id"]) for s in primaries)


def _untraced_fields(ids: _Ids) -> dict[str, Strategy]:
    return {"headline": _sentences, "status": _term(UntracedStatus), "say": _sentences}


def _untraced_options(ids: _Ids) -> dict[str, Strategy]:
    options = {"on": _days, "vendor": _term(VendorFlag), "prints": _sentences, "note": _sentences}
    sightings = _records(2, {"where": st.sampled_from(("https://example.org/a?b&c", "a talk"))}, options)
    return {
        "attributed_to": st.sampled_from(_LABELS),
        "variants": st.lists(_sentences, min_size=1, max_size=2),
        "earliest_seen": sightings.map(_first),
        "repeated_at": sightings,
        "traced_by": sightings,
        "about": _subset(ids.concepts, 2, least=1),
        "cohorts": _subset(ids.cohorts, 1, least=1),
        **_search_options(ids),
    }


def _gap_options(ids: _Ids, aspects: list[str]) -> dict[str, Strategy]:
    options = {"kind": _term(GapKind), "about": _subset(ids.subjects, 3, least=1), **_search_options(ids)}
    return options | ({"aspect": st.sampled_from(aspects)} if aspects else {})


def _search_options(ids: _Ids) -> dict[str, Strategy]:
    searched = _records(2, {"where": _sentences, "on": _days, "by": st.just("curator")}, {"query": _sentences})
    if not ids.findings:
        return {"searched": searched}
    nearest = _records(2, {"finding": st.sampled_from(ids.findings), "differs": _sentences})
    return {"searched": searched, "nearest": nearest}


_QUESTIONS = (
    "What is known of {}?", "{}: how many?", "How does it change {}", "Is <b>{}</b> & the rest rising?", "{{Which}} of {}?",
)  # fmt: skip


def _aspects(draw: st.DrawFn, ids: _Ids) -> list[Fields]:
    """Aspects for several shapes of question; now and then two ask the same in the same words."""
    outcomes = _subset(ids.of_kind(ConceptKind.OUTCOME), 2, least=1)
    wanted = st.one_of(_term(Wanted), st.lists(_term(Wanted), min_size=1, max_size=3, unique=True))
    aspects: list[Fields] = []
    for number in range(1, draw(st.integers(0, 3)) + 1):
        questions = _questions(draw)
        if aspects and _coin(draw):
            questions = dict(aspects[0]["questions"])
        required = {"label": st.sampled_from(_LABELS), "outcomes": outcomes, "wanted": wanted, "unanswered": _sentences}
        aspects.append({"id": f"aspect-{number}", "questions": questions, **draw(st.fixed_dictionaries(required))})
    return aspects


def _questions(draw: st.DrawFn) -> dict[str, str]:
    """A template for each single dimension or some, and for a few mixes."""
    alone = draw(st.one_of(st.just(DIMENSIONS), _subset(DIMENSIONS, 3, least=1)))
    mixes = draw(st.lists(_subset(DIMENSIONS, 3, least=2), max_size=3))
    questions = {}
    for named in (*([dimension] for dimension in alone), *mixes):
        shape = [dimension for dimension in DIMENSIONS if dimension in named]
        role = draw(st.sampled_from(("{roles}", "{role}"))) if "role" in shape else ""
        blanks = [role if dimension == "role" else f"{{{dimension}}}" for dimension in shape]
        template = draw(st.sampled_from(_QUESTIONS))
        questions["+".join(shape)] = template.replace("{}", " and ".join(blanks))
    return questions


def _several(
    draw: st.DrawFn, word: str, most: int, required: Mapping[str, Strategy], optional: Mapping[str, Strategy]
) -> list[Fields]:
    """Up to so many records of one kind, each with an id."""
    made = st.fixed_dictionaries(dict(required), optional=dict(optional))
    return [{"id": f"{word}-{n}", **draw(made)} for n in range(1, draw(st.integers(0, most)) + 1)]


def _records(most: int, required: dict[str, Strategy], optional: dict[str, Strategy] | None = None) -> Strategy:
    return st.lists(st.fixed_dictionaries(required, optional=optional or {}), min_size=1, max_size=most)


def _subset(items: Iterable[str], most: int, *, least: int = 0) -> Strategy:
    """Up to so many of the items, each once; none when there are none."""
    return _subset_of(tuple(items), most, least)


@lru_cache(maxsize=2000)  # packs share their ids, and a strategy that was used before is quicker
def _subset_of(items: tuple[str, ...], most: int, least: int) -> Strategy:
    if not items:
        return st.just([])
    return st.lists(st.sampled_from(items), min_size=min(least, len(items)), max_size=most, unique=True)


@cache
def _term(vocabulary: type[Term]) -> Strategy:
    return st.sampled_from([term.value for term in vocabulary])


def _coin(draw: st.DrawFn) -> bool:
    return draw(st.booleans())


def _first(items: list[Any]) -> Any:
    return items[0]


def _with(**fields: Any) -> Fields:
    """The fields that hold something."""
    return {name: value for name, value in fields.items() if value not in (None, [], {})}


def _put(record: Fields, **fields: Any) -> None:
    record.update(_with(**fields))
