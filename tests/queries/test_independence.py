"""Counting support: which findings are one study, why, and what nobody has said."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb.engines.studies import studies
from tests.records import Records, base_records, built, edited
from tests.studied import finding, linked, pack, source, support

CLAIM = "a-score-brings-replies"


def asked(folder: Path, records: Records) -> ekb.IndependentSupport:
    return ekb.independent_support(built(folder, records), CLAIM)


def with_third(records: Records, *stances: str, **fields: Any) -> Records:
    """The records with a third finding of a paper of its own, listed by the claim."""
    records["sources"].append(source("third2025"))
    records["findings"].append(finding("third", "third2025", **fields))
    for stance in stances or ("supports",):
        records["claims"][0]["supports"] += support("third", stance=stance)
    return records


def joins(study: ekb.Study) -> list[tuple[str, str, str, bool, str | None, str]]:
    return [(j.finding, j.other, j.reason, j.certain, j.extent, j.asserted_by) for j in study.joins]


def test_two_papers_that_nobody_has_compared_are_two_studies_and_it_says_what_is_not_known(tmp_path: Path) -> None:
    (held,) = asked(tmp_path, pack()).stances
    assert (held.stance, held.findings, held.sources, held.strict, held.lenient) == ("supports", 2, 2, 2, 2)
    assert held.pairs == {"new_data": 0, "not_known": 1}
    assert held.sentence == (
        "2 papers, 2 studies. 1 pair is not known to be dependent, since nobody has said anything about it."
    )


def test_a_version_pair_is_one_study_by_what_the_records_say(tmp_path: Path) -> None:
    found = asked(tmp_path, pack(sources__2__work="audit", sources__2__version="working paper, 2023"))
    (held,) = found.stances
    assert found.sentence == held.sentence == "2 papers, 1 study."
    (study,) = held.studies
    assert ([ref.id for ref in study.findings], study.works) == (["audit-2024-replies", "second"], ("audit",))
    assert joins(study) == [("audit-2024-replies", "second", "work", True, None, "records")]


def test_a_pool_and_a_site_are_one_study_and_the_link_says_who_asserts_it(tmp_path: Path) -> None:
    records = pack(**linked("includes", because="One of the two.", asserted_by="news2024"))
    (study,) = asked(tmp_path, records).stances[0].studies
    assert joins(study) == [("second", "audit-2024-replies", "includes", True, "all", "news2024")]
    assert study.joins[0].text == "One of the two"


@pytest.mark.parametrize("extent", ["part", "unknown"])
def test_data_shared_in_part_are_counted_both_ways(tmp_path: Path, extent: str) -> None:
    (held,) = asked(tmp_path, pack(**linked("shares_data", extent=extent))).stances
    assert (held.strict, held.lenient, held.pairs) == (2, 1, {"new_data": 0, "not_known": 0})
    assert held.sentence == "2 papers, 2 studies; 1 if those that may share data are one."
    assert [(j.reason, j.certain, j.extent) for j in held.perhaps] == [("shares_data", False, extent)]
    assert "may be one with" in str(held)


def test_one_provider_in_scope_may_be_one_study_and_out_of_scope_is_not(tmp_path: Path) -> None:
    tie = {"organization": "score-seller", "tie": "data_provider"}
    records = pack(sources__0__interests=[tie], sources__2__interests=[{**tie, "scope": ["second"]}])
    (held,) = asked(tmp_path / "in", records).stances
    assert (held.strict, held.lenient) == (2, 1)
    assert held.perhaps[0].text == "both use the data of score-seller; nobody says how much is shared"
    records["sources"][2]["interests"][0]["scope"] = ["third"]
    (held,) = asked(tmp_path / "out", with_third(records)).stances
    assert (held.strict, held.lenient) == (3, 3)
    assert held.perhaps == ()


def test_a_third_finding_joins_two_that_no_link_joins(tmp_path: Path) -> None:
    records = with_third(
        pack(**linked("shares_data", extent="all")),
        "qualifies",
        links=[{"type": "shares_data", "target": "second", "extent": "all"}],
    )
    records["claims"][0]["supports"] = [*support("audit-2024-replies", "third"), *support("second", stance="qualifies")]
    supports, qualifies = asked(tmp_path, records).stances
    assert (supports.strict, qualifies.strict) == (1, 1)
    assert [(j.finding, j.other) for j in supports.studies[0].joins] == [
        ("third", "second"),
        ("second", "audit-2024-replies"),
    ]


def test_stances_are_counted_apart(tmp_path: Path) -> None:
    records = with_third(pack(**linked("reanalyses")), "disputes")
    records["claims"][0]["supports"][1]["stance"] = "disputes"
    found = asked(tmp_path, records)
    assert [(held.stance, held.findings, held.strict) for held in found.stances] == [
        ("supports", 1, 1),
        ("disputes", 2, 2),
    ]
    assert found.sentence == "1 paper, 1 study."


def test_a_replication_is_said_to_rest_on_new_data(tmp_path: Path) -> None:
    (held,) = asked(
        tmp_path, with_third(pack(**linked("replicates", outcome="failed", criterion="Same sign.")))
    ).stances
    assert held.pairs == {"new_data": 1, "not_known": 2}
    assert "1 pair is said to rest on new data. 2 pairs are not known to be dependent" in held.sentence


def test_two_authors_in_one_setting_are_one_study_and_in_two_are_two(tmp_path: Path) -> None:
    team = [{"family": "Lind", "given": "Ana"}]
    here = {"sources__0__authors": team, "sources__2__authors": team, "findings__0__sample__place": "Oslo"}
    (held,) = asked(tmp_path / "one", pack(**here, findings__1__sample__place="Oslo")).stances
    assert (held.strict, held.studies[0].joins[0].reason) == (1, "team")
    (held,) = asked(tmp_path / "two", pack(**here, findings__1__sample__place="Lima")).stances
    assert (held.strict, held.lenient) == (2, 2)


def test_of_several_reasons_the_plainest_is_named(tmp_path: Path) -> None:
    team = [{"family": "Lind", "given": "Ana"}]
    records = pack(sources__0__authors=team, sources__2__authors=team, sources__2__work="audit")
    for found in records["findings"]:
        found["sample"]["place"] = "Oslo"
    assert asked(tmp_path / "work", records).stances[0].studies[0].joins[0].reason == "work"
    records["findings"][1]["links"] = [{"type": "reanalyses", "target": "audit-2024-replies"}]
    assert asked(tmp_path / "link", records).stances[0].studies[0].joins[0].reason == "reanalyses"


def test_a_claim_on_nothing_and_an_unknown_claim(tmp_path: Path) -> None:
    records = edited(base_records(), {"claims.0.supports": support("audit-2024-replies")})
    kb = built(tmp_path, records)
    assert ekb.independent_support(kb, CLAIM).sentence == "1 paper, 1 study."
    with pytest.raises(ekb.UnknownIdError):
        ekb.independent_support(kb, "no-such-claim")


def test_the_answer_is_plain_data_and_is_printed(tmp_path: Path) -> None:
    found = asked(tmp_path, pack(**linked("shares_data", extent="all")))
    assert json.loads(found.to_json()) == found.to_dict()
    assert pickle.loads(pickle.dumps(found)) == found
    assert str(found).splitlines()[2:] == [
        "  study 1: audit-2024-replies, second [audit, second2025]",
        "    second is one with audit-2024-replies: both rest on the same data (shares_data, extent all; curator)",
    ]


def test_every_claim_of_the_shipped_pack_is_counted() -> None:
    kb = ekb.load()
    for id in kb.ids("claim"):
        for held in ekb.independent_support(kb, id).stances:
            assert 1 <= held.lenient <= held.strict <= held.findings
            assert sum(len(study.findings) for study in held.studies) == held.findings
            for study in held.studies:
                assert len(study.joins) >= len(study.findings) - 1
                assert all(join.certain for join in study.joins)


# Union-find

BONDS = st.lists(
    st.tuples(
        st.sampled_from("abcdefgh"),
        st.sampled_from(["work", "link"]),
        st.sampled_from("uvwxyz"),
        st.integers(0, 1),
    ),
    max_size=20,
)


def classes(bonds: list[tuple[str, str, str, int]]) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Classes found the slow way: what is reached step by step."""
    found = {}
    for start in {name for name, *_ in bonds}:
        held = []
        for least in (1, 0):
            seen = {start}
            while True:
                marks = {(k, m) for f, k, m, c in bonds if f in seen and c >= least}
                more = seen | {f for f, k, m, c in bonds if (k, m) in marks and c >= least}
                if more == seen:
                    break
                seen = more
            held.append(frozenset(seen))
        found[start] = (held[0], held[1])
    return found


@given(BONDS)
def test_classes_are_what_bonds_lead_to_in_any_order(bonds: list[tuple[str, str, str, int]]) -> None:
    rows = list(studies(bonds))
    assert list(studies(bonds[::-1])) == rows
    slow = classes(bonds)
    assert {finding: (strict, lenient) for finding, strict, lenient in rows} == {
        finding: (min(strict), min(lenient)) for finding, (strict, lenient) in slow.items()
    }
