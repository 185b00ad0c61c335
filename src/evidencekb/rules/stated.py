"""303 for headlines, statements and claims: what they say is carried, or told as a violation."""

from __future__ import annotations

from collections.abc import Sequence

from evidencekb.model import Claim, Estimate, Finding, Record
from evidencekb.quantities.directions import WORDS, read_directions
from evidencekb.quantities.words import BOUNDS, FACTORS, FOLDS, MONTHS, NAMED, ONES, PARTS, POINTS, TENS
from evidencekb.report import Subject, Violation
from evidencekb.rules.carriers import Look
from evidencekb.rules.groups import GROUPS
from evidencekb.rules.places import PLACE_WORDS
from evidencekb.rules.rule import Found, Rule
from evidencekb.rules.whose import Problem
from evidencekb.rules.wider import SIDES
from evidencekb.rules.wording import Wording
from evidencekb.vocab import Design, Measure, Qualifier, Stance

_LONGEST = 160
_COMMON = frozenset({"more", "than", "a", "of", "as", "an", "to"})


def finding_text(rule: Rule, finding: Finding, look: Look) -> Found:
    """303: the headline and the statement of a finding."""
    if at_a_glance(finding):
        return
    wording = Wording([finding], look)
    for field in ("headline", "statement"):
        for problem in wording.problems(getattr(finding, field)):
            yield _violation(rule, Subject("finding", finding.id), field, problem, finding.estimates)


def claim_text(rule: Rule, claim: Claim, look: Look) -> Found:
    """303: the text of a claim against the findings it rests on."""
    findings: list[Finding] = []
    estimates: list[Estimate] = []
    leading: list[Estimate] = []
    for support in claim.supports:
        record = look("finding", support.finding)
        if not isinstance(record, Finding):
            return  # 103 tells of it, and nobody knows what it holds
        named = [e for e in record.estimates if not support.estimates or e.id in support.estimates]
        findings.append(record)
        estimates += named
        leading += named if support.stance is Stance.SUPPORTS else ()
    if len({support.finding for support in claim.supports if support.stance is Stance.SUPPORTS}) > 1:
        leading = []  # what several findings show together may be told either way
    if not findings:
        return
    for problem in Wording(findings, look, estimates, leading).problems(claim.text):
        yield _violation(rule, Subject("claim", claim.id), "text", problem, estimates)


def says_something(claim: Claim) -> bool:
    """True if the text of a claim has a number, a group or a word of direction."""
    return next(Wording((), _nothing, ()).problems(claim.text), None) is not None or bool(read_directions(claim.text))


def _nothing(_: str, __: str) -> Record | None:
    return None


def _violation(rule: Rule, subject: Subject, field: str, problem: Problem, estimates: Sequence[Estimate]) -> Violation:
    variant, item, held = problem
    item = item if len(item) <= _LONGEST else f"{item[:_LONGEST]}…"
    return rule.violation(variant, subject, (field,), item=item, held=held or _all(estimates))


def _all(estimates: Sequence[Estimate]) -> str:
    return ", ".join(e.id for e in estimates[:6]) or "no estimate"


# A quick look at most texts: whole numbers and percents that stand in the record as they are, and one way for all changes.

_UP = frozenset(word for word, (sign, of) in WORDS.items() if sign > 0 and of == "amount") - {"up"}
_DOWN = frozenset(word for word, (sign, of) in WORDS.items() if sign < 0 and of == "amount")
_CAREFUL = frozenset().union(
    GROUPS, ONES, TENS, PARTS, FACTORS, FOLDS, POINTS, MONTHS, WORDS.keys() - _UP - _DOWN - {"up"},
    (word for bound in BOUNDS for word in bound if word not in _COMMON and word not in WORDS),
    PLACE_WORDS, SIDES,
    "african thousand million billion trillion percent pct cent standard sd times dozen hundred".split(),
)  # fmt: skip
_PLAIN = frozenset({Measure.PERCENT_CHANGE, Measure.PROPORTION, Measure.COUNT})
_MARKS = ".,;:()!?"


def at_a_glance(finding: Finding) -> bool:
    """True if a quick look shows that the headline and the statement are carried; False says nothing.

    It is taken at every finding of a pack, so it splits at spaces and looks words up; whatever is less than plain is left to
    a reading of the text.
    """
    text = f"{finding.headline} {finding.statement}".lower()
    words = text.split()
    odd = [word for word in words if not word.isalpha()]
    words += [bare for word in odd for bare in word.strip(_MARKS).split("-")]
    if not _CAREFUL.isdisjoint(words) or " up to " in text:
        return False
    if finding.design is _RATED and "will" in words:
        return False
    rises, falls = not _UP.isdisjoint(words), not _DOWN.isdisjoint(words)
    if rises and falls:
        return False
    held = {
        f"{count.n:.0f}" for count in (finding.sample.counts if finding.sample else ()) if count.qualifier is _EXACTLY
    }
    seen = set()
    for e in finding.estimates:
        value, measure = e.value, e.measure
        if value is None or measure not in _PLAIN or e.qualifier is not _EXACTLY or measure in seen:
            return False
        seen.add(measure)
        if measure is Measure.PERCENT_CHANGE:
            if (rises and value <= 0) or (falls and value >= 0):
                return False
            held.add(f"{abs(value):g}%")
        else:
            held.add(f"{value:g}" if measure is Measure.COUNT else f"{value * 100:g}%")
    return all((bare := word.strip(_MARKS)) in held or _is_plain(word, bare, words) for word in odd)


_RATED = Design.EXPOSURE_RATING
_EXACTLY = Qualifier.EXACTLY


def _is_plain(word: str, bare: str, words: list[str]) -> bool:
    """True for words with marks or hyphens, and for a whole number that names the word before it or ends a bracket."""
    if bare.isdigit():
        return word == f"{bare})" or words[words.index(word) - 1] in NAMED
    return bare.replace("-", "").isalpha()
