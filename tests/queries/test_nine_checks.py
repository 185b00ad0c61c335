"""What an honest page must get right, checked on the shipped pack: facts of the pack, not of made-up ones."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from evidencekb.model import LISTS
from evidencekb.store.reading import read_pack
from evidencekb.testing import Pack, write
from tests.conftest import REPO

DATA = REPO / "data"
LISTED = {kind: name for name, kind in LISTS.items()}
CLOSE = (
    "noy-zhang-2023-writing-speed-quality",
    "indeed-2025-jobs-highly-transformed",
    "wef-2025-jobs-created-displaced",
    "wef-2025-skills-39",
)
"""Often quoted beside the first question; about something else."""


@pytest.fixture(scope="module")
def kb(sealed_data: Path) -> ekb.KnowledgeBase:
    return ekb.load(sealed_data)


@pytest.fixture(scope="module")
def first(kb: ekb.KnowledgeBase) -> ekb.Brief:
    """PyTorch for machine learning engineers, with the figures that are often quoted beside it."""
    return ekb.brief(kb, role="machine-learning-engineer", skill="pytorch", pin=CLOSE)


@pytest.fixture(scope="module")
def pages(kb: ekb.KnowledgeBase) -> list[ekb.Brief]:
    """A page about every subject, and about every role with some skills."""
    return list(ekb.briefs(kb, questions(kb)))


def questions(kb: ekb.KnowledgeBase) -> list[dict[str, str]]:
    rows = kb.rows(
        "SELECT kind, id FROM concept WHERE kind <> 'occupation' UNION SELECT 'cohort', id FROM cohort ORDER BY 1, 2"
    )
    alone = [{kind: id} for kind, id in rows]
    roles, skills = ([id for kind, id in rows if kind == named] for named in ("role", "skill"))
    return alone + [{"role": role, "skill": skill} for role, skill in product(roles[::3], skills[::5])]


# 1. No slot of a template can be empty.


def test_no_slot_of_a_shipped_page_shows_a_hole(pages: list[ekb.Brief]) -> None:
    for page in pages:
        texts = [
            page.summary,
            page.coverage_text,
            page.sources_text,
            *(a.text for a in page.answers),
            *(i.answer for i in page.faq),
        ]
        texts += [gap.text for gap in page.gaps] + [card.fit.why for card in page.cards if card.fit]
        texts += [cluster.text for cluster in page.cohorts] + [conflict.text for conflict in page.conflicts]
        for text in filter(None, texts):
            assert re.search(r"[.?!…]['\"”’)\]]*$", text), (page.ref.id, text)
            hole = re.search(r"\bNone\b(?! of )|k[–-]k|\.\.|[!?]\.| {2}| [.,;:!?](?: |$)|\(\)|[{}]", text)
            assert hole is None, (page.ref.id, text)
        asked = [item.question.casefold() for item in page.faq]
        assert len(set(asked)) == len(asked)


# 2. A tag is not a measurement.


def test_nobody_measured_this_title_with_this_skill(first: ekb.Brief) -> None:
    assert first.coverage["direct"] == 0
    fits = {card.ref.id: card.fit for card in first.cards if card.fit}
    assert fits["bls-2022-research-scientists"].role == "proxy"
    assert fits["pytorch-2024-share"].skill == "exact"
    assert fits["pytorch-2024-share"].role == "other"
    assert {fits[id].tier for id in CLOSE} <= {"near", "context"}
    assert {fits[id].skill for id in CLOSE} == {"other"}


# 3. Context is no headline, pinned or not, and what is quoted beside the question is right in every figure.


def test_context_is_never_a_headline(pages: list[ekb.Brief], first: ekb.Brief) -> None:
    for page in (first, *pages):
        assert "context" not in {card.fit.tier for card in page.headline if card.fit}
    assert [card.fit.tier for card in first.headline if card.fit] == ["partial", "partial", "near"]
    assert {"noy-zhang-2023-writing-speed-quality"} <= {card.ref.id for card in first.context}


@pytest.mark.parametrize(
    ("figure", "value", "display", "n", "nature", "flag", "says"),
    [
        ("noy-zhang-2023-writing-speed-quality#time", -40, "−40%", 453, "observed", "independent", "ChatGPT access vs no access"),
        ("noy-zhang-2023-writing-speed-quality#quality", 18, "+18%", 453, "observed", "independent", "graded output quality"),
        ("indeed-2025-jobs-highly-transformed#high", 0.26, "26%", 2900, "modelled", "vendor", "could be highly changed"),
        ("wef-2025-jobs-created-displaced#created", 170e6, "170 million jobs", 1000, "forecast", "interested", "to be created"),
        ("wef-2025-jobs-created-displaced#displaced", 92e6, "92 million jobs", 1000, "forecast", "interested", "to be displaced"),
        ("wef-2025-jobs-created-displaced#net", 78e6, "78 million jobs", 1000, "forecast", "interested", "on balance"),
        ("wef-2025-skills-39#skills", 0.39, "39%", 1000, "forecast", "interested", "expected to change or date"),
    ],
)  # fmt: skip
def test_what_is_quoted_beside_the_question_is_right_in_every_figure(
    first: ekb.Brief, figure: str, value: float, display: str, n: int, nature: str, flag: str, says: str
) -> None:
    found = first.figures[figure]
    assert (found.value, found.display, found.nature, found.vendor["flag"]) == (value, display, nature, flag)
    assert found.n is not None
    assert found.n["value"] == n
    assert says in str(found)
    assert ("VENDOR" in str(found)) == (flag == "vendor")
    assert ("FORECAST" in str(found)) == (nature == "forecast")


# 4. A count that is the sample is no figure; a finding without an effect prints its direction.


def test_how_many_applications_were_sent_is_never_a_figure(kb: ekb.KnowledgeBase, pages: list[ekb.Brief]) -> None:
    assert not [f.id for page in pages for f in page.figures.values() if f.value == 40_000 and "neumark" in f.id]
    card = ekb.finding_card(kb, "age-callbacks-40k-neumark-2019")
    assert [(figure.value, figure.display) for figure in card.figures] == [
        (None, "decrease in"),
        (None, "mixed results for"),
    ]
    for figure in card.figures:
        assert figure.n is not None
        assert (figure.n["value"], figure.n["qualifier"]) == (40_000, "more_than")
        assert "n = more than 40,000 applications" in str(figure)


def test_a_figure_without_a_number_tells_its_direction_in_words(pages: list[ekb.Brief]) -> None:
    bare = [f for page in pages for f in page.figures.values() if f.value is None and f.range is None]
    assert {figure.display for figure in bare} <= {
        "increase in", "decrease in", "no difference detected in", "mixed results for"
    }  # fmt: skip
    assert {figure.display for figure in bare} >= {"increase in", "decrease in"}


# 5. A page changes when its evidence changes, and only then.


@pytest.fixture(scope="module")
def records() -> Pack:
    """The shipped records, without the claims: these may not rest on what is withdrawn below."""
    held: Pack = {name: [] for name in LISTS}
    for raw in read_pack(DATA).records:
        held[LISTED[raw.kind]].append(raw.data)
    return {**held, "claims": []}


def digests(pack: Pack, folder: Path) -> dict[str, tuple[str, frozenset[str]]]:
    """Digest and records of the page of each question; a page shows all, so that nothing is only counted."""
    ekb.build(write(pack, folder / "pack"), folder / "pack.ekb")
    with ekb.load(folder / "pack.ekb") as kb:
        return {
            f"{page.ref.kind}:{page.ref.id}": (page.digest, page.depends_on)
            for page in ekb.briefs(kb, questions(kb), cards=10_000)
        }


@pytest.fixture(scope="module")
def before(records: Pack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, frozenset[str]]]:
    return digests(records, tmp_path_factory.mktemp("before"))


def _changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    assert before.keys() == after.keys()
    return {id for id in before if before[id][0] != after[id][0]}


@pytest.mark.slow
def test_an_edit_that_no_page_shows_changes_no_digest(
    records: Pack, before: dict[str, tuple[str, frozenset[str]]], tmp_path: Path
) -> None:
    more = [*records["organizations"], {"id": "nobody-in-particular", "name": "Nobody in particular"}]
    assert _changed(before, digests({**records, "organizations": more}, tmp_path)) == set()


def _some_sources() -> list[str]:
    primaries = {
        citation["source"]
        for raw in read_pack(DATA).records
        if raw.kind == "finding"
        for citation in raw.data["citations"]
        if citation["role"] == "primary"
    }
    # Few, since each costs a build of the whole pack; tests/properties/test_changes.py asks the same of made-up packs.
    return [*sorted(primaries)[:: max(1, len(primaries) // 6)], "noy2023experimental", "pytorch2024review"]


@pytest.mark.slow
@pytest.mark.parametrize("source", _some_sources())
def test_a_retraction_changes_exactly_the_pages_that_depend_on_the_source(
    records: Pack, before: dict[str, tuple[str, frozenset[str]]], tmp_path: Path, source: str
) -> None:
    edited = deepcopy(records)
    (record,) = [record for record in edited["sources"] if record["id"] == source]
    record.setdefault("standing", {}).setdefault("events", []).append({"status": "retracted", "on": "2026-11"})
    resting = {id for id, (_, depends_on) in before.items() if f"source:{source}" in depends_on}
    assert _changed(before, digests(edited, tmp_path)) == resting
    assert resting


# 6. An absent interval says which absence it is.


def test_not_printed_is_said_only_where_the_whole_text_was_read(kb: ekb.KnowledgeBase) -> None:
    seen = set()
    for finding in (kb.finding(id) for id in kb.ids("finding")):
        whole = any(c.read and c.read.what.closeness == 2 for c in finding.citations if c.role == "primary")
        for figure in ekb.finding_card(kb, finding.id).figures:
            if figure.no_interval:
                code = figure.no_interval["code"]
                seen.add((code, figure.no_interval["text"]))
                assert whole or code != "not_printed", figure.id
    assert {("not_seen", "no interval seen"), ("not_printed", "no interval printed")} <= seen


def test_only_an_abstract_was_read_so_the_interval_was_not_seen(first: ekb.Brief) -> None:
    figure = first.figures["noy-zhang-2023-writing-speed-quality#time"]
    assert figure.read is not None
    assert (figure.read["what"], figure.no_interval) == ("abstract", {"code": "not_seen", "text": "no interval seen"})
    assert "no interval seen" in str(figure)
    assert "printed" not in str(figure)


# 7. One page of an agency, two findings: a wage that was counted, a growth that is a forecast.


def test_a_wage_is_observed_and_its_growth_a_forecast(kb: ekb.KnowledgeBase) -> None:
    (wage, *_) = ekb.finding_card(kb, "bls-research-scientists-2022-pay-and-jobs").figures
    (growth,) = ekb.finding_card(kb, "bls-2022-research-scientists").figures
    assert (wage.value, wage.unit, wage.nature, wage.flags) == (136_620, "USD", "observed", ())
    assert (growth.value, growth.unit, growth.nature, growth.flags) == (23, "%", "forecast", ("FORECAST",))
    assert wage.cite["key"] == growth.cite["key"]


# 8. A claim in circulation has no figure and is never evidence.


def test_a_claim_in_circulation_is_never_evidence(kb: ekb.KnowledgeBase, pages: list[ekb.Brief]) -> None:
    untraced = set(kb.ids("untraced"))
    assert untraced
    assert untraced.isdisjoint(finding.id for finding in ekb.select_findings(kb, withdrawn=True))
    for id in untraced:
        card = ekb.untraced_card(kb, id)
        assert not hasattr(card, "figures")
        assert "figures" not in card.to_dict()
        with pytest.raises(ekb.UnknownIdError):
            ekb.rank_findings(kb, [id])
        with pytest.raises(ekb.UnknownIdError):
            ekb.finding_card(kb, id)
    titles = [ekb.untraced_card(kb, id).title for id in untraced]
    for page in pages:
        assert untraced.isdisjoint(page.findings)
        told = " ".join([*(item.answer for item in page.faq), *(answer.text for answer in page.answers)])
        assert [title for title in titles if title in told] == []


# 9. Context alone makes no page.


@pytest.mark.parametrize("at_least", ["direct", "partial", "near"])
def test_no_question_is_offered_whose_only_evidence_is_context(kb: ekb.KnowledgeBase, at_least: str) -> None:
    asked = list(ekb.questions(kb, of=("role", "skill"), at_least=at_least))
    step = max(1, len(asked) // 300)
    for page in ekb.briefs(kb, asked[::step], cards=10_000):
        counts = page.coverage
        assert (
            counts["direct"] or (at_least != "direct" and counts["partial"]) or (at_least == "near" and counts["near"])
        )
    slugs = {question.slug for question in asked}
    assert "nurse-x-pytorch" not in slugs


# The library holds rules, the pack holds facts.


def _texts_and_numbers() -> Iterator[tuple[str, str | float]]:
    """Every text and number of the code by file, docstrings left out: their examples name the shipped pack."""
    for file in sorted((REPO / "src").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and id(node) not in alone and isinstance(node.value, str | int | float):
                yield file.name, node.value
            elif isinstance(node, ast.Name):
                yield file.name, node.id


@pytest.fixture(scope="module")
def code() -> list[tuple[str, str | float]]:
    held = list(_texts_and_numbers())
    assert len(held) > 10_000
    return held


def _ids(kb: ekb.KnowledgeBase) -> set[str]:
    """Ids that only a pack can mean: with a digit, or of three words; others (``pay``, ``work-sample``) are plain English."""
    ids = {id for kind in dict.fromkeys(LISTS.values()) if kind != "waiver" for id in kb.ids(kind)}
    return {id for id in ids if re.search(r"\d", id) or id.count("-") > 1}


def test_no_id_of_the_pack_stands_in_the_code(kb: ekb.KnowledgeBase, code: list[tuple[str, str | float]]) -> None:
    ids = _ids(kb)
    assert len(ids) > 800
    pattern = re.compile(r"[A-Za-z0-9]+(?:[-.][A-Za-z0-9]+)*")
    found = {
        (file, word) for file, text in code if isinstance(text, str) for word in pattern.findall(text) if word in ids
    }
    assert found == set()


def test_no_name_of_the_pack_stands_in_the_code(kb: ekb.KnowledgeBase, code: list[tuple[str, str | float]]) -> None:
    labels = {
        label
        for (label,) in kb.rows(
            "SELECT label FROM concept UNION SELECT label FROM cohort UNION SELECT name FROM organization"
        )
    }
    labels |= {reference.label for reference in ekb.references(kb)}
    labels |= {finding.headline for finding in ekb.select_findings(kb, withdrawn=True)}
    several = {label.casefold() for label in labels if len(label.split()) > 1}
    assert len(several) > 400
    texts = {(file, text.casefold()) for file, text in code if isinstance(text, str) and " " in text}
    found = {(file, label) for file, text in texts for label in several if label in text}
    assert found == set()


def test_no_figure_of_the_pack_stands_in_the_code(kb: ekb.KnowledgeBase, code: list[tuple[str, str | float]]) -> None:
    """Numbers of three significant digits and more; a threshold of 5 or a limit of 2,000 means no figure."""
    figures = [f for finding in kb.ids("finding") for f in ekb.finding_card(kb, finding).figures]
    values = {abs(f.value) for f in figures if f.value is not None}
    values = {value for value in values if len(Decimal(str(value)).normalize().as_tuple().digits) > 2}
    assert len(values) > 50
    assert {(file, number) for file, number in code if not isinstance(number, str) and number in values} == set()
