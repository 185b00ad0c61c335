"""All that rests on a source: what falls with it, and what keeps another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from tests.queries.small import estimate, finding, pack, source
from tests.records import Records, built


def citing(id: str, **fields: Any) -> dict[str, Any]:
    return {
        "source": id,
        "role": "primary",
        "basis": "own_data",
        "read": {"what": "abstract", "on": "2026-01-15"},
        **fields,
    }


@pytest.fixture
def records() -> Records:
    """Two findings of one trial in two versions, one of another study; a relay, a relay of it; and three claims."""
    first = finding("first", estimate("use", 12), about={"work": "measured"}, source="paper")
    first["citations"] += [
        {"source": "news", "role": "secondary", "names": "paper", "taken_from": "paper", "prints": {"x": "12%"}},
        {"source": "blog", "role": "secondary", "names": "news", "taken_from": "news", "prints": {"x": "12%"}},
    ]
    early = finding("early", estimate("use", 10), about={"work": "measured"}, source="draft")
    other = finding("other", estimate("use", 8), estimate("use", 3, "y"), about={"work": "measured"}, source="seller")
    other["citations"][0]["prints"] = {"x": "8%"}
    other["citations"].append(citing("paper", prints={"x": "8%", "y": "3%"}))
    other["links"] = [{"type": "replicates", "target": "first", "outcome": "successful", "criterion": "same sign"}]
    made = pack(
        [first, early, other],
        sources=[
            source("paper", work="trial", version="article", doi="10.5555/trial"),
            source("draft", work="trial", version="working paper"),
            source("seller", vendor="vendor", vendor_reason="It sells the product that was counted."),
            source("news", vendor="unknown", vendor_reason="Not looked into.", kind="news_article"),
            source("blog", vendor="unknown", vendor_reason="Not looked into either.", kind="blog_post"),
            source("idle"),
        ],
        concepts=[
            {
                "id": "work",
                "kind": "topic",
                "label": "work",
                "definition": {"text": "What people do.", "source": "paper"},
            },
            {"id": "use", "kind": "outcome", "label": "use"},
        ],
    )

    def claim(id: str, *rests: tuple[str, str]) -> dict[str, Any]:
        supports = [{"finding": f, "estimates": [e], "stance": "supports"} for f, e in rests]
        return {"id": id, "text": f"So says {id}.", "supports": supports}

    made["claims"] = [
        claim("falls", ("first", "x")),
        claim("weakens", ("first", "x"), ("other", "x")),
        claim("versions-are-one", ("first", "x"), ("early", "x")),
        claim("stands", ("other", "x")),
    ]
    return made


def test_what_loses_its_primary_source_and_what_keeps_another_is_told(tmp_path: Path, records: Records) -> None:
    with built(tmp_path, records) as kb:
        found = ekb.impact(kb, "paper")
    assert found.versions == ("draft",)
    assert {f.ref.id: (f.role, f.lost, [p.key for p in f.left]) for f in found.findings} == {
        "first": ("primary", ("x",), []),
        "other": ("primary", ("y",), ["seller"]),
    }
    assert {c.ref.id: (c.lost, c.keeps, [p.key for p in c.left]) for c in found.claims} == {
        "falls": (("first#x",), "nothing", []),
        "versions-are-one": (("first#x",), "nothing", []),
        "stands": ((), "others", ["seller"]),
        "weakens": (("first#x",), "others", ["seller"]),
    }
    assert found.relays == ("blog", "news")
    assert [str(tied) for tied in found.links] == ["finding other replicates first (successful)"]
    assert {str(tied) for tied in found.others} == {
        "concept work names it in definition.source",
        "finding first has a relay that credits it",
    }
    assert found.summary == (
        "without it 2 findings would have no primary source, 2 claims no support, and 2 claims no independent one"
    )


def test_it_is_said_in_sentences(tmp_path: Path, records: Records) -> None:
    with built(tmp_path, records) as kb:
        lines = [line.strip() for line in str(ekb.impact(kb, "paper")).splitlines()]
    assert lines[0].startswith("paper: Paper [nothing known]")
    assert "other versions of the work: draft" in lines
    assert "finding first loses the primary source of x" in lines
    assert "claim falls loses first#x and then nothing supports it" in lines
    assert "claim weakens loses first#x and keeps no independent primary source: Seller [vendor]" in lines
    assert "claim stands keeps all that it rests on" in lines
    assert "taken from it by blog and news" in lines


def test_a_claim_that_keeps_an_independent_source_says_which(tmp_path: Path, records: Records) -> None:
    with built(tmp_path, records) as kb:
        found = ekb.impact(kb, "seller")
    assert {c.ref.id: (c.lost, c.keeps) for c in found.claims} == {
        "stands": ((), "independent"),
        "weakens": ((), "independent"),
    }
    (other,) = found.findings
    assert str(other) == "finding other keeps its figures: Paper [independent]"


def test_a_relay_takes_no_figure_with_it(tmp_path: Path, records: Records) -> None:
    with built(tmp_path, records) as kb:
        found = ekb.impact(kb, "news")
        nothing = ekb.impact(kb, "idle")
    assert [str(f) for f in found.findings] == ["finding first keeps its figures: the source only passes them on"]
    assert (found.claims, found.relays) == ((), ("blog",))
    assert "nothing rests on it" in str(nothing)


def test_a_source_that_was_withdrawn_is_no_other_source(tmp_path: Path, records: Records) -> None:
    seller = next(s for s in records["sources"] if s["id"] == "seller")
    seller["standing"] = {"checked_on": "2026-01-15", "events": [{"status": "retracted", "on": "2025"}]}
    records["claims"] = [c for c in records["claims"] if c["id"] == "falls"]
    with built(tmp_path, records) as kb:
        found = ekb.impact(kb, "paper")
    assert {f.ref.id: f.lost for f in found.findings} == {"first": ("x",), "other": ("x", "y")}


def test_pages_are_concerned_by_what_they_depend_on(tmp_path: Path, records: Records) -> None:
    with built(tmp_path, records) as kb:
        page = ekb.brief(kb, topic="work")
        assert page.depends_on & ekb.impact(kb, "paper").depends_on
        assert not page.depends_on & ekb.impact(kb, "idle").depends_on


def test_it_is_plain_data_and_an_unknown_source_offers_the_nearest(tmp_path: Path, records: Records) -> None:
    with built(tmp_path, records) as kb:
        data = json.loads(ekb.impact(kb, "paper").to_json())
        assert data["claims"][0]["keeps"] == "nothing"
        assert data["source"]["id"] == "paper"
        with pytest.raises(ekb.UnknownIdError, match="Did you mean 'paper'"):
            ekb.impact(kb, "papers")
        with pytest.raises(ekb.UnknownIdError):
            ekb.impact(kb, "first")  # a finding, not a source


def test_impact_of_every_shipped_source_agrees_with_what_is_carried() -> None:
    with ekb.load() as kb:
        for key in kb.ids("source"):
            found = ekb.impact(kb, key)
            mine = {(f.ref.id, e) for f in found.findings for e in f.estimates}
            assert mine == set(kb.rows("SELECT finding, estimate FROM carried WHERE source = ?", (key,)))
