"""Findings filed under so many roles and skills that they stand in no list of pairs are found as all others are."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

import pytest

import evidencekb as ekb
from tests.queries.small import below, cohort, concept, estimate, finding, pack, source
from tests.records import Fields, Records, built

ROLES, SKILLS = [f"role-{at:02}" for at in range(14)], [f"skill-{at:02}" for at in range(10)]
BROADER = {
    **dict.fromkeys(ROLES[:4], "trade"), "trade": "occupation", ROLES[4]: "occupation",
    **dict.fromkeys(SKILLS[:3], "craft"), "craft": "ability", SKILLS[3]: "ability",
    # Of another kind than what holds them.
    SKILLS[8]: "trade", "topic-a": "craft", ROLES[13]: "topic-b",
}  # fmt: skip
KINDS = {
    **dict.fromkeys((*ROLES, "trade", "occupation"), "role"), **dict.fromkeys((*SKILLS, "craft", "ability"), "skill"),
    "topic-a": "topic", "topic-b": "topic",
}  # fmt: skip
WIDE = 64
"""A finding with more pairs of a role and a skill stands in none."""


class Made(NamedTuple):
    """A finding as it was made up: all that decides where it is found, and before which others."""

    id: str
    tags: frozenset[str]
    cohorts: frozenset[str]
    flag: str
    standing: str
    closely: bool

    @property
    def pairs(self) -> int:
        return sum(KINDS[tag] == "role" for tag in self.tags) * sum(KINDS[tag] == "skill" for tag in self.tags)

    @property
    def strength(self) -> tuple[bool, int, str]:
        return not self.closely, ["independent", "interested", "vendor"].index(self.flag), self.id


def made_up(seed: int) -> list[Made]:
    """Findings of every width: wide ones, those at the limit and just above it, and plain ones; one of the wide is withdrawn."""
    draw = random.Random(seed)
    sizes = [
        (14, 10),
        (13, 5),
        (9, 8),
        (8, 8),
        (16, 4),
        (14, 5),
        (13, 6),
        (1, 1),
        (2, 3),
        (3, 1),
        (4, 8),
        (0, 9),
        (12, 0),
    ]
    found = []
    for at, (roles, skills) in enumerate(sizes):
        tags = {
            *draw.sample([*ROLES, "trade", "occupation"], roles),
            *draw.sample([*SKILLS, "craft", "ability"], skills),
        }
        if draw.random() < 0.5:
            tags.add(draw.choice(["topic-a", "topic-b"]))
        found.append(
            Made(
                id=f"f{draw.randrange(100):02}-{at}",
                tags=frozenset(tags),
                cohorts=frozenset(draw.sample(["workers", "older", "oldest"], draw.randint(1, 2))),
                flag=draw.choice(["independent", "vendor", "interested"]),
                standing="retracted" if at == 5 else "",
                closely=draw.random() < 0.5,
            )
        )
    return found


def record_of(made: Made) -> Fields:
    fields = finding(
        made.id,
        estimate("pay", 5, "first", main=True),
        estimate("pay", 7, "second"),
        about=dict.fromkeys(sorted(made.tags), "measured"),
        on=dict.fromkeys(sorted(made.cohorts), "exact"),
    )
    if made.closely:
        fields["citations"][0]["read"]["what"] = "full_text"
        fields["citations"][0]["locator"] = "Table 1"
    return fields


def records_of(findings: list[Made]) -> Records:
    def links(id: str) -> Fields:
        return {"links": below(BROADER[id])} if id in BROADER else {}

    standing = {"retracted": {"events": [{"status": "retracted"}]}, "": {"checked_on": "2026-01-15"}}
    return pack(
        [record_of(each) for each in findings],
        concepts=[*(concept(kind, id, **links(id)) for id, kind in KINDS.items()), concept("outcome", "pay")],
        cohorts=[cohort("older", broader=["workers"]), cohort("oldest", broader=["older"])],
        sources=[source(each.id, vendor=each.flag, standing=standing[each.standing]) for each in findings],
    )


@pytest.fixture(scope="module", params=[1, 2, 3])
def case(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[ekb.KnowledgeBase, list[Made]]]:
    findings = made_up(request.param)
    with built(tmp_path_factory.mktemp("wide"), records_of(findings)) as kb:
        yield kb, findings


ABOVE = {**BROADER, "older": "workers", "oldest": "older"}


def steps(subject: str, tag: str) -> int | None:
    """How far a tag lies below a subject; None when it does not."""
    at, walked = tag, 0
    while at != subject:
        if at not in ABOVE:
            return None
        at, walked = ABOVE[at], walked + 1
    return walked


def matches(made: Made, asked: Mapping[str, str]) -> bool:
    return all(
        any(steps(subject, tag) is not None for tag in (made.cohorts if name == "cohort" else made.tags))
        for name, subject in asked.items()
    )


def weight(made: Made, name: str, subject: str) -> int:
    """0 measured itself, 1 what lies below it, 2 what holds it, 4 something else."""
    tags = made.cohorts if name == "cohort" else made.tags
    walked = [found for tag in tags if (found := steps(subject, tag)) is not None]
    if walked:
        return min(*walked, 1)
    return 2 if any(steps(tag, subject) is not None for tag in tags) else 4


def asked_of_all() -> Iterator[dict[str, Any]]:
    roles, skills = (
        [id for id, kind in KINDS.items() if kind == "role"],
        [id for id, kind in KINDS.items() if kind == "skill"],
    )
    yield {}
    yield from ({"role": role} for role in roles)
    yield from ({"skill": skill} for skill in skills)
    yield from ({"topic": topic} for topic in ("topic-a", "topic-b"))
    for role, skill in product(roles, skills):
        yield {"role": role, "skill": skill}
    for role, skill, group in product(
        ["trade", "occupation", *ROLES[::3]], ["craft", "ability", *SKILLS[::4]], ["workers", "older", "oldest"]
    ):
        yield {"role": role, "skill": skill, "cohort": group}
        yield {"role": role, "skill": skill, "topic": "topic-a"}
        yield {"role": role, "cohort": group}


def test_the_findings_made_up_are_of_every_width(case: tuple[ekb.KnowledgeBase, list[Made]]) -> None:
    kb, findings = case
    wide = {each.id for each in findings if each.pairs > WIDE}
    assert {id for (id,) in kb.rows("SELECT finding FROM wide")} == wide
    assert len(wide) >= 4
    assert {each.pairs for each in findings} >= {WIDE, WIDE + 1}
    assert not wide & {id for (id,) in kb.rows("SELECT DISTINCT finding FROM pair")}


@pytest.mark.parametrize("vendors", [True, False])
def test_the_strongest_are_those_that_a_look_at_every_finding_gives(
    case: tuple[ekb.KnowledgeBase, list[Made]], vendors: bool
) -> None:
    kb, findings = case
    standing = sorted((each for each in findings if not each.standing), key=lambda each: each.strength)
    for asked in asked_of_all():
        expected = [each.id for each in standing if matches(each, asked) and (vendors or each.flag != "vendor")]
        for limit in (1, 3, 20):
            found = ekb.select_strongest(kb, **asked, vendors=vendors, limit=limit)
            assert list(found) == expected[:limit], asked
        figures = ekb.select_figures(kb, **asked, vendors=vendors, limit=5)
        assert [figure.id for figure in figures] == [f"{id}#first" for id in expected[:5]]
        if vendors:
            assert [each.id for each in ekb.select_findings(kb, **asked)] == expected


def test_they_are_ranked_by_how_well_they_fit_and_then_by_strength(case: tuple[ekb.KnowledgeBase, list[Made]]) -> None:
    kb, findings = case
    ids = [each.id for each in findings]

    def place(each: Made, asked: Mapping[str, str]) -> tuple[object, ...]:
        weights = [weight(each, name, subject) for name, subject in asked.items()]
        nearest, farthest = min(weights, default=0), max(weights, default=0)
        tier = (0 if farthest <= 1 else 1) if nearest <= 1 else (2 if nearest < 4 else 3)
        return tier, sum(weights), 2 if each.standing else 0, *each.strength

    for asked in list(asked_of_all())[::5]:
        expected = sorted(findings, key=lambda each: place(each, asked))
        assert [each.id for each in ekb.rank_findings(kb, ids, **asked)] == [each.id for each in expected], asked
