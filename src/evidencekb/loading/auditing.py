"""A sealed pack checked again on another engine, by the rules that are SQL texts."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING

from evidencekb.engines.adapter import Engine, told
from evidencekb.engines.schema import Table
from evidencekb.engines.tables import on
from evidencekb.engines.texts import names, text
from evidencekb.model import Waiver
from evidencekb.report import Place, Report, Severity, Skipped, Violation
from evidencekb.rules import check_tables, check_waivers, rules

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_NAMED = Table("named", ("kind", "id"), key=("kind", "id"))
_INSIDE = {
    "EKB103": "names inside one finding",
    "EKB106": "pages that repeat an untraced claim",
    "EKB203": "flags whose reason names nobody",
}
"""What a rule that asks tables looks for in single records besides."""
_ELSEWHERE = "it asks files or single records, not tables; it ran when the pack was built"


def audit(
    pack: str | PathLike[str],
    engine: str | SparkSession | Engine,
    *,
    scratch: str | None = None,
    today: datetime.date | None = None,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """Check a sealed pack again on another engine: what a build worked out is worked out anew, and every text is asked.

    The rules that cross records are SQL texts and find the same on every engine. The rules that look at one record alone,
    and a pack's own, ran when the pack was built; the report lists them as skipped.

    Args:
        pack: A sealed file, or a folder or URL of Parquet tables.
        engine: ``"sqlite"``, ``"duckdb"``, a ``postgresql://`` URL, a Spark session, ``"local[4]"`` or a ``spark://`` URL.
        scratch: For Spark, a folder or URL that all workers see; on one machine a temporary folder does.
        today: The day against which waivers are held; default: today.
        progress: Told what is being done.

    Returns:
        The report. A violation stands at the line of its record.

    Raises:
        EngineError: If the engine is not there, cannot be reached, or cannot read the tables.
        SealedFileError: If a file is cut, foreign, or written by another version.
        FileNotFoundError: If there is nothing at the path.

    Examples:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from evidencekb import build
        >>> with TemporaryDirectory() as folder:
        ...     _ = Path(folder, "pack.yaml").write_text("{name: mine, version: 1.0.0}")
        ...     _ = build(folder, Path(folder, "mine.ekb"))
        ...     audit(Path(folder, "mine.ekb"), "sqlite").ok
        True
    """
    tell = progress or (lambda _: None)
    tell("loading tables")
    with on(pack, engine, scratch=scratch) as tables, told(tables.engine):
        tell("running rules")
        return _examined(tables.engine, (today or datetime.date.today()).isoformat())


def _examined(engine: Engine, today: str) -> Report:
    meta = {row["name"]: row["value"] for row in engine.select("SELECT m.name, m.value FROM meta m")}
    others = {(row["kind"], row["id"]) for row in engine.select(text("audit/others"))}
    ran = {"EKB505", *(f"EKB{name.rpartition('/')[2]}" for name in names("rules"))}
    built = {*rules(), *json.loads(meta["report"])["checks"]["run"]}
    found: list[Violation] = []
    skipped: Counter[tuple[str, str]] = Counter({(code, _ELSEWHERE): 1 for code in built - ran})
    skipped |= Counter(
        {(code, f"{what}; they were checked when the pack was built"): 1 for code, what in _INSIDE.items()}
    )
    for result in check_tables(engine, _AllBut(others), alone=not others):
        if isinstance(result, Skipped):
            skipped[result.code, result.why] += result.count
        elif result.severity is Severity.ERROR or (result.subject.kind, result.subject.id) not in others:
            found.append(result)
    untraced = {row["id"] for row in engine.select("SELECT u.id FROM untraced u")}
    waivers = [w for w in _waivers(engine) if w.code in ran and not (w.code == "EKB106" and w.record in untraced)]
    return Report.of(
        meta["pack"],
        _placed(engine, list(check_waivers(found, waivers, today=today))),
        checks_run=ran,
        skipped=(Skipped(code, why, count) for (code, why), count in skipped.items()),
        records={row["kind"]: row["records"] for row in engine.select(text("audit/counts"))},
    )


@dataclass(frozen=True, slots=True)
class _AllBut:
    """Every record but a few, without a list of them all."""

    others: set[tuple[str, str]]

    def __call__(self, key: tuple[str, str]) -> bool:
        return key not in self.others


def _waivers(engine: Engine) -> Iterator[Waiver]:
    for row in engine.select(text("audit/waivers")):
        yield Waiver.model_validate_json(row["body"])


def _placed(engine: Engine, found: Sequence[Violation]) -> Iterator[Violation]:
    engine.make(_NAMED)
    engine.load(_NAMED, sorted({(violation.subject.kind, violation.subject.id) for violation in found}))
    places = {(row["kind"], row["id"]): Place(row["file"], row["line"]) for row in engine.select(text("audit/places"))}
    return (violation.at(places.get((violation.subject.kind, violation.subject.id))) for violation in found)
