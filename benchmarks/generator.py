"""A made-up pack of any size, the same for the same seed, for benchmarks and for tests that compare engines.

``python benchmarks/generator.py FOLDER FINDINGS`` writes one. All of its texts and figures are made up.

Sources are drawn by Zipf's law, so that a few carry many findings; one finding in twenty is relayed through a chain of one to
four hands; fifty cohorts stand in a hierarchy in which some have two parents; 300 roles and 2,000 skills, most below others;
one finding in twenty rests on two primary sources; one is relayed through 31 hands, as deep as a chain may be. With
``broken``, one finding in a hundred breaks a rule in a known way: a cited source that does not exist, no primary source,
a primary source without a flag, a chain that runs in a loop, a chain that leads into one, a number that cannot be, and one
chain of 33 hops.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any, TextIO

Fields = dict[str, Any]

COHORTS, ROLES, SKILLS, OUTCOMES = 50, 300, 2_000, 20
DESIGNS = (
    "field_experiment", "lab_experiment", "difference_in_differences", "adjusted_cross_section", "probability_survey",
    "convenience_survey", "descriptive_count", "official_count",
)  # fmt: skip
FLAGS = ("independent",) * 6 + ("vendor",) * 3 + ("interested",)
BREAKS = ("dangling", "unprimary", "unflagged", "loop", "tail", "range")
CODES = {
    "dangling": "EKB103", "unprimary": "EKB101", "unflagged": "EKB201", "loop": "EKB102", "tail": "EKB102",
    "range": "EKB301", "deep": "EKB102",
}  # fmt: skip
"""The rule that each way of breaking a finding breaks."""


@dataclass(slots=True)
class Generated:
    """What was written.

    Attributes:
        folder: The pack's folder.
        findings: How many findings it has.
        sources: How many sources.
        broken: What ``check`` has to find: code, and id of the finding, or of the source that has no flag.
    """

    folder: Path
    findings: int
    sources: int
    broken: Counter[tuple[str, str]] = field(default_factory=Counter)


def generate(folder: Path, findings: int, *, seed: int = 1, broken: bool = False) -> Generated:
    """Write a pack of so many findings as JSON Lines, one finding at a time.

    Args:
        folder: Made when it is not there; files of the same names are replaced.
        findings: How many.
        seed: The same seed gives the same bytes.
        broken: Whether one finding in a hundred breaks a rule; such a pack can be checked and not built.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text("name: generated\nversion: 1.0.0\nlicence: CC0-1.0\n", encoding="utf-8")
    for name, records in _SMALL.items():
        with _opened(folder, name) as file:
            for record in records():
                _write(file, record)
    made = _Maker(findings, random.Random(seed), broken)
    with _opened(folder, "findings") as file:
        for record in made.findings():
            _write(file, record)
    with _opened(folder, "sources") as file:
        for record in made.sources():
            _write(file, record)
    with _opened(folder, "claims") as file:
        for record in made.claims():
            _write(file, record)
    return Generated(folder, findings, len(made.used), made.broken)


def _opened(folder: Path, name: str) -> TextIO:
    return (folder / f"{name}.jsonl").open("w", encoding="utf-8", newline="\n")


def _write(file: TextIO, record: Fields) -> None:
    file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")


_DIGITS = {"cohort": 2, "role": 3, "skill": 4, "outcome": 2, "definition": 2, "body": 2}


def _id(kind: str, n: int) -> str:
    """Numbers of one length, so that the order of a file is the order of its ids."""
    return f"{kind}-{n:0{_DIGITS[kind]}}"


SELLERS = range(30, 35)
"""Bodies that sell the product."""


def _organizations() -> Iterator[Fields]:
    for n in range(40):
        owned = {"part_of": _id("body", n % 5)} if n >= 35 else {}
        yield {"id": _id("body", n), "name": f"Body {n}"} | owned | ({"sells": ["product"]} if n in SELLERS else {})


def _ties(flag: str, n: int) -> Fields:
    """Ties that bear the flag out; one independent source in four has a publisher, who sells nothing."""
    if flag == "vendor":
        tie: Fields = {"organization": _id("body", SELLERS[n % 5]), "tie": "publisher", "sells": "product"}
    elif flag == "interested":
        tie = {"organization": _id("body", n % 30), "tie": "advocate"}
    elif n % 4 == 0:
        tie = {"organization": _id("body", n % 30), "tie": "publisher"}
    else:
        return {}
    return {"interests": [tie]}


def _concepts() -> Iterator[Fields]:
    for n in range(OUTCOMES):
        links = [{"to": _id("outcome", n % 4), "relation": "broader"}] if n >= 10 else []
        yield _concept("outcome", n, f"Outcome {n}", links)
    yield {"id": "product", "kind": "product", "label": "a product"}
    for kind, how_many, heads, families in (("role", ROLES, 10, 40), ("skill", SKILLS, 20, 200)):
        # Numbers are drawn by Zipf's law: what is asked for most stands lowest.
        leaves, middles = how_many - families, how_many - heads
        for n in range(how_many):
            if n >= middles:
                links = []
            elif n >= leaves:
                links = [{"to": _id(kind, middles + n % heads), "relation": "broader"}]
            else:
                links = [{"to": _id(kind, leaves + n % (families - heads)), "relation": "broader"}]
            yield _concept(kind, n, f"{kind.title()} {n}", links)


def _concept(kind: str, n: int, label: str, links: list[Fields]) -> Fields:
    return {"id": _id(kind, n), "kind": kind, "label": label} | ({"links": links} if links else {})


def _cohorts() -> Iterator[Fields]:
    """One in ten stands below two others."""
    for n in range(COHORTS):
        broader = [] if n < 5 else [_id("cohort", n % 5)] if n < 15 else [_id("cohort", 5 + n % 10)]
        if n >= 15 and n % 10 == 0:
            broader.append(_id("cohort", 5 + (n + 3) % 10))
        record = {
            "id": _id("cohort", n),
            "label": f"Group {n}",
            "meaning": f"People of the made-up group {n}.",
            "unit": "people",
        }
        yield record | ({"broader": broader} if broader else {}) | ({"on_pages": True} if n < 3 else {})


def _definitions() -> Iterator[Fields]:
    for n in range(OUTCOMES * 3):
        yield {
            "id": _id("definition", n), "of": _id("outcome", n % OUTCOMES), "basis": ["survey_answer"],
            "procedure": f"Way {n // OUTCOMES} of counting the made-up outcome {n % OUTCOMES}.",
        }  # fmt: skip


def _aspects() -> Iterator[Fields]:
    for n in range(4):
        yield {
            "id": f"aspect-{n}",
            "label": f"Aspect {n}",
            "questions": {
                "role": f"What of outcome {n} of {{roles}}?",
                "role+skill": f"What does {{skill}} do to outcome {n} of {{roles}}?",
                "skill": f"What does {{skill}} do to outcome {n}?",
            },
            "outcomes": [_id("outcome", n)],
            "wanted": ["effect", "level"],
            "unanswered": f"Nothing here measures outcome {n} for this.",
        }


_SMALL: dict[str, Callable[[], Iterator[Fields]]] = {
    "organizations": _organizations, "concepts": _concepts, "cohorts": _cohorts, "definitions": _definitions,
    "aspects": _aspects,
}  # fmt: skip


class _Zipf:
    """Numbers from 0 on, the n-th as often as 1 / (n + 1) says."""

    def __init__(self, most: int, dice: random.Random) -> None:
        self._weights = list(accumulate(1 / (n + 1) for n in range(most)))
        self._numbers = range(most)
        self._dice = dice

    def draw(self, k: int = 1) -> list[int]:
        return self._dice.choices(self._numbers, cum_weights=self._weights, k=k)


class _Maker:
    def __init__(self, findings: int, dice: random.Random, broken: bool) -> None:
        self._most, self._dice, self._breaks = findings, dice, broken
        self._primary = _Zipf(max(10, findings // 2), dice)
        self._roles, self._skills = _Zipf(ROLES, dice), _Zipf(SKILLS, dice)
        self.used: dict[str, str] = {}
        self.broken: Counter[tuple[str, str]] = Counter()

    def findings(self) -> Iterator[Fields]:
        for n in range(self._most):
            finding = self._finding(n)
            if self._breaks and n % 100 == 50:
                self._break(finding, BREAKS[n // 100 % len(BREAKS)])
            elif n == 1:
                self._relay(finding, 31)
            elif self._breaks and n == 2:
                self._relay(finding, 34)
                self._broke("deep", finding["id"])
            elif self._dice.random() < 0.05:
                self._relay(finding, self._dice.randint(1, 4))
            yield finding

    def _finding(self, n: int) -> Fields:
        dice = self._dice
        random_ = dice.random
        roles = dict.fromkeys(_id("role", r) for r in self._roles.draw(1 if random_() < 0.7 else 2))
        skills = dict.fromkeys(_id("skill", s) for s in self._skills.draw(dice.randint(1, 3)))
        about = [{"concept": c, "how": "measured" if random_() < 0.6 else "mentioned"} for c in (*roles, *skills)]
        cohorts = dict.fromkeys(_id("cohort", dice.randrange(COHORTS)) for _ in range(1 if random_() < 0.7 else 2))
        outcome = dice.randrange(OUTCOMES)
        definition = outcome + OUTCOMES * dice.randrange(3)
        around = dice.randint(-20, 20)
        value = (-50 if definition % 2 else 60) + around
        sample = dice.randint(30, 5_000)
        design = dice.choice(DESIGNS)
        primaries = dict.fromkeys(f"paper-{s}" for s in self._primary.draw(1 if random_() < 0.95 else 2))
        year = 2010 + n % 16
        effect = "more" if value > 0 else "less"
        finding: Fields = {
            "id": self._id(n),
            "headline": f"Group uses outcome {outcome} {abs(value)}% {effect} (made up, {n})",
            "statement": f"In a made-up sample of {sample} people outcome {outcome} stood {abs(value)}% {effect} than without.",
            "nature": "observed",
            "design": design,
            "sample": {"counts": [{"n": sample, "of": "people", "level": "analysed"}], "period": str(year - 1)},
            "cohorts": [{"cohort": cohort, "fit": "exact"} for cohort in cohorts],
            "about": about,
            "estimates": [self._estimate(definition, value, around)],
            "citations": [self._citation(source, year) for source in primaries],
        }
        if random_() < 0.3:
            other = dice.randrange(OUTCOMES)
            finding["estimates"].append({
                "id": "share", "outcome": _id("outcome", other), "definition": _id("definition", other), "measure": "proportion",
                "value": round(random_(), 2), "unit": "1", "no_interval": "not_printed",
            })  # fmt: skip
        return finding

    def _id(self, n: int) -> str:
        """Numbers with as many digits as the last one: the order of the file is the order of the ids."""
        return f"finding-{n:0{len(str(self._most))}}"

    def _estimate(self, definition: int, value: int, around: int) -> Fields:
        """What one definition counts points one way, and all of its intervals hold the same value: no two are in conflict."""
        estimate: Fields = {
            "id": "effect", "outcome": _id("outcome", definition % OUTCOMES), "definition": _id("definition", definition),
            "measure": "percent_change", "value": value, "unit": "%",
        }  # fmt: skip
        if self._dice.random() < 0.7:
            half = abs(around) + self._dice.randint(1, 9)
            estimate["interval"] = {"lower": max(value - half, -100), "upper": value + half}
        else:
            estimate["no_interval"] = "not_printed"
        return estimate | {"comparator": "those without"}

    def _citation(self, source: str, year: int) -> Fields:
        self._use(source)
        return {
            "source": source, "role": "primary", "basis": "own_data", "locator": f"p. {self._dice.randint(1, 40)}",
            "read": {"what": "full_text", "where": f"https://example.org/{source}", "on": "2026-05-01"},
        }  # fmt: skip

    def _use(self, source: str, flag: str = "") -> str:
        self.used.setdefault(source, flag or self._dice.choice(FLAGS))
        return source

    def _relay(self, finding: Fields, hands: int) -> None:
        """Pass the finding on from hand to hand, each hop a citation of its own."""
        before = finding["citations"][0]["source"]
        for hand in range(hands):
            relay = self._use(f"relay-{hand}-{self._dice.randrange(max(10, self._most // 50))}")
            finding["citations"].append(self._hop(relay, before))
            before = relay

    def _hop(self, source: str, origin: str) -> Fields:
        return {"source": source, "role": "secondary", "names": origin, "taken_from": origin}

    def _break(self, finding: Fields, how: str) -> None:
        id, citations = finding["id"], finding["citations"]
        del citations[1:], finding["estimates"][1:]
        finding |= {"headline": "Made-up finding that breaks a rule", "statement": "Nothing else is wrong with it."}
        finding["estimates"][0] = {
            "id": "effect", "outcome": _id("outcome", 0), "definition": _id("definition", 0), "measure": "percent_change",
            "value": 55, "unit": "%", "interval": {"lower": 40, "upper": 70}, "comparator": "those without",
        }  # fmt: skip
        if how == "dangling":
            citations[0]["source"] = f"nowhere-{id}"
        elif how == "unprimary":
            finding["citations"] = [
                {
                    "source": citations[0]["source"],
                    "role": "secondary",
                    "names": "none_named",
                    "taken_from": "none_named",
                }
            ]
        elif how == "unflagged":
            source = self._use(f"unflagged-{id}", "unknown")
            citations[0]["source"] = source
            self._broke(how, source)
            return
        elif how == "range":
            below = {"outcome": _id("outcome", 1), "definition": _id("definition", 1)}
            finding["estimates"][0] |= {**below, "value": -150, "interval": {"lower": -160, "upper": -40}}
        else:
            first, second = self._use(f"loop-{id}-a"), self._use(f"loop-{id}-b")
            citations += [self._hop(first, second), self._hop(second, first)]
            if how == "tail":
                citations.append(self._hop(self._use(f"tail-{id}"), first))
        self._broke(how, id)

    def _broke(self, how: str, id: str) -> None:
        self.broken[CODES[how], id] += 1

    def sources(self) -> Iterator[Fields]:
        for n, (source, flag) in enumerate(sorted(self.used.items())):
            relay = source.startswith("relay-")
            yield {
                "id": source, "kind": "news_article" if relay else "journal_article", "title": f"The made-up work {source}",
                "authors": [{"family": f"Author{n % 997}", "given": f"{chr(65 + n % 26)}."}],
                "published_on": "2026-01-15", "container": f"Journal {n % 300}", "volume": str(n % 60 + 1),
                "pages": f"{n % 900 + 1}-{n % 900 + 9}", "doi": f"10.5555/{source}",
                "vendor": flag, "vendor_reason": f"Made up for {source}.",
            } | _ties(flag, n)  # fmt: skip

    def claims(self) -> Iterator[Fields]:
        """One claim to a hundred findings, on findings that break nothing."""
        for n in range(0, self._most, 100):
            finding = self._id(n + 3 if n + 3 < self._most else n)
            yield {
                "id": f"claim-{self._id(n)}", "text": f"Made-up claim {n}.", "about": [_id("role", n % ROLES)],
                "supports": [{"finding": finding, "estimates": ["effect"], "stance": "supports"}],
            }  # fmt: skip


def main() -> None:
    """Write a pack into the folder named, and say what it holds."""
    folder, findings = Path(sys.argv[1]), int(sys.argv[2])
    made = generate(folder, findings, broken="broken" in sys.argv[3:])
    sys.stdout.write(
        f"{made.findings:,} findings, {made.sources:,} sources, {made.broken.total():,} broken, in {folder}\n"
    )


if __name__ == "__main__":
    main()
