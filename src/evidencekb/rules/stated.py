"""303 for headlines, statements and claims: what they say is carried, or told as a violation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidencekb.model import Claim, Estimate, Finding, Record
from evidencekb.quantities.directions import WORDS
from evidencekb.quantities.words import BOUNDS, FACTORS, FOLDS, MONTHS, NAMED, ONES, PARTS, POINTS, TENS
from evidencekb.report import Subject
from evidencekb.rules.carriers import SIGNED, Look
from evidencekb.rules.groups import GROUPS
from evidencekb.rules.rule import Found, Rule
from evidencekb.rules.wording import Problem, Wording
from evidencekb.vocab import Measure, Qualifier, Stance

_LONGEST = 160


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
    return next(Wording((), _nothing, ()).problems(claim.text), None) is not None or _has_direction(claim.text)


def _has_direction(text: str) -> bool:
    return not WORDS.keys().isdisjoint(_TOKEN.findall(text))


def _nothing(_: str, __: str) -> Record | None:
    return None


def _violation(
    rule: Rule, subject: Subject, field: str, problem: Problem, estimates: tuple[Estimate, ...] | list[Estimate]
):  # type: ignore[no-untyped-def]
    variant, item, held = problem
    item = item if len(item) <= _LONGEST else f"{item[:_LONGEST]}…"
    return rule.violation(variant, subject, (field,), item=item, held=held or _all(estimates))


def _all(estimates: tuple[Estimate, ...] | list[Estimate]) -> str:
    return ", ".join(e.id for e in estimates[:6]) or "no estimate"


# A quick look at most texts: whole numbers and percents that stand in the record as they are, and one way for all changes.

_TOKEN = re.compile(r"[^\W\d_]+|[-−–+]?\d[\d.,]*%?|[$£€,()−–]")
_UP = frozenset(word for word, (sign, of) in WORDS.items() if sign > 0 and of == "amount")
_OTHER_WAYS = frozenset(WORDS) - _UP
_CAREFUL = frozenset().union(
    GROUPS, ONES, TENS, PARTS, FACTORS, FOLDS, POINTS, MONTHS, _OTHER_WAYS,
    (word for bound in BOUNDS for word in bound if word not in ("more", "than", "a", "of", "as", "an", "up", "to")),
    "$ £ € − – african thousand million billion percent cent standard sd times dozen hundred".split(),
)  # fmt: skip
_PLAIN = frozenset({Measure.PERCENT_CHANGE, Measure.PROPORTION, Measure.COUNT})


def at_a_glance(finding: Finding) -> bool:
    """True if a quick look shows that the headline and the statement are carried; False says nothing."""
    tokens = _TOKEN.findall(f"{finding.headline} . {finding.statement}".lower())
    words = set(tokens)
    if not _CAREFUL.isdisjoint(words):
        return False
    numbers = {token.rstrip(".,") for token in words if token[-1] in _ENDS or token[0] in _DIGITS}
    goes_up = not _UP.isdisjoint(words)
    held: set[str] = set()
    for e in finding.estimates:
        if e.value is None or e.measure not in _PLAIN or e.qualifier is not Qualifier.EXACTLY:
            return False
        if e.measure in SIGNED and goes_up and e.value <= 0:
            return False
        value = e.value * 100 if e.measure is Measure.PROPORTION else e.value
        held.add(f"{value:g}" if e.measure is Measure.COUNT else f"{value:g}%")
    held.update(
        f"{count.n:g}"
        for count in (finding.sample.counts if finding.sample else ())
        if count.qualifier is Qualifier.EXACTLY
    )
    return all(number in held or _is_label(number, tokens) for number in numbers)


_DIGITS = frozenset("0123456789")
_ENDS = _DIGITS | {"%"}


def _is_label(number: str, tokens: list[str]) -> bool:
    """True if a whole number stands behind a word that makes it a name, or alone before a bracket closes."""
    if not number.isdigit():
        return False
    for at, token in enumerate(tokens):
        if token == number:
            before, after = tokens[at - 1] if at else "", tokens[at + 1] if at + 1 < len(tokens) else ""
            if before not in NAMED and not (before == "," and after == ")"):
                return False
    return number in tokens
