"""What a rule finds and what the function of the same judgement says are one thing, on packs full of joins and ties."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb.answers.studies import StanceSupport
from evidencekb.vocab import LinkType
from tests.records import Fields, Records, base_records, write_records
from tests.studied import finding, source

SOME = settings(max_examples=max(10, settings().max_examples // 2))
NAMES = [[], [{"family": "Müller", "given": "Jan"}], [{"family": "Mueller", "given": "J."}], [{"literal": "Office"}]]
TIES = [
    "publisher",
    "owner",
    "commissioner",
    "author_employer",
    "funder",
    "competitor",
    "party",
    "advocate",
    "host",
    "data_provider",
]
BODIES: list[Fields] = [
    {"id": "group", "name": "Group"},
    {"id": "maker", "name": "Maker", "part_of": "group", "sells": ["score-reports"]},
    {"id": "lab", "name": "Lab", "part_of": "group"},
    {"id": "school", "name": "School"},
]


@st.composite
def links(draw: st.DrawFn, targets: list[str]) -> Fields:
    type = draw(st.sampled_from(list(LinkType)))
    link: Fields = {"type": str(type), "target": draw(st.sampled_from(targets))}
    if draw(st.booleans()):
        link["because"] = "They asked elsewhere."
    if type is LinkType.REPLICATES:
        link["outcome"] = draw(st.sampled_from(["successful", "failed"]))
    if type in (LinkType.SHARES_DATA, LinkType.INCLUDES, LinkType.QUALIFIES):
        link.update(draw(st.sampled_from([{}, {"extent": "all"}, {"extent": "part"}, {"extent": "unknown"}])))
    return link


@st.composite
def worlds(draw: st.DrawFn) -> Records:
    """A few findings in a few papers, joined and opposed in every way, and claims that list them."""
    records = base_records()
    records["organizations"] += BODIES
    papers = [f"paper{number}" for number in range(draw(st.integers(2, 4)))]
    for paper in papers:
        ties = draw(st.lists(st.tuples(st.sampled_from(BODIES), st.sampled_from(TIES)), max_size=2))
        work = draw(st.sampled_from([{}, {"work": "w", "version": f"in {paper}"}]))
        authors = draw(st.sampled_from(NAMES))
        interests = [{"organization": body["id"], "tie": tie} for body, tie in ties]
        vendor = draw(st.sampled_from(["vendor", "vendor", "interested", "independent"]))
        fields: Fields = {"authors": authors, "interests": interests, "vendor": vendor, **work}
        records["sources"].append(source(paper, **fields))
    ids = ["audit-2024-replies"]
    for number in range(draw(st.integers(2, 5))):
        count = {"n": draw(st.sampled_from([12, 317, 400])), "of": "applications", "level": "analysed"}
        sample: Fields = {"counts": [count], **draw(st.sampled_from([{}, {"place": "Oslo", "period": "2023"}]))}
        estimate: Fields = {**records["findings"][0]["estimates"][0], "value": draw(st.sampled_from([12, -9, 40]))}
        if draw(st.booleans()):
            estimate["interval"] = {
                "lower": estimate["value"] - 5,
                "upper": estimate["value"] + draw(st.sampled_from([5, 20])),
            }
        added = finding(f"f{number}", draw(st.sampled_from(papers)), sample=sample, estimates=[estimate])
        added["headline"], added["statement"] = "What a score brings", "They looked at replies."
        added["citations"][0]["basis"] = draw(
            st.sampled_from(["own_data", "own_data", "own_analysis", "own_statement"])
        )
        added["links"] = draw(st.lists(links(ids), max_size=2, unique_by=lambda link: (link["type"], link["target"])))
        added["products"] = draw(st.sampled_from([[], [{"product": "score-reports"}]]))
        records["findings"].append(added)
        ids.append(added["id"])
    entries = st.tuples(st.sampled_from(ids), st.sampled_from(["supports", "supports", "disputes", "qualifies"]))
    lists = st.lists(entries, min_size=1, max_size=5, unique_by=lambda entry: entry[0])
    records["claims"] = [
        {"id": f"claim{number}", "text": "It is so.", "supports": [
            {"finding": finding, "estimates": ["replies"], "stance": stance} for finding, stance in listed
        ]}
        for number, listed in enumerate(draw(st.lists(lists, min_size=1, max_size=3)))
    ]  # fmt: skip
    return records


@SOME
@given(worlds())
def test_a_rule_and_the_function_of_the_same_judgement_agree(records: Records) -> None:
    with TemporaryDirectory() as folder:
        pack = write_records(Path(folder) / "pack", records)
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        with ekb.load(pack, check=False) as kb:
            assert kb.report is not None
            for violation in kb.report:
                found[violation.code][violation.subject.id].append(".".join(map(str, violation.path)))
            loaded = {
                kind: {id for (id,) in kb.rows(f"SELECT id FROM {kind}")} for kind in ("claim", "finding", "source")
            }
            for claim in loaded["claim"]:
                if len(loaded["finding"]) == len(records["findings"]):
                    _support(kb, claim, found["EKB106"], found["EKB110"])
            if len(loaded["finding"]) == len(records["findings"]):  # none left out for the flag of its source
                for id in loaded["finding"]:
                    _weak(kb, id, found["EKB307"])
                    _opposed(kb, id, found["EKB308"])
            for id in loaded["source"]:
                told = ekb.explain_flag(kb, id)
                assert told.state == "not judged" or (told.state == "violation") == (id in found["EKB203"]), str(told)


def _support(kb: ekb.KnowledgeBase, claim: str, laundered: dict[str, Any], twice: dict[str, Any]) -> None:
    support, origins = ekb.independent_support(kb, claim), ekb.origins_of(kb, claim)
    held = {stance.stance: stance for stance in support.stances}
    for stance in support.stances:
        _whole(stance)
    supports = held.get("supports")
    one_study = supports is not None and supports.findings > 1 and supports.strict == 1
    assert ("one_study" in origins.problems) == one_study
    if claim in laundered:
        assert one_study or "no_data" in origins.problems
    elif one_study:
        raise AssertionError(f"106 is silent: {support}")
    counted = [stance for stance in support.stances if stance.stance in ("supports", "disputes")]
    several = any(stance.strict < stance.findings for stance in counted)
    if claim in twice:
        assert several or any(stance.lenient < stance.strict for stance in counted)
    elif several:  # parts of one paper: no two works are counted as one
        assert all(
            len(study.sources) == 1 or len(study.findings) == 1 for stance in counted for study in stance.studies
        )


def _whole(stance: StanceSupport) -> None:
    """The studies hold each finding once, and each is held together by as many joins as it takes."""
    assert sum(len(study.findings) for study in stance.studies) == stance.findings
    assert 1 <= stance.lenient <= stance.strict == len(stance.studies)
    for study in stance.studies:
        assert len(study.joins) >= len(study.findings) - 1
        assert all(join.certain for join in study.joins)
    assert bool(stance.perhaps) == (stance.lenient < stance.strict)


def _weak(kb: ekb.KnowledgeBase, id: str, found: dict[str, Any]) -> None:
    weak = any(power.verdict in ("unclear", "few") for power in ekb.power_of(kb, id))
    tried = bool(kb.rows("SELECT 1 FROM tried WHERE finding = ?", (id,)))
    assert (id in found) == (weak and not tried)


def _opposed(kb: ekb.KnowledgeBase, id: str, found: dict[str, list[str]]) -> None:
    open = [pair for pair in ekb.conflicts_of(kb, id) if not pair.acknowledged]
    unsaid = any(path.startswith("estimates") for path in found.get(id, ()))
    unreasoned = [held for held, paths in found.items() if any(path.startswith("links") for path in paths)]
    assert bool(open) >= unsaid
    if open and not unsaid:  # a link gives no reason
        linked = {link["target"] for link in kb.record("finding", id)["links"]} if id in unreasoned else set()
        assert linked or any(
            id in {link["target"] for link in kb.record("finding", end)["links"]} for end in unreasoned
        )
