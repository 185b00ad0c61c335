"""The worked examples of the record model, as they were agreed: they load, pass, and say what they were written to say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import evidencekb as ekb
from evidencekb.model import Concept
from tests.packs import codes

WORKED = Path(__file__).parent / "worked"


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> ekb.KnowledgeBase:
    out = tmp_path_factory.mktemp("worked") / "worked.ekb"
    ekb.build(WORKED, out)
    return ekb.load(out)


def test_they_have_no_errors_and_warn_of_primaries_that_nobody_read() -> None:
    report = ekb.check(WORKED)
    assert report.ok
    assert {(v.code, v.subject.id) for v in report if v.code != "EKB504"} == {
        ("EKB108", "noy-zhang-2023-wp-tasks"),
        ("EKB108", "eeoc-itutorgroup-2023-365k"),
    }


def test_the_article_takes_its_bibliography_from_the_bib_file(kb: ekb.KnowledgeBase) -> None:
    article = kb.source("noy2023experimental")
    assert [author.family for author in article.authors] == ["Noy", "Zhang"]
    assert (article.container, article.volume, article.published_on) == ("Science", "381", "2023-07")
    (reference,) = ekb.primary_sources(kb, "noy-zhang-2023-writing-speed-quality")
    assert reference.label == "Noy & Zhang, Science 381(6654)"


def test_a_relay_that_credits_one_version_and_prints_another_shows_both(kb: ekb.KnowledgeBase) -> None:
    (time, _) = ekb.trace(kb, "noy-zhang-2023-wp-tasks").estimates
    (relay,) = time.relays
    assert (relay.names, relay.taken_from, relay.prints) == ("noy2023experimental", "noy2023wp", "0.8 SD")
    assert [drift["kind"] for drift in relay.drift] == ["version_mixed"]
    assert time.hops == 1


def test_the_superseded_version_is_another_finding_with_its_own_sample(kb: ekb.KnowledgeBase) -> None:
    # It has a sample.
    assert [count.n for count in kb.finding("noy-zhang-2023-wp-tasks").sample.counts] == [444]  # type: ignore[union-attr]
    assert kb.source("noy2023wp").standing.state() == "superseded"
    figure = ekb.brief(kb, skill="llm-use").figures["noy-zhang-2023-writing-speed-quality#time"]
    assert figure.version["others"] == ["SSRN 4375283, spring 2023: n = 444, −0.8 SD, +0.4 SD"]


def test_allegation_and_decree_are_apart(kb: ekb.KnowledgeBase) -> None:
    alleged, decided = (kb.finding(id) for id in ("itutorgroup-2022-alleged-cutoffs", "eeoc-itutorgroup-2023-365k"))
    assert (alleged.nature, decided.nature) == ("alleged", "decided")
    assert str(kb.source("eeoc2022itutor-release").vendor) == "interested"
    figure = ekb.brief(kb, cohort="older-workers").figures["itutorgroup-2022-alleged-cutoffs#rejected"]
    assert figure.said == "more than 200 people: applicants said to be rejected by the rule"
    assert "ALLEGED" in str(figure)


def test_the_myth_is_no_finding_and_has_no_figure(kb: ekb.KnowledgeBase) -> None:
    trail = ekb.trace(kb, "unresolved-ats-rejects-75pct")
    assert (trail.ref.kind, trail.estimates, trail.missing) == ("untraced", (), ("a primary source: dead end",))
    with pytest.raises(ekb.UnknownIdError):
        kb.finding("unresolved-ats-rejects-75pct")


@pytest.mark.parametrize(
    ("found", "written", "code", "says"),
    [
        ("published_on: 2023\n", "published_on: twenty23\n", "EKB502", "is not a date"),
        ('arxiv: "2507.09089"', "arxiv: 2507.09089", "EKB502", "numbers lose zeros; quote it"),
        ('arxiv: "2507.09089"', "arxiv: 0123", "EKB501", "would lose its leading zero; quote it"),
        ("value: -40\n", 'value: "40%"\n', "EKB304", "is no number"),
        (
            "{kind: short_horizon, text: One sitting; no learning or later cost.}",
            "{kind: short_horizon, text: One sitting, no learning or later cost.}",
            "EKB502",
            "a comma cut this text; quote it",
        ),
        ("headline: ChatGPT cut", "headline: ChatGPT #1 cut", "EKB502", "a # cut this text"),
        (
            "      - literal: U.S. Equal",
            "      - [Doe, Jane]\n      - literal: U.S. Equal",
            "EKB502",
            "a mapping of fields",
        ),
        ("    work: noy-zhang  ", "    worc: noy-zhang  ", "EKB502", "did you mean 'work'?"),
    ],
)
def test_the_traps_of_yaml_are_refused_with_advice(
    tmp_path: Path, found: str, written: str, code: str, says: str
) -> None:
    shutil.copytree(WORKED, tmp_path, dirs_exist_ok=True)
    for path in tmp_path.glob("*.yaml"):
        text = path.read_text()
        if found in text:
            path.write_text(text.replace(found, written, 1))
            line = text[: text.index(found)].count("\n") + 1
            break
    else:
        pytest.fail(f"nothing holds {found!r}")
    said = [v for v in ekb.check(tmp_path) if v.code == code and says in v.message]
    assert said, [str(v) for v in ekb.check(tmp_path)]
    assert {(v.place.file, v.place.line) for v in said if v.place} == {(path.name, line)}


def test_a_bare_year_is_a_year_and_no_stays_a_word(tmp_path: Path) -> None:
    shutil.copytree(WORKED, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "noy-zhang.yaml"
    path.write_text(
        path.read_text()
        .replace("preregistered: yes", "")
        .replace("nature: observed", "preregistered: no\n    nature: observed", 1)
    )
    assert codes(ekb.check(tmp_path)) == {"EKB108"}
    ekb.build(tmp_path, tmp_path / "out.ekb")
    preregistered = ekb.load(tmp_path / "out.ekb").finding("noy-zhang-2023-writing-speed-quality").preregistered
    assert preregistered is not None
    assert str(preregistered.state) == "no"


def test_a_concepts_meaning_may_be_a_text_alone_and_is_then_the_editors(tmp_path: Path) -> None:
    short = Concept.model_validate({"id": "sql", "kind": "skill", "label": "SQL", "definition": "Asking tables."})
    assert short.definition is not None
    assert (short.definition.text, short.definition.source) == ("Asking tables.", "editorial")
