"""What counting support returns: findings by study, and why they are one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evidencekb.answers.base import Answered
from evidencekb.answers.records import Ref

NOT_KNOWN = "not known to be dependent, since nobody has said anything about it"


@dataclass(frozen=True, slots=True)
class Join(Answered):
    """Why two findings count once, or may.

    Attributes:
        finding: Id of one finding.
        other: Id of the other.
        reason: includes, shares_data, reanalyses, supersedes, comment or another link; or what the records have in common: work,
            sample, team, part (two pools of one thing) or provider.
        certain: True when the two count once; false when they share some data, or nobody knows how much.
        extent: How much data is shared: all, part or unknown; None when nobody says.
        asserted_by: Citation key of the source that says so, ``curator``, or ``records`` for what was worked out.
        text: The reason in a sentence.
    """

    finding: str
    other: str
    reason: str
    certain: bool
    extent: str | None
    asserted_by: str
    text: str

    def __str__(self) -> str:
        weight = "pools" if self.reason == "includes" else "is one with"
        weight = weight if self.certain else "may be one with"
        extent = f", extent {self.extent}" if self.extent else ""
        return f"{self.finding} {weight} {self.other}: {self.text} ({self.reason}{extent}; {self.asserted_by})"


@dataclass(frozen=True, slots=True)
class Study(Answered):
    """Findings that count once.

    Attributes:
        findings: The findings, by id.
        sources: Citation keys of their primaries, sorted.
        works: The works these are versions of, sorted; a source of no work stands for itself.
        joins: Why the findings are one; a finding in between that the claim does not list may be named.
    """

    findings: tuple[Ref, ...]
    sources: tuple[str, ...]
    works: tuple[str, ...]
    joins: tuple[Join, ...]


@dataclass(frozen=True, slots=True)
class StanceSupport(Answered):
    """What a claim lists for one stance.

    Attributes:
        stance: supports, disputes or qualifies.
        findings: How many findings.
        sources: How many primary sources.
        strict: How many studies, if only what is certain is joined: the most there can be.
        lenient: How many, if all that may share data is joined too: the fewest that are known of.
        studies: The strict ones, those with most findings first.
        perhaps: Joins between them that are not certain.
        pairs: Pairs of findings in different studies even so, by what is known of them: ``new_data`` when a link says that one
            replicates the other on new data, else ``not_known``: nobody has said anything about the pair.
        sentence: The count in words.
    """

    stance: str
    findings: int
    sources: int
    strict: int
    lenient: int
    studies: tuple[Study, ...]
    perhaps: tuple[Join, ...]
    pairs: Mapping[str, int]
    sentence: str

    def __str__(self) -> str:
        lines = [f"{self.stance}: {self.sentence}"]
        for number, study in enumerate(self.studies, start=1):
            lines.append(f"  study {number}: {', '.join(ref.id for ref in study.findings)} [{', '.join(study.works)}]")
            lines += [f"    {join}" for join in study.joins]
        lines += [f"  perhaps: {join}" for join in self.perhaps]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class IndependentSupport(Answered):
    """How many studies stand behind a claim, each stance apart.

    That no link joins two findings is not independence: such pairs are counted as not known to be dependent.

    Attributes:
        claim: The claim.
        stances: One entry for each stance that it lists, supports first.
        sentence: The count for what supports it.
    """

    claim: Ref
    stances: tuple[StanceSupport, ...]
    sentence: str

    def __str__(self) -> str:
        return "\n".join([f"claim {self.claim.id}: {self.claim.label}", *map(str, self.stances)])


def count_text(noun: str, findings: int, sources: int, strict: int, lenient: int, pairs: Mapping[str, int]) -> str:
    """The count of one stance in words.

    Examples:
        >>> print(count_text("paper", 3, 3, 1, 1, {"new_data": 0, "not_known": 0}))
        3 papers, 1 study.
        >>> print(count_text("paper", 3, 2, 2, 1, {"new_data": 0, "not_known": 0}))
        3 findings in 2 papers, 2 studies; 1 if those that may share data are one.
        >>> print(count_text("source", 2, 2, 2, 2, {"new_data": 0, "not_known": 1}))
        2 sources, 2 studies. 1 pair is not known to be dependent, since nobody has said anything about it.
    """
    held = "" if findings == sources else f"{_many(findings, 'finding')} in "
    least = f"; {lenient} if those that may share data are one" if lenient < strict else ""
    parts = [f"{held}{_many(sources, noun)}, {_many(strict, 'study')}{least}."]
    if new := pairs["new_data"]:
        parts.append(f"{_many(new, 'pair')} {'is' if new == 1 else 'are'} said to rest on new data.")
    if unknown := pairs["not_known"]:
        what = NOT_KNOWN if unknown == 1 else NOT_KNOWN.replace("about it", "about them")
        parts.append(f"{_many(unknown, 'pair')} {'is' if unknown == 1 else 'are'} {what}.")
    return " ".join(parts)


def _many(number: int, noun: str) -> str:
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun[:-1]}ies" if noun.endswith("y") else f"{number} {noun}s"
