"""Words of a relay that may change the meaning and no number: proposed for a person to confirm, never proven."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from evidencekb.model import Estimate, Finding
from evidencekb.quantities import Kind, read_quantities
from evidencekb.rules.bases import other_months
from evidencekb.rules.people import PART_OF, Hint, aged, akin, compared, everyone, others
from evidencekb.rules.places import elsewhere
from evidencekb.rules.turning import (
    APART_BY,
    denied,
    fewer_times,
    had,
    level_as_difference,
    of_others,
    on_other_base,
    turned,
)
from evidencekb.rules.wider import opposites
from evidencekb.vocab import Design, DriftKind, Measure, Nature

_TRIALS = frozenset({Design.FIELD_EXPERIMENT, Design.LAB_EXPERIMENT, Design.CORRESPONDENCE_AUDIT, Design.SURVEY_EXPERIMENT,
                     Design.COMPUTATIONAL_AUDIT, Design.REGRESSION_DISCONTINUITY, Design.INSTRUMENTAL_VARIABLE})  # fmt: skip
_NEVER = r"(?!)"
"""Matches nothing: these words excuse themselves alone."""

_TABLE: tuple[tuple[DriftKind, str, str], ...] = (
    (DriftKind.CERTAINTY_RAISED, r"will|(?<!more )(?<!less )(?<!as )(?<!most )likely", _NEVER),
    (
        DriftKind.CERTAINTY_RAISED,
        r"certain(?:ly)?|proves?|proven|confirm(?:s|ed)?|always|guarantees?",
        _NEVER,
    ),
    (DriftKind.CERTAINTY_RAISED, r"randomi[sz]ed|controlled trial", r"random|controlled|draw|lottery|lot"),
    (
        DriftKind.CERTAINTY_RAISED,
        r"automated|taken over|replaced|taken|eliminated|at (?:high )?risk|threatened|wiped out|at stake",
        _NEVER,
    ),
    (
        DriftKind.SCOPE_WIDENED,
        r"everyone|everybody|(?<!real-)(?<!real )world|worldwide|global|globally|anywhere(?! (?:between|from))|universal(?:ly)?",
        r"all|every|everyone|everybody|world|worldwide|global|globally|total|whole|entire",
    ),
    (
        DriftKind.SCOPE_WIDENED,
        r"systems?|screeners?|employers?|companies|businesses",
        r"systems?|screen|tools?|employers?|compan|business|firms?",
    ),
    (
        DriftKind.SCOPE_NARROWED,
        r"advanced economies|big economies|large economies|rich countries|outside tech(?:nology)?|non-tech",
        r"advanced|big|large|rich|high-income|outside|non-tech",
    ),
    (DriftKind.DEFINITION_SWAPPED, r"productivity|efficien(?:t|cy)|output", r"productiv|efficien|output|produc"),
    (DriftKind.DEFINITION_SWAPPED, r"obsolete|useless|extinct", _NEVER),
    (DriftKind.DEFINITION_SWAPPED, r"unemploy(?:ed|ment)|jobless", _NEVER),
    (DriftKind.DEFINITION_SWAPPED, r"job loss(?:es)?|jobs lost|layoffs|lost jobs", r"lost|losses|layoff|displaced"),
    (DriftKind.DEFINITION_SWAPPED, r"hiring", r"hir|recruit|applicant|callback|vacanc"),
    (
        DriftKind.DEFINITION_SWAPPED,
        r"redundant|laid off|sacked|dismissed|fired|lost their jobs",
        r"redundan|laid off|layoff|fired|dismiss|lost their",
    ),
    (
        DriftKind.DEFINITION_SWAPPED,
        r"fined?|fines|(?<!child )(?<!wage )(?<!pay )(?<!hood )(?<!earnings )penalt(?:y|ies)|damages|verdict|guilty|convicted",
        r"fine|penalt|damage|verdict|guilt|convict",
    ),
    (
        DriftKind.DEFINITION_SWAPPED,
        r"depressed|depression|diagnos(?:ed|is)|disorders?|addicted",
        r"depress|diagnos|disorder|addict",
    ),
    (DriftKind.DATE_SHIFTED, r"today|currently|these days|nowadays|at present", r"today|current|these days|at present"),
    (DriftKind.DEFINITION_SWAPPED, r"job descriptions?|résumés|resumes", r"job descriptions?|résumé|resume"),
    (DriftKind.DEFINITION_SWAPPED, r"AI", r"ai\b|artificial|machine|model|chatbot|gpt"),
)
_HINTS = tuple(
    (kind, re.compile(rf"\b(?:{said})\b", re.IGNORECASE), re.compile(rf"\b(?:{held})", re.IGNORECASE))
    for kind, said, held in _TABLE
)
_CAUSE = re.compile(
    r"\b(?:caus(?:es?|ed|ing)|because of|due to|leads? to|led to|drives?|driven by|thanks to|results? in)\b",
    re.IGNORECASE,
)
_ALLEGED = re.compile(
    r"\b(?:alleg\w+|claims?|claimed|accus\w+|says?|said|sued|reportedly|complain\w*)\b", re.IGNORECASE
)
_DID = re.compile(
    r"\b(?:rejected|discriminated|scored|excluded|penali[sz]ed|refused|filtered|found|fired|dismissed|screened)\b",
    re.IGNORECASE,
)
_COULD = re.compile(
    r"\b(?:could|may|might|potential(?:ly)?|expect\w*|would|project\w*|forecast\w*|estimat\w*)\b", re.IGNORECASE
)


def worded(text: str, finding: Finding, e: Estimate | None, texts: Sequence[str]) -> Iterator[Hint]:
    """Kinds of drift that the words of a printed text suggest, each with the reason.

    Args:
        text: What the relay prints.
        finding: The finding that it relays.
        e: The estimate, if the text is of one.
        texts: The words of the finding's own fields.
    """
    if not _WORDY.search(text):
        return
    held = " | ".join((finding.headline, finding.statement, *texts))
    seen: set[DriftKind] = set()
    for kind, why in _hints(text, finding, e, held):
        if kind not in seen:
            seen.add(kind)
            yield kind, why


_WORDY = re.compile(r"[A-Za-z]{3}|\b(?:19|20)\d\d\b")


def _hints(text: str, finding: Finding, e: Estimate | None, held: str) -> Iterator[Hint]:
    lower = held.lower()
    for kind, said, known in _HINTS:
        if (found := said.search(text)) and found.group().lower() not in lower and not known.search(held):
            yield kind, f"'{found.group()}' stands in nothing recorded of the finding"
    yield from _nature(text, finding)
    yield from _elsewhere(text, held)
    yield from _halved(text, finding, e)
    yield from _dated(text, finding, e, lower)
    if finding.design not in _TRIALS and (found := _CAUSE.search(text)):
        yield DriftKind.CAUSE_ADDED, f"'{found.group()}' tells a {str(finding.design).replace('_', ' ')} as a cause"
    yield from others(text, e, lower)
    if e is not None:
        yield from everyone(text, e, held)
        yield from turned(text, e)
        yield from compared(text, e)
        yield from aged(text, held)
        yield from on_other_base(text, finding, e)
        yield from _months(text, finding, e)
        yield from fewer_times(text, e)
    if e is not None and e.measure is Measure.PROPORTION:
        if not APART_BY.search(e.label or ""):
            yield from level_as_difference(text)
        yield from had(text, e)
        yield from denied(text, e)
        yield from of_others(text, held)
    if e is not None and e.measure is Measure.PERCENT_CHANGE and (found := _SHARE_OF.search(text)):
        yield DriftKind.UNIT_CHANGED, f"'{found.group()}' tells a change as a share"


def _months(text: str, finding: Finding, e: Estimate) -> Iterator[Hint]:
    """A month that no estimate is of."""
    if any(re.search(r"\d{4}-\d\d", period) for period in (e.period or "",)):
        fields = " | ".join(filter(None, [finding.headline, finding.statement, *(o.period for o in finding.estimates)]))
        for month in other_months(text, fields):
            yield DriftKind.DATE_SHIFTED, f"'{month}' is none of the months recorded"


def _nature(text: str, finding: Finding) -> Iterator[Hint]:
    """Verbs that say more than the nature of the finding."""
    if finding.nature is Nature.ALLEGED and (found := _DID.search(text)) and not _ALLEGED.search(text):
        yield DriftKind.CERTAINTY_RAISED, f"'{found.group()}' tells what is alleged as what happened"
    if (
        finding.nature in (Nature.FORECAST, Nature.MODELLED)
        and (found := _WILL.search(text))
        and not _COULD.search(text)
    ):
        yield DriftKind.CERTAINTY_RAISED, f"'{found.group()}' tells a {finding.nature} figure as certain"
    if finding.nature is Nature.REPORTED and (found := _MEASURED.search(text)) and not _SAID.search(text):
        yield DriftKind.CERTAINTY_RAISED, f"'{found.group()}' tells what people say of themselves as measured"


def _elsewhere(text: str, held: str) -> Iterator[Hint]:
    """Another place, everybody for a part, and one side for its opposite."""
    for place in elsewhere(text, held):
        yield DriftKind.SCOPE_WIDENED, f"'{place}' is none of the places recorded"
    for word in opposites(text, held):
        yield DriftKind.GROUP_SWAPPED, f"'{word}' is the opposite of what is recorded"
    if (found := PART_OF.search(text)) and not akin(said := found[1] or found[2]).search(held):
        yield DriftKind.SCOPE_WIDENED, f"'{said}' are not those measured"


def _halved(text: str, finding: Finding, e: Estimate | None) -> Iterator[Hint]:
    """One of two things that are counted together: 'outdated' of 'transformed or outdated'."""
    for pair in _EITHER.finditer(f"{e.label if e and e.label else ''} | {finding.headline}"):
        said = [word for word in pair.groups() if re.search(rf"\b{word}\b", text, re.IGNORECASE)]
        if len(said) == 1:
            yield DriftKind.DEFINITION_SWAPPED, f"'{said[0]}' is half of '{pair.group()}'"


def _dated(text: str, finding: Finding, e: Estimate | None, held: str) -> Iterator[Hint]:
    """A year that nothing in the finding gives, or the first of a span as its last."""
    spans = [one for one in (e.period if e else None, finding.sample.period if finding.sample else None) if one]
    known = f"{held} {' '.join(spans)} {' '.join(other.period for other in finding.estimates if other.period)}"
    for q in read_quantities(text):
        if q.kind is not Kind.DATE or _SET_AGAINST.search(text[: q.start]):
            continue
        year = f"{q.last:.0f}"
        if year not in known and any(re.search(r"(?:19|20)\d\d", span) for span in spans):
            yield DriftKind.DATE_SHIFTED, f"{q.text} is none of the years recorded"
        elif re.search(r"\b(?:by|until) $", text[: q.start]) and any(f"{year}/" in span[:5] for span in spans):
            yield DriftKind.DATE_SHIFTED, f"{q.text} begins the time that it is to end"


_SET_AGAINST = re.compile(
    r"\b(?:than|as|up|down|that|those|levels?|peak|low|high) (?:in|from|of|since) $|\bsince $|\([^)]*$"
    r"|\b(?:up|down) from [^,;]*\b(?:in|of) $|\b(?:on|than|over) (?:\w+ )?$"
)
_EITHER = re.compile(r"\b([a-z]{6,}) or (?:to become |become |be )?([a-z]{6,})\b")
_MEASURED = re.compile(
    r"\b(?:measured|actual(?:ly)?|recorded|observed|tracked|verified|suffer\w*|saved|became|proven)\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:sa(?:y|ys|id)|report\w*|claim\w*|think|feel|felt|believe\w*|expect\w*|told|according|survey\w*|respondents|self|perceiv\w*)\b",
    re.IGNORECASE,
)


_SHARE_OF = re.compile(
    r"(?:%|\bpercent) of (?!the time\b)(?:\w+ ){0,2}(?:jobs|people|firms|companies|\w{3,}(?:ers|ants|ees|ents|ists))\b",
    re.IGNORECASE,
)
_WILL = re.compile(r"\b(?:will|already|now|likely|going to|set to)\b", re.IGNORECASE)
