"""The strategies of packs: what they give is accepted, is as varied as they say, and gets small."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb import vocab
from evidencekb.model import KINDS, LISTS
from evidencekb.model.sources import Standing
from evidencekb.store.reading import read_pack
from evidencekb.testing import Fields, Pack, asked, built, labels, packs, write

FEW = settings(max_examples=15)
ONCE = settings(max_examples=200, derandomize=True, database=None, phases=[Phase.generate], deadline=None)


@FEW
@given(packs())
def test_every_pack_is_accepted(pack: Pack) -> None:
    with TemporaryDirectory() as folder:
        report = ekb.check(write(pack, Path(folder)))
    assert report.ok, str(report)
    assert "EKB504" not in {violation.code for violation in report}


@FEW
@given(packs())
def test_a_pack_is_the_same_after_writing_and_reading(pack: Pack) -> None:
    with TemporaryDirectory() as folder:
        raw = read_pack(write(pack, Path(folder)))
    read: Pack = {name: [] for name in LISTS if name != "waivers"}
    names = {kind: name for name, kind in LISTS.items()}
    for record in raw.records:
        read[names[record.kind]].append(record.data)
    assert read == {name: sorted(records, key=lambda record: record["id"]) for name, records in pack.items()}
    assert raw.violations == []


@FEW
@given(packs(findings=(1, 2)))
def test_a_pack_is_sealed_and_opened(pack: Pack) -> None:
    with TemporaryDirectory() as folder, built(pack, Path(folder)) as kb:
        for name, records in pack.items():
            assert kb.ids(LISTS[name]) == tuple(sorted(record["id"] for record in records))
        finding = pack["findings"][0]
        assert kb.finding(finding["id"]) == KINDS["finding"].model_validate(finding)


@FEW
@given(st.data(), packs(findings=(0, 0)))
def test_a_question_names_subjects_that_exist(data: st.DataObject, pack: Pack) -> None:
    question = data.draw(asked(pack))
    kinds = {concept["id"]: concept["kind"] for concept in pack["concepts"]}
    cohorts = {cohort["id"] for cohort in pack["cohorts"]}
    assert question
    assert list(question) == [dimension for dimension in vocab.DIMENSIONS if dimension in question]
    for dimension, id in question.items():
        assert id in cohorts if dimension == "cohort" else kinds[id] == dimension


def test_a_question_is_about_one_subject_or_several() -> None:
    kinds = [dimension for dimension in vocab.DIMENSIONS if dimension != "cohort"]
    pack: Pack = {"cohorts": [{"id": "adults"}], "concepts": [{"id": f"a-{kind}", "kind": kind} for kind in kinds]}
    asked_of: set[tuple[str, ...]] = set()

    @ONCE
    @given(asked(pack))
    def collect(question: dict[str, str]) -> None:
        asked_of.add(tuple(question))

    collect()
    assert {len(names) for names in asked_of} == {1, 2, 3}
    assert {name for names in asked_of for name in names} == set(vocab.DIMENSIONS)


@FEW
@given(packs(findings=(2, 3), vendor_only=True))
def test_only_vendors_when_asked(pack: Pack) -> None:
    flags = {source["id"]: source.get("vendor") for source in pack["sources"]}
    primaries = {c["source"] for finding in pack["findings"] for c in finding["citations"] if c["role"] == "primary"}
    assert {flags[id] for id in primaries} == {"vendor"}
    assert len(pack["findings"]) in (2, 3)


@FEW
@given(packs(labels=st.just("the one label")))
def test_labels_may_be_given(pack: Pack) -> None:
    named = [*pack["concepts"], *pack["cohorts"]]
    assert {record["label"] for record in named} == {"the one label"}
    assert {record["name"] for record in pack["organizations"]} == {"the one label"}


def test_an_example_gets_small() -> None:
    plain = settings(ONCE, phases=[Phase.generate, Phase.shrink])
    pack = find(packs(), lambda pack: any("value" in e for e in _estimates(pack)), settings=plain)
    assert {name: len(records) for name, records in pack.items() if records} == {
        "concepts": 1, "cohorts": 1, "definitions": 1, "organizations": 1, "sources": 1, "findings": 1,
    }  # fmt: skip
    (finding,) = pack["findings"]
    assert [e["value"] for e in finding["estimates"]] == [0]
    assert "links" not in finding


@pytest.fixture(scope="module")
def some() -> list[Pack]:
    """Packs as they come, the same on every run."""
    drawn: list[Pack] = []

    @settings(ONCE, suppress_health_check=[HealthCheck.too_slow])
    @given(st.one_of(packs(), packs(findings=(5, 6)), packs(findings=(5, 6))))
    def collect(pack: Pack) -> None:
        drawn.append(pack)

    collect()
    return drawn


def _estimates(pack: Pack) -> list[Fields]:
    return [estimate for finding in pack["findings"] for estimate in finding["estimates"]]


def _standings(pack: Pack) -> list[Standing]:
    return [Standing.model_validate(source.get("standing", {})) for source in pack["sources"]]


def _statuses(standing: Standing) -> list[str]:
    return [event.status for event in standing.events]


def _same_question(pack: Pack) -> bool:
    asked_so_far = [tuple(aspect["questions"].items()) for aspect in pack["aspects"]]
    return len(set(asked_so_far)) < len(asked_so_far)


CASES: dict[str, Callable[[Pack], Any]] = {
    "no finding": lambda pack: not pack["findings"],
    "six findings": lambda pack: len(pack["findings"]) == 6,
    "a role without plural": lambda pack: any(c["kind"] == "role" and "plural" not in c for c in pack["concepts"]),
    "a role with plural": lambda pack: any(c["kind"] == "role" and "plural" in c for c in pack["concepts"]),
    "a cohort and a role of one id": lambda pack: {c["id"] for c in pack["concepts"]} & {c["id"] for c in pack["cohorts"]},
    "two wider cohorts": lambda pack: any(len(c.get("broader", ())) > 1 for c in pack["cohorts"]),
    "overlapping cohorts": lambda pack: any("overlaps" in c for c in pack["cohorts"]),
    "disjoint cohorts": lambda pack: any("disjoint" in c for c in pack["cohorts"]),
    "a source that calls definitions comparable": lambda pack: any(
        link.get("source", "editorial") != "editorial" for d in pack["definitions"] for link in d.get("comparable_with", ())
    ),
    "a cohort that pages show": lambda pack: any("on_pages" in c for c in pack["cohorts"]),
    "a finding without figures": lambda pack: any(not f["estimates"] for f in pack["findings"]),
    "a case paper without figures": lambda pack: any("legal" in f and not f["estimates"] for f in pack["findings"]),
    "a direction alone": lambda pack: any("direction" in e and "measure" not in e for e in _estimates(pack)),
    "a direction with an interval": lambda pack: any("direction" in e and "interval" in e for e in _estimates(pack)),
    "a range": lambda pack: any("range" in e for e in _estimates(pack)),
    "zero": lambda pack: any(e.get("value") == 0 for e in _estimates(pack)),
    "less than zero": lambda pack: any(e.get("value", 0) < 0 for e in _estimates(pack)),
    "an interval": lambda pack: any("interval" in e and "value" in e for e in _estimates(pack)),
    "no sample, for a reason": lambda pack: any("none_because" in f["sample"] for f in pack["findings"]),
    "several primaries": lambda pack: any(
        sum(c["role"] == "primary" for c in f["citations"]) > 1 for f in pack["findings"]
    ),
    "a relay of a relay": lambda pack: any(
        c.get("taken_from") in {d["source"] for d in f["citations"] if d["role"] == "secondary"}
        for f in pack["findings"] for c in f["citations"]
    ),
    "a withdrawn source": lambda pack: any(standing.withdrawn() for standing in _standings(pack)),
    "withdrawn and reinstated": lambda pack: any(
        standing.state() == "reinstated" and vocab.WITHDRAWN & set(_statuses(standing)) for standing in _standings(pack)
    ),
    "a source that nobody flagged": lambda pack: any("vendor" not in source for source in pack["sources"]),
    "an interest in some findings": lambda pack: any("scope" in i for s in pack["sources"] for i in s.get("interests", ())),
    "two versions of a work": lambda pack: len(w := [s["work"] for s in pack["sources"] if "work" in s]) > len(set(w)),
    "a replication that failed": lambda pack: any(
        link.get("outcome") == "failed" for f in pack["findings"] for link in f.get("links", ())
    ),
    "a strong claim": lambda pack: any("filed_as" in claim for claim in pack["claims"]),
    "an untraced claim near a finding": lambda pack: any("nearest" in untraced for untraced in pack["untraced"]),
    "a gap of an aspect": lambda pack: any("aspect" in gap for gap in pack["gaps"]),
    "an exclusion that bears on a finding": lambda pack: any(e.get("bears_on") for e in pack["exclusions"]),
    "two aspects that ask the same": _same_question,
    "a question about a mix": lambda pack: any("+" in shape for a in pack["aspects"] for shape in a["questions"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_every_case_comes_up(case: str, some: list[Pack]) -> None:
    assert any(CASES[case](pack) for pack in some) or _found(CASES[case])


def _found(condition: Callable[[Pack], Any]) -> Pack:
    """A pack that meets a condition which no other has met; finding none is an error."""
    return find(packs(findings=(4, 6)), lambda pack: bool(condition(pack)), settings=settings(ONCE, max_examples=300))


VOCABULARIES: dict[str, tuple[type[vocab.Term], ...]] = {
    "act": (vocab.LegalAct,),
    "admission": (vocab.Admission,),
    "basis": (vocab.Basis, vocab.DefinitionBasis),
    "design": (vocab.Design,),
    "direction": (vocab.Direction,),
    "extent": (vocab.Extent,),
    "final": (vocab.YesNo,),
    "fit": (vocab.CohortFit,),
    "higher_is": (vocab.HigherIs,),
    "how": (vocab.Bearing,),
    "kind": (vocab.ConceptKind, vocab.SourceKind, vocab.CaveatKind, vocab.DriftKind, vocab.GapKind),
    "level": (vocab.SampleLevel,),
    "measure": (vocab.Measure,),
    "merits": (vocab.Merits,),
    "nature": (vocab.Nature,),
    "no_interval": (vocab.Absence,),
    "none_because": (vocab.Absence,),
    "origin": (vocab.Origin,),
    "outcome": (vocab.ReplicationOutcome,),
    "over": (vocab.RangeOver,),
    "qualifier": (vocab.Qualifier,),
    "relation": (vocab.ConceptRelation,),
    "role": (vocab.Role,),
    "scale": (vocab.Scale,),
    "stance": (vocab.Stance,),
    "state": (vocab.YesNo,),
    "status": (vocab.StandingState, vocab.UntracedStatus),
    "tie": (vocab.Tie,),
    "type": (vocab.LinkType,),
    "unit": (vocab.CohortUnit,),
    "vendor": (vocab.VendorFlag,),
    "wanted": (vocab.Wanted,),
    "what": (vocab.ReadWhat,),
}


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, name)
    else:
        yield name, value


@pytest.fixture(scope="module")
def words(some: list[Pack]) -> dict[str, set[Any]]:
    """What stands in each field of all the packs."""
    found: dict[str, set[Any]] = defaultdict(set)
    for pack in some:
        for name, value in _leaves(pack):
            found[name].add(value)
    return found


@pytest.mark.parametrize("field", VOCABULARIES)
def test_every_term_comes_up(field: str, words: dict[str, set[Any]]) -> None:
    for vocabulary in VOCABULARIES[field]:
        for term in vocabulary:
            assert term in words[field] or _found(partial(_holds, leaf=(field, term)))


def _holds(pack: Pack, leaf: tuple[str, str]) -> bool:
    return leaf in _leaves(pack)


def test_every_vocabulary_is_looked_for() -> None:
    looked_for = {vocabulary for vocabularies in VOCABULARIES.values() for vocabulary in vocabularies}
    assert looked_for == {term for term in vocab.Term.__subclasses__() if term.__module__ == vocab.__name__}


def test_every_label_comes_up(words: dict[str, set[Any]]) -> None:
    seen: set[str] = set()

    @ONCE
    @given(labels())
    def collect(label: str) -> None:
        seen.add(label)

    collect()
    assert len(seen) > 25
    assert seen <= words["label"]
