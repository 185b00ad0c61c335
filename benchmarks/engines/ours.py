"""evidencekb at the same work; what it imports is imported before the clock starts, as are the packages of the others."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import evidencekb as ekb
from benchmarks.engines.measuring import Laps, asked, at, memory
from benchmarks.engines.packs import KINDS, Faults, Pack, Question
from evidencekb.engines.texts import text


def _warm() -> None:
    """Check an empty pack, so that all is imported that a check needs."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "pack.yaml").write_text("{name: empty, version: 1.0.0}", encoding="utf-8")
        ekb.check(folder)


def build(pack: Pack, laps: Laps) -> Faults:
    """Check and seal; a broken pack is refused, with its report."""
    folder, out = pack.folder, pack.sealed
    _warm()
    try:
        with laps("check and build"):
            report = ekb.build(folder, out, progress=lambda doing: laps.stage(_stage(doing)))
            laps.stage("")
    except ekb.PackError as refused:
        report = refused.report
    return _faults(report)


def _stage(doing: str) -> str:
    """The stage that a word of progress belongs to."""
    return "reading" if doing.startswith("reading") else doing


def models(pack: Pack, laps: Laps) -> Faults:
    """Each record through its model and back, in one process: the least that a build with every field checked has to do."""
    from evidencekb.model import KINDS as MODELS
    from evidencekb.model import LISTS

    paths = [path for path in pack.folder.glob("*.jsonl") if path.stem in LISTS]
    _warm()
    with laps("models"):
        for path in paths:
            model = MODELS[LISTS[path.stem]]
            with path.open("rb") as file:
                for line in file:
                    record = model.__pydantic_validator__.validate_json(line)
                    model.__pydantic_serializer__.to_json(record, exclude_defaults=True, by_alias=True)
    return {}


def rows(pack: Pack, laps: Laps) -> Faults:
    """The rows of all records into an SQLite file, with its indexes; what they are made of was read before the clock starts."""
    from evidencekb.engines import sqlite
    from evidencekb.engines.sealing import sealed_file
    from evidencekb.loading.lines import Reading, parts_of, read_part

    reading = Reading(str(pack.folder), "made up")
    parts = [part for path in sorted(pack.folder.glob("*.jsonl")) for part in parts_of(path, path.name, 2**21)]
    batches = [read_part(reading, part) for part in parts]
    with tempfile.TemporaryDirectory() as folder, sealed_file(Path(folder, "rows.ekb")) as connection, laps("rows"):
        for batch in batches:
            sqlite.insert(connection, "known", batch.tables.pop("known"), word="INSERT OR IGNORE")
            sqlite.load(connection, batch.tables)
        sqlite.index(connection)
    return {}


def check(pack: Pack, laps: Laps) -> Faults:
    """Check alone: all rules, not only the five that the others apply."""
    folder = pack.folder
    _warm()
    with laps("check"):
        report = ekb.check(folder)
    return _faults(report)


def _faults(report: Any) -> Faults:
    found: Faults = {code: set() for code in ("EKB101", "EKB102", "EKB103", "EKB201", "EKB301")}
    for violation in report.violations:
        if violation.code in found:
            found[violation.code].add(violation.subject.id)
    return found


def seal(pack: Pack) -> dict[str, Any]:
    """Build the sealed file if it is not there, and write out its strength order for the other contenders."""
    if not pack.sealed.exists():
        build(pack, Laps())
    ranks, part = pack.file(".ranks.tsv"), pack.file(".ranks.tsv.part")
    with ekb.load(pack.sealed) as kb, part.open("w", encoding="utf-8") as file:
        file.writelines(f"{id}\t{rank}\n" for id, rank in kb.rows("SELECT finding, rank FROM ranked ORDER BY rank"))
    part.rename(ranks)
    return {}


def prepare(pack: Pack, laps: Laps) -> Callable[[Question], list[str]]:
    """Open the sealed file."""
    with laps("prepare"):
        kb = ekb.load(pack.sealed)

    def ask(q: Question) -> list[str]:
        return list(ekb.select_strongest(kb, role=q.role, skill=q.skill, cohort=q.cohort, vendors=False, limit=3))

    return ask


def prepare_figures(pack: Pack, laps: Laps) -> Callable[[Question], list[str]]:
    """The same as figures: what a page prints, with source, flag and caveats."""
    with laps("prepare"):
        kb = ekb.load(pack.sealed)

    def ask(q: Question) -> list[str]:
        found = ekb.select_figures(kb, role=q.role, skill=q.skill, cohort=q.cohort, vendors=False, limit=3)
        return [figure.finding for figure in found]

    return ask


def prepare_figures_again(pack: Pack, laps: Laps) -> Callable[[Question], list[str]]:
    """The same when every question was asked before in this process, so that figures made on demand are there."""
    ask = prepare_figures(pack, laps)
    for question in pack.questions()[1]:
        for kind in KINDS.values():
            ask(kind(question))
    return ask


def briefs(pack: Pack, budget: float) -> dict[str, Any]:
    """Whole pages about a role and a skill, one after the other, in one process."""
    warming, questions = pack.questions()
    with ekb.load(pack.sealed) as kb:
        taken, _ = asked(lambda q: (ekb.brief(kb, role=q.role, skill=q.skill),), warming, questions, budget)
    return {"each": sum(taken) / len(taken), "p50": at(taken, 0.5), "p99": at(taken, 0.99), "asked": len(taken)}


def opening(pack: Pack) -> dict[str, Any]:
    """Open a sealed file in this fresh process, and ask a first question."""
    question, load, strongest = pack.questions()[1][0], ekb.load, ekb.select_strongest
    before, start = memory("VmRSS"), time.perf_counter()
    kb = load(pack.sealed)
    opened, grown = time.perf_counter() - start, memory("VmRSS") - before
    start = time.perf_counter()
    strongest(kb, role=question.role, skill=question.skill, cohort=question.cohort, vendors=False, limit=3)
    first = time.perf_counter() - start
    size = pack.sealed.stat().st_size / 2**20
    return {"open": opened, "grown": grown, "first": first, "grown after": memory("VmRSS") - before, "size": size}


CHAINS, REFERENCES = ("101", "102", "105"), ("103", "201")


def audit(pack: Pack) -> dict[str, Any]:
    """The packaged rules about chains, and those about all other references, over a sealed file."""
    found: dict[str, float] = {}
    with ekb.load(pack.sealed) as kb:
        for name, codes in (("chains", CHAINS), ("references", REFERENCES)):
            statements = [text(f"rules/{code}") for code in codes]
            start = time.perf_counter()
            found["found"] = sum([len(kb.rows(statement)) for statement in statements])
            found[name] = time.perf_counter() - start
    return found


def check_yaml(pack: Pack, laps: Laps) -> Faults:
    """Check the pack written as YAML."""
    folder = pack.yaml
    _warm()
    with laps("check"):
        return _faults(ekb.check(folder))


def load_yaml(pack: Pack, laps: Laps) -> Faults:
    """PyYAML's loader in C over the same files, no rules."""
    import yaml

    folder = pack.yaml
    with laps("load"):
        for path in folder.glob("*.yaml"):
            yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    return {}
