"""What all contenders read: a generated pack, its triples, the questions, and the strength order of the sealed file."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.engines.triples import write_triples
from benchmarks.generator import generate

SEED = 1
QUESTIONS, WARMING = 2_000, 200

Fields = dict[str, Any]
Faults = dict[str, set[str]]
"""By rule code: ids of the findings, or of the sources (201), that break it. A rule that is not looked at has no entry."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about; a dimension that is left out is ``None``. Findings with a vendor's source are never wanted."""

    role: str | None = None
    skill: str | None = None
    cohort: str | None = None

    @property
    def given(self) -> tuple[str, ...]:
        """The ids asked about: role, skill, cohort."""
        return tuple(id for id in (self.role, self.skill, self.cohort) if id is not None)


DEEPEST = 32
NOWHERE = ("none_named", "unknown")
KINDS: dict[str, Callable[[Question], Question]] = {
    "role + skill + cohort": lambda q: q,
    "role": lambda q: Question(role=q.role),
    "skill": lambda q: Question(skill=q.skill),
    "cohort": lambda q: Question(cohort=q.cohort),
}
"""The kinds of question, each made from a full one."""


@dataclass(frozen=True)
class Pack:
    """A generated pack in a work folder, and what is made from it. Nothing is made before it is asked for.

    Attributes:
        work: The folder that holds all packs.
        findings: How many.
        broken: Whether one finding in a hundred breaks a rule.
    """

    work: Path
    findings: int
    broken: bool = False

    @property
    def name(self) -> str:
        """Names the files of this pack."""
        return f"{'broken' if self.broken else 'sound'}-{self.findings}"

    def file(self, ending: str) -> Path:
        """A file beside the pack's folder."""
        return self.work / f"{self.name}{ending}"

    @property
    def folder(self) -> Path:
        """The pack as JSON Lines; made when it is not there."""
        folder = self.work / self.name
        if not folder.is_dir():
            part = self.file(".part")
            shutil.rmtree(part, ignore_errors=True)
            made = generate(part, self.findings, seed=SEED, broken=self.broken)
            truth: dict[str, list[str]] = {}
            for code, id in sorted(made.broken):
                truth.setdefault(code, []).append(id)
            self.file(".truth.json").write_text(
                json.dumps({"sources": made.sources, "broken": truth}), encoding="utf-8"
            )
            part.rename(folder)
        return folder

    @property
    def truth(self) -> Faults:
        """What a check has to find."""
        _ = self.folder
        held = json.loads(self.file(".truth.json").read_text(encoding="utf-8"))["broken"]
        return {code: set(ids) for code, ids in held.items()}

    @property
    def triples(self) -> Path:
        """The pack as N-Triples; made when it is not there."""
        path = self.file(".nt")
        if not path.exists():
            part = self.file(".nt.part")
            write_triples(self.folder, part)
            part.rename(path)
        return path

    @property
    def yaml(self) -> Path:
        """The pack as YAML; made when it is not there."""
        folder = self.file("-yaml")
        if not folder.is_dir():
            part = self.file("-yaml.part")
            shutil.rmtree(part, ignore_errors=True)
            _write_yaml(self.folder, part)
            part.rename(folder)
        return folder

    @property
    def sealed(self) -> Path:
        """The sealed file; made by the task ``seal`` or ``build`` of the child."""
        return self.file(".ekb")

    @cached_property
    def ranks(self) -> dict[str, int]:
        """The place of each finding in the strength order of the sealed file, from 1; the same order for all contenders."""
        with self.file(".ranks.tsv").open(encoding="utf-8") as file:
            return {id: int(rank) for id, rank in (line.split("\t") for line in file)}

    def lines(self, name: str) -> Iterator[Fields]:
        """The records of a list, read with the standard library."""
        with (self.folder / f"{name}.jsonl").open("rb") as file:
            for line in file:
                yield json.loads(line)

    def hierarchy(self) -> dict[str, frozenset[str]]:
        """Each concept and cohort with all that lies above it, itself included."""
        broader = {
            record["id"]: [link["to"] for link in record.get("links", ()) if link["relation"] == "broader"]
            for record in self.lines("concepts")
        }
        broader |= {record["id"]: record.get("broader", []) for record in self.lines("cohorts")}
        above: dict[str, frozenset[str]] = {}

        def climb(id: str) -> frozenset[str]:
            if id not in above:
                above[id] = frozenset({id}).union(*(climb(other) for other in broader[id]))
            return above[id]

        for id in broader:
            climb(id)
        return above

    def filed(self) -> Iterator[tuple[int, str, bool, list[str], list[str]]]:
        """Each finding's rank, id, whether a primary source is a vendor's, roles and skills, and cohorts, strongest first."""
        vendors = {record["id"] for record in self.lines("sources") if record["vendor"] == "vendor"}
        ranks = self.ranks
        found = []
        for record in self.lines("findings"):
            vendor = any(c["role"] == "primary" and c["source"] in vendors for c in record["citations"])
            concepts = [link["concept"] for link in record["about"]]
            found.append(
                (ranks[record["id"]], record["id"], vendor, concepts, [c["cohort"] for c in record["cohorts"]])
            )
        return iter(sorted(found))

    def questions(self) -> tuple[list[Question], list[Question]]:
        """Questions to warm up with and questions to measure, drawn from the pack's own findings with a seed.

        Role and skill are those of a finding; half of the cohorts are its own, half lie above.
        """
        path = self.file(".questions.json")
        if not path.exists():
            part = self.file(".questions.json.part")
            part.write_text(json.dumps([asdict(question) for question in self._drawn()]), encoding="utf-8")
            part.rename(path)
        drawn = [Question(**asked) for asked in json.loads(path.read_text(encoding="utf-8"))]
        return drawn[:WARMING], drawn[WARMING:]

    def _drawn(self) -> Iterator[Question]:
        dice = random.Random(SEED)
        wanted = [dice.randrange(self.findings) for _ in range(WARMING + QUESTIONS)]
        needed, above = set(wanted), self.hierarchy()
        held = {
            at: (_concepts(record, "role"), _concepts(record, "skill"), [c["cohort"] for c in record["cohorts"]])
            for at, record in enumerate(self.lines("findings"))
            if at in needed
        }
        for at in wanted:
            roles, skills, cohorts = held[at]
            cohort = dice.choice(cohorts)
            if dice.random() < 0.5:
                cohort = dice.choice(sorted(above[cohort]))
            yield Question(dice.choice(roles), dice.choice(skills), cohort)


def _concepts(record: Fields, kind: str) -> list[str]:
    return [link["concept"] for link in record["about"] if link["concept"].startswith(f"{kind}-")]


def _write_yaml(folder: Path, out: Path) -> None:
    """The same records, one file a list, as PyYAML writes them."""
    import yaml

    out.mkdir()
    shutil.copy(folder / "pack.yaml", out / "pack.yaml")
    for path in sorted(folder.glob("*.jsonl")):
        records = [json.loads(line) for line in path.read_bytes().splitlines()]
        with (out / f"{path.stem}.yaml").open("w", encoding="utf-8") as file:
            yaml.dump({path.stem: records}, file, yaml.CSafeDumper, sort_keys=False, allow_unicode=True)


def out_of_range(measure: str, value: float, interval: Any) -> bool:
    """Whether a number cannot be, or lies outside of its own interval."""
    if (measure == "percent_change" and value < -100) or (measure == "proportion" and not 0 <= value <= 1):
        return True
    return interval is not None and not interval["lower"] <= value <= interval["upper"]
