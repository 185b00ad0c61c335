"""Answers to aspects: the sentence, its cards, or the gap that stands in their place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from evidencekb.answers import TIERS, Answer, Card, Caveat, FaqItem, Figure, Gap, Ref
from evidencekb.answers.codes import caveat
from evidencekb.answers.figures import told
from evidencekb.answers.naming import lowered
from evidencekb.answers.numbers import sentence
from evidencekb.answers.sentences import NOT_KNOWN, answer_lead, answer_text, gap_text, recorded_text, unanswered_text
from evidencekb.answers.stored import Known, of_different_works, searched_of
from evidencekb.errors import UnknownIdError
from evidencekb.names import near
from evidencekb.queries.bearing import OTHER
from evidencekb.queries.candidates import CONTEXT, Candidate, Candidates
from evidencekb.queries.desk import AspectText, Desk, Subject
from evidencekb.queries.subjects import Many, many

_MENTIONED = 2
_TOLD = 3


@dataclass(frozen=True, slots=True)
class Asking:
    """One aspect asked of a question: its words, and the findings that answer it or come nearest, best first.

    Attributes:
        aspect: The aspect.
        question: The question in words.
        answering: Findings of the page that answer it, context aside.
        nearest: When there are none: findings that measure the same of something else, and mention what was asked; else the
            strongest that measures the same.
    """

    aspect: AspectText
    question: str
    answering: tuple[str, ...]
    nearest: tuple[str, ...]


def aspects_of(desk: Desk, aspects: Many) -> tuple[AspectText, ...]:
    """The aspects asked, in the order asked; all of the pack when none is named.

    Raises:
        UnknownIdError: If there is no such aspect.
        QuestionError: If the list is empty.
    """
    held = desk.aspects()
    if aspects is None:
        return tuple(held.values())
    named = dict.fromkeys(many("aspects", aspects))
    for id in named:
        if id not in held:
            raise UnknownIdError("aspect", id, near(id, held))
    return tuple(held[id] for id in named)


def in_words(aspects: Iterable[AspectText], subjects: Sequence[Subject]) -> list[tuple[AspectText, str]]:
    """The aspects that have a template for the question's shape, each with its question in words."""
    values = {subject.ref.kind: subject.ref.label for subject in subjects}
    shape = "+".join(values)
    if subjects[0].ref.kind == "role":  # the first of the dimensions
        values.update(roles=subjects[0].name, role=lowered(subjects[0].ref.label))
    return [(a, sentence(a.templates[shape].format_map(values))) for a in aspects if shape in a.templates]


def match_aspects(
    desk: Desk,
    asked: Iterable[tuple[AspectText, str]],
    subjects: Sequence[Subject],
    shown: Collection[Candidate],
    known: Mapping[str, Known],
    beyond: Candidates | None,
) -> tuple[Asking, ...]:
    """Who answers each aspect.

    Args:
        desk: What is kept of the knowledge base.
        asked: Aspects with their questions in words.
        subjects: The asked subjects. In a mix an answer is about the asked skill, product or instrument, and not about the role
            or cohort alone; the nearest of a gap is measured on what an asked cohort is made of.
        shown: Candidates on the page.
        known: Their cards.
        beyond: All that bear on the question, when the page leaves some away; those that alone answer come back.
    """
    answering: dict[str, list[tuple[int, int, Candidate]]] = {}
    mentioned: dict[str, list[str]] = {}
    things = [at for at, subject in enumerate(subjects) if subject.ref.kind in _NAMED]
    recorded = {gap.aspect: gap for gap in reversed(recorded_gaps(desk, subjects))}
    unit = next((desk.unit(subject.ref.id) for subject in subjects if subject.ref.kind == "cohort"), "")
    places = {held.rank for held in shown}
    about = {w: all(w[at] < OTHER for at in things) for w in {held.weights for held in shown if held.tier < CONTEXT}}
    for held in shown:
        card = known[held.finding]
        if card.stops:
            continue  # pinned, and withdrawn: shown, and no answer
        for answered, said in card.answers.items():
            if about.get(held.weights):
                answering.setdefault(answered, []).append((held.tier, said.wanted, held))
            else:
                mentioned.setdefault(answered, []).append(held.finding)
    found = []
    for aspect, question in asked:
        answers = [held.finding for _, _, held in sorted(answering.get(aspect.id, ()))]
        if not answers and beyond:
            answers = [held.finding for held in beyond.answering(aspect.id, things, _TOLD, places)]
        near: Iterable[str] = ()
        if not answers and aspect.id in recorded:
            near = dict.fromkeys(figure.partition("#")[0] for figure in recorded[aspect.id].nearest)
        elif not answers:
            near = mentioned.get(aspect.id, [])[:_MENTIONED] or desk.strongest(aspect.id, unit)[:1]
        found.append(Asking(aspect, question, tuple(answers), tuple(near)))
    return tuple(_asked_once(found))


def _asked_once(found: Iterable[Asking]) -> Iterable[Asking]:
    """Each question once: of several aspects with the same one, the first that has an answer."""
    held: dict[str, Asking] = {}
    for asked in found:
        before = held.setdefault(asked.question.casefold(), asked)
        if asked.answering and not before.answering:
            held[asked.question.casefold()] = asked
    return held.values()


@dataclass(frozen=True, slots=True)
class _Said:
    """What follows from who answers an aspect and what was asked by name: kept, as neighbouring questions share it.

    Attributes:
        text: The answer without how it begins.
        first: The figures of the first card that are told, and they as a sentence.
        figures: All figures that answer; for a gap the nearest.
        caveats: What holds for all of them.
        claims: Claims that rest on them.
    """

    text: str
    first: tuple[tuple[Figure, ...], str]
    figures: tuple[Figure, ...]
    caveats: tuple[Caveat, ...]
    claims: tuple[Ref, ...]


def answer_of(
    desk: Desk,
    asked: Asking,
    subjects: Sequence[Subject],
    slug: str,
    cards: Mapping[str, Card],
    known: Mapping[str, Known],
) -> tuple[Answer, FaqItem]:
    """The answer to one aspect, from the cards of the page, at length and in short."""
    aspect = asked.aspect
    held = tuple([cards[id] for id in asked.answering])
    tier = held[0].fit.tier if held and held[0].fit else TIERS[CONTEXT]
    words = words_of(subjects) if tier in _MEASURED else None
    said = desk.once(
        "said", (aspect.id, asked.answering, asked.nearest, words), lambda: _said(desk, asked, words, known)
    )
    if not asked.answering:
        gap = _gap(desk, asked, subjects, slug, said)
        limit = caveat("gap", gap.id, gap.text, aspect=aspect.id, kind=gap.kind)
        short = NOT_KNOWN if gap.computed else f"Not known: {lowered(gap.text)}"
        answer = Answer(aspect.id, asked.question, None, f"{short} {said.text}", (), gap, (limit,))
        return answer, FaqItem(aspect.id, asked.question, short, (), (), True)
    text = answer_lead(tier, [subject.name for subject in subjects]) + said.text
    answer = Answer(aspect.id, asked.question, tier, text, held, None, said.caveats, said.figures, said.claims)
    figures, told_first = said.first
    item = FaqItem(aspect.id, asked.question, _LEADS[tier] + told_first, figures[:1], held[0].references, False)
    return answer, item


_MEASURED = TIERS[:2]
_LEADS = {"direct": "", "partial": "In part: ", "near": "Not measured itself; nearest: "}


def _said(desk: Desk, asked: Asking, words: re.Pattern[str] | None, known: Mapping[str, Known]) -> _Said:
    aspect = asked.aspect
    if not asked.answering:
        text = unanswered_text(aspect.unanswered, [known[id].named for id in asked.nearest])
        answering = (known[id].answers.get(aspect.id) for id in asked.nearest)
        nearest = tuple(said.figures[0] for said in answering if said)
        return _Said(text, ((), ""), nearest, (), ())
    held = [known[id].answers[aspect.id] for id in asked.answering]
    alike = [each for each in held if each.wanted == held[0].wanted]
    definitions = frozenset[str]().union(*(each.definitions for each in alike))
    caveats = []
    if len(definitions) > 1:
        text = f"The figures use {len(definitions)} definitions and are not averaged."
        caveats.append(caveat("definitions_differ", aspect.id, text, definitions=sorted(definitions)))
    claims = tuple(_claims(desk, asked.answering, known))
    first_told = of_different_works(known[id] for id in asked.answering)[:_TOLD]
    text = answer_text(
        [_told(desk, each.answers[aspect.id].about(words)) for each in first_told],
        len(held) - len(first_told),
        [*(limit.text for limit in caveats), *(claim.label for claim in claims)],
    )
    first = held[0].about(words)
    figures = tuple(figure for each in alike for figure in each.about(words))
    return _Said(text, (first, _told(desk, first[:1])), figures, tuple(caveats), claims)


def _told(desk: Desk, figures: tuple[Figure, ...]) -> str:
    """Figures of one finding as a sentence, kept: the same few answer many questions."""
    return desk.once("told", tuple([figure.id for figure in figures]), lambda: told(figures))


@lru_cache(1_000)
def _words(labels: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w){re.escape(label)}(?:s|es)?(?!\w)" for label in labels), re.IGNORECASE)


def words_of(subjects: Sequence[Subject]) -> re.Pattern[str] | None:
    """Finds the labels of the asked skills, products and instruments in the words of a figure."""
    labels = tuple([subject.ref.label for subject in subjects if subject.ref.kind in _NAMED])
    return _words(labels) if labels else None


_NAMED = frozenset({"skill", "product", "instrument"})


def _claims(desk: Desk, findings: Sequence[str], known: Mapping[str, Known]) -> Iterable[Ref]:
    """Claims that rest on several of these findings and on no other, and that none of the others disputes."""
    here = frozenset(findings)
    for id in sorted({claim for finding in findings for claim in known[finding].claims}):
        claim = desk.claim(id)
        if len(claim.supporting) > 1 and claim.supporting <= here and claim.disputing <= here:
            yield claim.ref


def _gap(desk: Desk, asked: Asking, subjects: Sequence[Subject], slug: str, said: _Said) -> Gap:
    """The gap in the place of an answer: a recorded one, or one that is worked out."""
    aspect = asked.aspect
    for gap in recorded_gaps(desk, subjects):
        if gap.aspect == aspect.id:
            return gap
    return Gap(
        id=f"computed:{aspect.id}:{slug}",
        kind="not_in_pack",
        aspect=aspect.id,
        question=slug,
        text=gap_text(aspect.label, [subject.name for subject in subjects]),
        nearest=tuple([figure.id for figure in said.figures]),
        as_of=as_of(desk),
    )


def recorded_gaps(desk: Desk, subjects: Sequence[Subject]) -> list[Gap]:
    """Recorded gaps whose every subject was asked, or holds what was asked: no other search speaks of this question."""
    found: dict[str, set[str]] = {}
    for subject in subjects:
        for id, about in subject.gaps:
            found.setdefault(id, set()).add(about)
    whole = sorted(id for id, about in found.items() if about == desk.gap_about(id))
    return [desk.once("gap", id, partial(_recorded_gap, desk, id)) for id in whole]


def _recorded_gap(desk: Desk, id: str) -> Gap:
    record = desk.kb.record("gap", id)
    kind = record.get("kind", "searched_none_found")
    nearest = desk.known(desk.standing(near["finding"] for near in record.get("nearest", ())))
    searched = searched_of(record)
    return Gap(
        id=id,
        kind=kind,
        aspect=record.get("aspect"),
        question=record["question"],
        text=recorded_text(kind, searched),
        searched=searched,
        nearest=tuple(known.card.figures[0].id for known in nearest.values() if known.card.figures),
        as_of=as_of(desk),
    )


def as_of(desk: Desk) -> str:
    """Which state of the pack a gap speaks of."""
    return desk.once("as_of", "", lambda: f"pack {desk.kb.version}, {desk.kb.built_on}")


def faq_of(items: Iterable[FaqItem]) -> tuple[FaqItem, ...]:
    """Questions with short answers; the first of each question."""
    held: dict[str, FaqItem] = {}
    for item in items:
        held.setdefault(item.question.casefold(), item)
    return tuple(held.values())
