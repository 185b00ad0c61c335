"""brief, briefs and answer: what a pack knows about a subject, or a mix of subjects."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from evidencekb.__about__ import __version__
from evidencekb.answers import TIERS, Answer, Brief, Card, Exclusion, Figure, Gap, Question, Ref, UntracedCard
from evidencekb.answers.base import Fixed, fixed
from evidencekb.answers.naming import page_label, question_ref
from evidencekb.answers.numbers import sentence
from evidencekb.answers.sentences import summary
from evidencekb.answers.shapes import Coverage, Stamp
from evidencekb.answers.stored import Known, of_different_works
from evidencekb.errors import QuestionError
from evidencekb.queries.answering import Asking, answer_of, aspects_of, faq_of, in_words, match_aspects, recorded_gaps
from evidencekb.queries.candidates import CONTEXT, BearingRow, Candidate, Candidates, spelled, subjects_of, with_bearing
from evidencekb.queries.clusters import Group, cluster_of, groups_of
from evidencekb.queries.desk import AspectText, Desk, Subject, desk_of
from evidencekb.queries.fitting import Fitting
from evidencekb.queries.limits import merged, page_caveats, page_conflicts
from evidencekb.queries.subjects import Many, count, finding_ids, many, question_of
from evidencekb.queries.untraced import untraced_cards
from evidencekb.vocab import DIMENSIONS

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

CARDS_SHOWN = 30
"""So many findings that bear on a question a page shows unless told otherwise."""


def brief(
    kb: KnowledgeBase,
    *,
    role: str | None = None,
    skill: str | None = None,
    cohort: str | None = None,
    topic: str | None = None,
    outcome: str | None = None,
    product: str | None = None,
    instrument: str | None = None,
    aspects: Many = None,
    headlines: int = 3,
    pin: Many = None,
    cards: int = CARDS_SHOWN,
) -> Brief:
    """What this pack knows about a subject, or a mix of subjects.

    A finding's tag is not a measurement: each card carries its fit, and ``coverage`` counts how many answer the question
    directly, in part, nearly, or only as context. Withdrawn and reversed findings are left out, and a superseded version
    when the newer one was read at least as closely.

    Args:
        kb: The knowledge base.
        role: A role, by concept id.
        skill: A skill.
        cohort: A cohort.
        topic: A topic.
        outcome: An outcome.
        product: A product.
        instrument: An instrument.
        aspects: Ids of the aspects to ask, in this order; all of the pack when left out. An aspect without a question for
            this mix of subjects is not asked.
        headlines: At most so many cards in ``headline``: the nearest that have figures, one a work, and case papers after what
            was measured; a card of context never is one.
        pin: Ids of findings to show whatever their fit.
        cards: At most so many findings that bear on the question, the best fits first; ``coverage["beyond"]`` says how many
            are left away. Pinned findings, the nearest ones of a gap and those of cohorts come on top.

    Returns:
        The brief; ``str()`` gives text, ``to_markdown()``, ``to_jsonld()``, ``to_dict()`` and ``to_json()`` the rest. Cards
        come best fit first, then in the order of :func:`rank_findings`.

    Raises:
        QuestionError: If nothing is asked, a subject is of another kind, or a number is negative.
        UnknownIdError: If a subject, aspect or pinned finding does not exist.

    Examples:
        >>> from evidencekb import load
        >>> page = brief(load(), role="machine-learning-engineer", skill="pytorch", aspects=["callbacks", "pay"])
        >>> page.ref.id, page.coverage["direct"]
        ('machine-learning-engineer-x-pytorch', 0)
        >>> [(answer.aspect, answer.tier) for answer in page.answers]
        [('callbacks', None), ('pay', 'near')]
    """
    asked = {"role": role, "skill": skill, "cohort": cohort, "topic": topic,
             "outcome": outcome, "product": product, "instrument": instrument}  # fmt: skip
    desk = desk_of(kb)
    options = _options(desk, aspects, headlines, pin, cards)
    return _page(desk, question_of(kb, asked), options)


def briefs(
    kb: KnowledgeBase,
    questions: Iterable[Question | Mapping[str, str]],
    *,
    aspects: Many = None,
    headlines: int = 3,
    pin: Many = None,
    cards: int = CARDS_SHOWN,
    bearing: Iterable[Iterable[BearingRow]] | None = None,
) -> Iterator[Brief]:
    """The briefs of many questions, one after the other, in the order asked; each is made when it is taken.

    Args:
        kb: The knowledge base.
        questions: Questions as :func:`questions` gives them, or mappings such as ``{"role": "nurse"}``.
        aspects: As in :func:`brief`; so the other options.
        headlines: At most so many cards in ``headline``.
        pin: Findings to show on every page.
        cards: At most so many findings that bear on a question.
        bearing: For each question in turn, the findings that bear on its subjects as another engine found them: dimension,
            finding, place in the strength order, and weight of each. Default: as the file has them.

    Raises:
        QuestionError: If an option or a question cannot be asked.
        UnknownIdError: If a subject, aspect or pinned finding does not exist.

    Examples:
        >>> from evidencekb import load
        >>> pages = briefs(load(), [{"role": "nurse"}, {"skill": "pytorch"}])
        >>> [page.title for page in pages]
        ['Nurse: what is known', 'PyTorch: what is known']
    """
    given: object = questions  # callers without a type checker give anything
    if not isinstance(given, Iterable) or isinstance(given, Mapping | str):
        raise QuestionError(f"questions is {given!r}; give several, such as those of questions()")
    desk = desk_of(kb)
    options = _options(desk, aspects, headlines, pin, cards)
    asked = (_asked(kb, question) for question in questions)
    if bearing is None:
        return (_page(desk, question, options) for question in asked)
    return (_page(desk, question, options, rows) for question, rows in zip(asked, bearing, strict=True))


def answer(
    kb: KnowledgeBase,
    aspect: str,
    *,
    role: str | None = None,
    skill: str | None = None,
    cohort: str | None = None,
    topic: str | None = None,
    outcome: str | None = None,
    product: str | None = None,
    instrument: str | None = None,
) -> Answer:
    """What this pack says to one aspect of a subject, or of a mix of subjects: the same answer as in its brief.

    Args:
        kb: The knowledge base.
        aspect: Id of the aspect.
        role: The question, as in :func:`brief`; so the other options.
        skill: A skill.
        cohort: A cohort.
        topic: A topic.
        outcome: An outcome.
        product: A product.
        instrument: An instrument.

    Raises:
        QuestionError: If the aspect has no question for this mix of subjects; or as :func:`brief`.
        UnknownIdError: If the aspect or a subject does not exist.

    Examples:
        >>> from evidencekb import load
        >>> found = answer(load(), "callbacks", role="machine-learning-engineer", skill="pytorch")
        >>> found.question
        'Does naming PyTorch change callbacks for machine learning engineers?'
        >>> found.gap.kind
        'not_in_pack'
    """
    asked = {"role": role, "skill": skill, "cohort": cohort, "topic": topic,
             "outcome": outcome, "product": product, "instrument": instrument}  # fmt: skip
    desk = desk_of(kb)
    question = question_of(kb, asked)
    page = _page(desk, question, _options(desk, [aspect], 0, None, CARDS_SHOWN))
    if not page.answers:
        shapes = ", ".join(sorted(desk.aspects()[aspect].templates))
        raise QuestionError(f"the aspect {aspect!r} has no question about {question.shape}; it has some about {shapes}")
    return page.answers[0]


@dataclass(frozen=True, slots=True)
class _Options:
    """What was asked for beside the question, looked over once."""

    aspects: tuple[AspectText, ...]
    headlines: int
    pins: tuple[Known, ...]
    cards: int


def _options(desk: Desk, aspects: Many, headlines: int, pin: Many, cards: int) -> _Options:
    most, shown = count("headlines", headlines, least=0), count("cards", cards, least=0)
    none = isinstance(pin, Collection) and not isinstance(pin, str) and not pin
    pins = () if none else finding_ids(desk.kb, many("pin", pin))
    return _Options(aspects_of(desk, aspects), most, tuple(desk.known(pins).values()), shown)


def _asked(kb: KnowledgeBase, question: Question | Mapping[str, str]) -> Question:
    if isinstance(question, Question):
        # Its labels and slug are read again: anybody can make a question, and a slug becomes the name of a file.
        return question_of(kb, {name: ref.id for name, ref in question.asked.items()})
    if isinstance(question, Mapping):
        if unknown := [name for name in question if name not in DIMENSIONS]:
            raise QuestionError(f"a question names {', '.join(DIMENSIONS)}, not {unknown[0]!r}")
        return question_of(kb, question)
    raise QuestionError(f"{question!r} is no question; give a Question, or a mapping such as {{'role': 'nurse'}}")


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What a page shows, before it is put into words.

    Attributes:
        order: Candidates on the page, best fit first.
        known: Cards of these, and of all findings that contradict them.
        asked: The aspects, with who answers them.
        groups: The cohorts.
        contested: Findings whose conflicts the page shows: those that bear on the question, and pinned ones.
        beyond: How many candidates are left away.
        direct: How many findings answer directly, those left away included.
    """

    order: tuple[Candidate, ...]
    known: Mapping[str, Known]
    asked: tuple[Asking, ...]
    groups: tuple[Group, ...]
    contested: tuple[str, ...]
    beyond: int
    direct: int


def _page(desk: Desk, question: Question, options: _Options, rows: Iterable[BearingRow] | None = None) -> Brief:
    subjects = subjects_of(desk, question)
    if rows is not None:
        subjects = with_bearing(subjects, rows)
    chosen = _choose(desk, question, subjects, options)
    known = chosen.known
    fitting = Fitting(subjects)
    cards = {c.finding: fitting.card(known[c.finding], c) for c in chosen.order}
    pairs = [answer_of(desk, asked, subjects, question.slug, cards, known) for asked in chosen.asked]
    answers = tuple([answer for answer, _ in pairs])
    clusters = tuple(cluster_of(desk, group, question, subjects, cards) for group in chosen.groups)
    headline = _headlines(chosen, cards, options.headlines)
    first = {card.ref.id for card in headline}
    shown = [known[c.finding] for c in chosen.order]
    conflicts = page_conflicts(desk, chosen.contested, known)
    against = {ref.id: known[ref.id] for conflict in conflicts for ref in conflict.findings if ref.id not in cards}
    told = [*shown, *against.values()]
    everyone = [*told, *(each for id, each in known.items() if id not in cards and id not in against)]
    figures: dict[str, Figure] = {}
    definitions: dict[str, str] = {}
    for each in told:
        definitions.update(each.definitions)
    for each in shown:
        figures.update(each.figures)
    definitions.update((id, desk.definition_text(id)) for cluster in clusters for id in cluster.definitions)
    references = merged(told)
    gaps = _gaps(desk, subjects, answers)
    names = {subject.ref.kind: subject.name for subject in subjects}
    coverage = _coverage(chosen, len(gaps))
    threads = _threads(desk, shown)
    circulating = {card.ref.id: card for card in _circulating(desk, subjects, shown, chosen.groups)}
    figures.update((f.id, f) for conflict in conflicts for f in conflict.figures)
    caveats = page_caveats(desk, question.slug, shown, figures.values(), references, answers)
    outcomes = list(dict.fromkeys(figure.outcome.label for card in headline for figure in card.figures[:1]))
    page = Brief(
        ref=question_ref(question, names),
        question=question,
        title=f"{sentence(page_label(question, names))}: what is known",
        summary=summary([subject.name for subject in subjects], coverage, chosen.direct, outcomes),
        coverage=coverage,
        headline=headline,
        context=tuple(card for card in cards.values() if card.ref.id not in first),
        answers=answers,
        cohorts=clusters,
        conflicts=conflicts,
        caveats=caveats,
        gaps=gaps,
        faq=faq_of(item for _, item in pairs),
        exclusions=tuple(threads.values()),
        untraced=tuple(circulating.values()),
        figures=Fixed(figures),
        findings=Fixed({k.card.ref.id: k.summary for k in everyone}),
        definitions=Fixed(definitions),
        threads=Fixed(threads),
        circulating=Fixed(circulating),
        references=references,
        depends_on=frozenset(),
        digest="",
        stamp=_stamp(desk),
    )
    depends = _depends(desk, page, subjects, everyone, chosen)
    return replace(page, depends_on=depends, digest=_digest(desk, page, subjects, everyone, chosen))


def _choose(desk: Desk, question: Question, subjects: Sequence[Subject], options: _Options) -> _Chosen:
    """Findings that bear on the question, and what comes on top: pinned ones, the nearest of gaps, those of cohorts."""
    bearing = Candidates(desk, subjects)
    shown = {c.finding: c for c in bearing.first(options.cards)}
    strange: list[Candidate] = []
    for pinned in options.pins:
        _add(shown, strange, bearing, pinned.card.ref.id, pinned.rank)
    known = desk.known(shown)
    beyond = bearing if bearing.total > options.cards else None
    asked = match_aspects(desk, in_words(options.aspects, subjects), subjects, shown.values(), known, beyond)
    groups = tuple(groups_of(desk, question, shown))
    told = set(shown)
    extra = [id for each in asked for id in each.answering]
    extra += [id for group in groups for id in group.findings]
    extra += [id for each in asked for id in each.nearest]
    extra += [figure.partition("#")[0] for gap in recorded_gaps(desk, subjects) for figure in gap.nearest]
    known = {**known, **desk.known(dict.fromkeys(id for id in extra if id not in known))}
    for id in extra:
        _add(shown, strange, bearing, id, known[id].rank)
    order = tuple(sorted(shown.values()))
    contested = tuple([c.finding for c in order if c.finding in told and known[c.finding].conflicts])
    against = {conflict["other"]: None for id in shown for conflict in known[id].conflicts}
    known = {**known, **desk.known(id for id in against if id not in known)}
    away = bearing.total - len(order) + len(strange)
    direct = bearing.direct + sum([c.tier == 0 for c in strange])
    return _Chosen(order, known, asked, groups, contested, away, direct)


def _add(shown: dict[str, Candidate], strange: list[Candidate], bearing: Candidates, id: str, rank: int) -> None:
    """Put a finding on the page that stands on top; strange are those that do not bear on the question."""
    if id not in shown:
        shown[id], counted = bearing.of(id, rank)
        if not counted:
            strange.append(shown[id])


def _headlines(chosen: _Chosen, cards: Mapping[str, Card], most: int) -> tuple[Card, ...]:
    """The nearest cards that have figures, one a work or case; what a case paper says comes after what was measured."""
    near = [chosen.known[c.finding] for c in chosen.order if c.tier < CONTEXT]
    ordered = sorted((known for known in near if known.figures), key=lambda known: known.case_paper)
    return tuple(cards[known.card.ref.id] for known in of_different_works(ordered)[:most])


def _coverage(chosen: _Chosen, gaps: int) -> Coverage:
    counts = [0] * len(TIERS)
    for c in chosen.order:
        counts[c.tier] += 1
    coverage: Any = Fixed(zip(TIERS, counts, strict=True), gaps=gaps, beyond=chosen.beyond)
    return cast(Coverage, coverage)


def _gaps(desk: Desk, subjects: Sequence[Subject], answers: Sequence[Answer]) -> tuple[Gap, ...]:
    """Gaps in place of answers, then recorded ones about the same subjects."""
    held = [answer.gap for answer in answers if answer.gap] + recorded_gaps(desk, subjects)
    return tuple({gap.id: gap for gap in held}.values())


def _threads(desk: Desk, shown: Sequence[Known]) -> dict[str, Exclusion]:
    """Threads left out that bear on a finding shown, with those of the findings that are."""
    bears: dict[str, list[Ref]] = {}
    for known in shown:
        for id in known.exclusions:
            bears.setdefault(id, []).append(known.card.ref)
    found = {}
    for id in sorted(bears):
        thread, reason = desk.exclusion(id)
        found[id] = Exclusion(id, thread, reason, tuple(bears[id]))
    return found


def _circulating(
    desk: Desk, subjects: Sequence[Subject], shown: Sequence[Known], groups: Sequence[Group]
) -> tuple[UntracedCard, ...]:
    """Claims in circulation about what was asked, about a cohort shown or one that holds it, or next to a finding shown."""
    ids = {id for subject in subjects for id in subject.untraced}
    ids.update(id for known in shown for id in known.untraced)
    ids.update(id for group in groups for id in desk.untraced_on(group.cohort))
    return untraced_cards(desk, sorted(ids))


def _depends(
    desk: Desk, page: Brief, subjects: Sequence[Subject], everyone: Sequence[Known], chosen: _Chosen
) -> frozenset[str]:
    """Every record that the page rests on: what it shows, what decides the fits, and what it counts without showing."""
    held = set().union(*(subject.depends for subject in subjects), *(known.depends for known in everyone))
    held.update(*(asked.aspect.depends for asked in chosen.asked))
    held.update(f"cohort:{cluster.cohort.id}" for cluster in page.cohorts)
    held.update(f"definition:{id}" for id in page.definitions)
    held.update(f"exclusion:{id}" for id in page.threads)
    held.update(f"untraced:{id}" for id in page.circulating)
    for card in page.circulating.values():
        held.update(f"{'cohort' if ref.kind == 'cohort' else 'concept'}:{ref.id}" for ref in card.about)
        held.update(f"finding:{near.finding.id}" for near in card.nearest)
    held.update(f"claim:{claim.id}" for answer in page.answers for claim in answer.claims)
    held.update(f"gap:{gap.id}" for gap in page.gaps if not gap.computed)
    if chosen.beyond:
        held.update(f"findings:{subject.ref.kind}:{subject.ref.id}" for subject in subjects)
    return frozenset(held)


def _digest(desk: Desk, page: Brief, subjects: Sequence[Subject], everyone: Iterable[Known], chosen: _Chosen) -> str:
    """The digest of all that the page says, its stamp left out.

    Cards count by the marks of their rows and by their weights, answers by their aspects and by who answers; what follows from
    these alone is not digested again.
    """
    parts = [
        __version__,
        page.question.slug,
        page.title,
        page.summary,
        repr(page.coverage),
    ]  # its sentences are the version's
    parts += [part for subject in subjects for part in (subject.ref.label, subject.mark)]
    parts += [c.finding + spelled(c.weights) for c in chosen.order]
    parts += [" ".join(chosen.contested)]
    parts += [card.ref.id for card in page.headline]
    parts += [known.mark for known in everyone]
    for asked in chosen.asked:
        parts += [asked.aspect.mark, asked.question, *asked.answering, *asked.nearest]
    for answered in page.answers:
        parts += [answered.text, *(figure.id for figure in answered.figures), *(claim.id for claim in answered.claims)]
    for cluster, group in zip(page.cohorts, chosen.groups, strict=True):
        parts += [cluster.cohort.label, cluster.relation, cluster.text, *group.findings]
        parts += [page.definitions[id] for id in cluster.definitions]
    parts += [gap.to_json() for gap in page.gaps if not gap.computed]
    parts += [f"{thread.id} {thread} {[ref.id for ref in thread.bears_on]}" for thread in page.exclusions]
    parts += [desk.once("untraced_mark", id, card.to_json) for id, card in page.circulating.items()]
    said = "\x1f".join(parts)
    return f"sha256:{hashlib.sha256(said.encode()).hexdigest()}"


def _stamp(desk: Desk) -> Stamp:
    names = ("pack", "version", "digest", "built_on")
    stamp: Stamp = desk.once(
        "stamp", "", lambda: fixed({**{name: desk.kb.stamp[name] for name in names}, "library": __version__})
    )
    return stamp
