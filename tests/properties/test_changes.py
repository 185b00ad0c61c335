"""When a record changes, exactly those pages change that rest on it, and their digests with them."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import given, reject, settings
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb import vocab
from evidencekb.model import LISTS
from evidencekb.testing import Pack, packs
from tests.properties.pages import every_page, opened, said
from tests.records import base_records, edited
from tests.records import built as records_built

SOME = settings(max_examples=settings().max_examples // 12)
FULL = packs(findings=(1, 6))
TERMS = {
    "act": vocab.LegalAct, "basis": vocab.Basis, "design": vocab.Design, "direction": vocab.Direction, "fit": vocab.CohortFit,
    "how": vocab.Bearing, "kind": vocab.SourceKind, "level": vocab.SampleLevel, "measure": vocab.Measure, "merits": vocab.Merits,
    "nature": vocab.Nature, "no_interval": vocab.Absence, "none_because": vocab.Absence, "outcome": vocab.ReplicationOutcome,
    "over": vocab.RangeOver, "qualifier": vocab.Qualifier, "relation": vocab.ConceptRelation, "stance": vocab.Stance,
    "status": vocab.StandingState, "tie": vocab.Tie, "type": vocab.LinkType, "vendor": vocab.VendorFlag, "what": vocab.ReadWhat,
}  # fmt: skip


class Edit(NamedTuple):
    """A change of one record: the list it stands in, its place there, the way to the value, and the pack afterwards."""

    listing: str
    id: str
    way: tuple[str | int, ...]
    after: Pack

    @property
    def record(self) -> str:
        return f"{LISTS[self.listing]}:{self.id}"


def ways(value: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to everything inside a record."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield (*way, step)
        yield from ways(inner, (*way, step))


@st.composite
def edits(draw: st.DrawFn, pack: Pack) -> Edit:
    """One record with one text, number or term changed, or one thing taken out."""
    after = deepcopy(pack)
    listing = draw(st.sampled_from([name for name, records in pack.items() if records]))
    record = draw(st.sampled_from(after[listing]))
    way = draw(st.sampled_from([way for way in ways(record) if way != ("id",)]))
    place: Any = record
    for step in way[:-1]:
        place = place[step]
    value, name = place[way[-1]], next(step for step in reversed(way) if isinstance(step, str))
    others = [term.value for term in TERMS.get(name, ()) if term != value]
    if isinstance(value, str) and value in [term.value for term in TERMS.get(name, ())]:
        place[way[-1]] = draw(st.sampled_from(others))
    elif isinstance(value, str) and name not in ("id", "basis") and draw(st.booleans()):
        place[way[-1]] = f"{value} again"
    elif isinstance(value, int | float) and draw(st.booleans()):
        place[way[-1]] = not value if isinstance(value, bool) else value + 1
    else:
        del place[way[-1]]
    return Edit(listing, record["id"], way, after)


def rebuilt(pack: Pack) -> list[ekb.Brief]:
    """The pages of a pack; none when the pack is refused."""
    try:
        with opened(pack) as kb:
            return every_page(kb, pack)
    except ekb.PackError:
        reject()


@SOME
@given(st.data(), FULL)
def test_a_page_that_changes_has_another_digest_and_named_the_record(data: st.DataObject, pack: Pack) -> None:
    edit = data.draw(edits(pack))
    changed = rebuilt(edit.after)
    for before, after in zip(rebuilt(pack), changed, strict=True):
        if said(before) != said(after):
            assert before.digest != after.digest, (edit.record, edit.way, before.ref.id)
            assert edit.record in before.depends_on | after.depends_on, (edit.record, edit.way, before.ref.id)


@SOME
@given(FULL)
def test_pages_with_one_digest_say_the_same(pack: Pack) -> None:
    with opened(pack) as kb:
        seen: dict[str, dict[str, Any]] = {}
        for page in (*every_page(kb, pack), *every_page(kb, pack, headlines=1), *every_page(kb, pack, cards=1)):
            assert seen.setdefault(page.digest, said(page)) == said(page)


def sound(pack: Pack) -> Pack:
    """The pack with nothing withdrawn in it, and without claims, which may not rest on what is withdrawn later."""
    return {**pack, "claims": [], "sources": [{**source, "standing": {}} for source in pack["sources"]]}


def retracted(pack: Pack, source: str) -> Pack:
    """The pack with a source withdrawn."""
    events = {"events": [{"status": "retracted"}]}
    return {**pack, "sources": [{**s, "standing": events} if s["id"] == source else s for s in pack["sources"]]}


@SOME
@given(st.data(), FULL)
def test_a_retraction_changes_exactly_the_pages_that_depend_on_the_source(data: st.DataObject, pack: Pack) -> None:
    pack = sound(pack)
    source = data.draw(st.sampled_from([source["id"] for source in pack["sources"]]))
    with opened(pack) as kb, opened(retracted(pack, source)) as after:
        for first, second in zip(every_page(kb, pack), every_page(after, pack), strict=True):
            named = f"source:{source}" in first.depends_on
            assert (first.digest != second.digest) == named, first.ref.id
            assert (said(first) != said(second)) == named, first.ref.id


@SOME
@given(st.data(), FULL, st.integers(0, 2))
def test_a_retraction_beyond_the_cards_of_a_page_is_named_too(data: st.DataObject, pack: Pack, cards: int) -> None:
    """Here a page may stay as it is: an older version that was kept off takes the place of the newer one in a count."""
    pack = sound(pack)
    source = data.draw(st.sampled_from([source["id"] for source in pack["sources"]]))
    with opened(pack) as kb, opened(retracted(pack, source)) as after:
        pages = zip(every_page(kb, pack, cards=cards), every_page(after, pack, cards=cards), strict=True)
        for first, second in pages:
            if first.digest != second.digest:
                assert first.depends_on & ekb.dependence_of(kb, f"source:{source}"), first.ref.id


# Examples that the properties above came upon


def test_a_page_that_rests_on_one_record_less_has_another_digest(tmp_path: Path) -> None:
    worker = {"id": "worker", "kind": "role", "label": "Worker"}
    about = [{"concept": "worker", "how": "measured"}, {"concept": "recruiter", "how": "measured"}]
    base = edited(base_records(), {"concepts.+": worker, "findings.0.about": about})
    at = [concept["id"] for concept in base["concepts"]].index("recruiter")
    linked = edited(base, {f"concepts.{at}.links": [{"to": "worker", "relation": "broader", "source": "editorial"}]})
    with records_built(tmp_path / "with", linked) as first, records_built(tmp_path / "without", base) as second:
        before, after = ekb.brief(first, role="recruiter"), ekb.brief(second, role="recruiter")
    assert before.depends_on - after.depends_on == {"concept:worker"}
    assert before.digest != after.digest


def test_a_page_rests_on_an_older_finding_together_with_the_newer_one_that_pushes_it_out(tmp_path: Path) -> None:
    about = [{"concept": "recruiter", "how": "measured"}]
    base = edited(base_records(), {"findings.0.about": about, "claims": []})
    newer = {
        **base["findings"][0], "id": "newer", "about": [], "links": [{"type": "supersedes", "target": "audit-2024-replies"}],
    }  # fmt: skip
    with records_built(tmp_path, edited(base, {"findings.+": newer})) as kb:
        page = ekb.brief(kb, role="recruiter", cards=0)
    assert {"finding:newer", "finding:audit-2024-replies", "source:audit2024"} <= page.depends_on


def test_another_version_of_a_work_that_was_withdrawn_says_so_also_without_findings(tmp_path: Path) -> None:
    draft = {
        "id": "draft", "kind": "working_paper", "title": "Made up", "number": "WP 9", "published_on": 2019, "work": "one-work",
        "version": "draft", "vendor": "independent", "vendor_reason": "Looked into it and found nobody who sells.",
        "standing": {"events": [{"status": "retracted"}]},
    }  # fmt: skip
    pack = edited(base_records(), {"sources.0.work": "one-work", "sources.+": draft})
    with records_built(tmp_path, pack) as kb:
        card = ekb.finding_card(kb, "audit-2024-replies")
    assert [figure.version["others"] for figure in card.figures] == [["draft (retracted)"]] * len(card.figures)


def test_a_finding_that_points_the_other_way_is_named_on_the_page_of_one_only_shown_beside_a_gap(
    tmp_path: Path,
) -> None:
    base = base_records()
    other = {
        **base["findings"][0],
        "id": "other-way",
        "links": [{"type": "contradicts", "target": "audit-2024-replies"}],
    }
    skill = {"id": "juggling", "kind": "skill", "label": "juggling"}
    aspect = {
        "id": "replies-asked", "label": "Replies", "outcomes": ["replies"], "wanted": ["effect", "level", "description"],
        "unanswered": "Nothing here counts it.", "questions": {"skill": "How many replies does {skill} get?"},
    }  # fmt: skip
    pack = edited({**base, "aspects": [aspect]}, {"findings.+": other, "concepts.+": skill})
    with records_built(tmp_path, pack) as kb:
        page = ekb.brief(kb, skill="juggling")
    named = {id for figure in page.figures.values() for id in figure.contradicted_by}
    assert named
    assert named <= set(page.findings)


def test_a_page_rests_on_what_a_claim_in_circulation_is_about(tmp_path: Path) -> None:
    thread = {
        "id": "thread", "headline": "Bots reject most", "status": "no_source_found", "say": "Nobody knows.",
        "cohorts": ["applicants"], "about": ["juggling"], "searched": [{"where": "the web", "on": 2026, "by": "a curator"}],
    }  # fmt: skip
    skill = {"id": "juggling", "kind": "skill", "label": "juggling"}
    with records_built(tmp_path, edited(base_records(), {"concepts.+": skill, "untraced.+": thread})) as kb:
        page = ekb.brief(kb, cohort="applicants")
    assert {"untraced:thread", "concept:juggling", "cohort:applicants"} <= page.depends_on
