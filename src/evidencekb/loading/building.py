"""Check a pack, and build the sealed file from one that has no errors."""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from os import PathLike
from pathlib import Path

from evidencekb.__about__ import __version__
from evidencekb.engines import sqlite
from evidencekb.engines.adapter import Engine
from evidencekb.engines.sealing import (
    content_digest,
    memory_tables,
    sealed_digest,
    sealed_file,
    table_digests,
    write_meta,
)
from evidencekb.errors import PackError
from evidencekb.loading.answered import Answered, ask_rules
from evidencekb.loading.assembling import Key, assemble
from evidencekb.loading.beside import beside, path_of, written_out
from evidencekb.loading.carding import add_cards, add_words, stores_cards, take_words, write_words
from evidencekb.loading.intake import Intake
from evidencekb.loading.printing import add_styles
from evidencekb.model.dates import last_day
from evidencekb.replacing import passing
from evidencekb.report import Place, Report, Severity, Skipped, Subject, Violation
from evidencekb.rules import check_records, check_tables, check_waivers, read_custom, rules
from evidencekb.rules.custom import field_path
from evidencekb.store import MANIFEST

Progress = Callable[[str], None]

BULK_BYTES = 64 * 1024
"""JSONL files of more bytes are read part by part: their records are never all in memory."""


def check(
    path: str | PathLike[str],
    *,
    today: datetime.date | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
) -> Report:
    """Read a pack and run every rule; all problems come out in one go.

    Args:
        path: The pack's folder.
        today: The day against which waivers are held; default: today.
        progress: Told what is being done.
        workers: Processes that read large JSONL files; default: one a core when there is much to read.

    Returns:
        The report: violations with file, line and column, worst first; checks run, skipped and failed.

    Raises:
        FileNotFoundError: If there is no such folder.
        NotADirectoryError: If the path is a file.

    Examples:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     _ = Path(folder, "pack.yaml").write_text("{name: mine, version: 1.0.0}")
        ...     check(folder).ok
        True
    """
    tell = progress or _silent
    tell("reading files")
    assembled = assemble(Path(path), bulk=BULK_BYTES)
    with closing(memory_tables()) as connection:
        intake = Intake(assembled, connection)
        intake.fill(tell, workers)
        tell("following links")
        sqlite.derive_links(connection)
        return _examine(intake, today or _today(), tell, sqlite.SQLite(connection))


def build(
    path: str | PathLike[str],
    out: str | PathLike[str],
    *,
    today: datetime.date | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
) -> Report:
    """Check a pack and seal it into one file.

    The file appears whole or not at all: it is written beside ``out`` and renamed. The same records give the same
    ``digest``, whatever files they stand in.

    Args:
        path: The pack's folder.
        out: The file to write, by custom with the ending ``.ekb``.
        today: The day against which waivers are held, kept as ``built_on``; default: today.
        progress: Told what is being done.
        workers: As in :func:`check`.

    Returns:
        The report, which holds no errors.

    Raises:
        PackError: If the pack has errors; nothing is written then.
        FileNotFoundError: If there is no such folder.
        OSError: If ``out`` cannot be written.
    """
    return _built(Path(path), Path(out), today or _today(), progress or _silent, references=True, workers=workers)


def build_unprinted(path: Path, out: Path) -> Report:
    """Seal a pack that is about to be read here: its references are printed when they are asked for.

    Raises:
        PackError: If the pack has errors.
    """
    return _built(path, out, _today(), _silent, references=False)


def _built(
    path: Path, out: Path, day: datetime.date, tell: Progress, *, references: bool, workers: int | None = None
) -> Report:
    tell("reading files")
    assembled = assemble(path, bulk=BULK_BYTES)
    with sealed_file(out) as connection, passing(path_of(connection).with_suffix(".words")) as words:
        intake = Intake(assembled, connection)
        with beside(active=intake.workers(workers) > 1) as other:
            intake.fill(tell, workers)
            part = path_of(connection)
            if other.active:
                written_out(connection)
            digests: dict[str, str] = {}
            worded = other.start(write_words, part, words)
            tell("following links")
            sqlite.derive_links(connection)
            if other.active:
                written_out(connection)
                asked = other.start(ask_rules, part, intake.alone)
                tell("working out answers")
                sqlite.derive_order(connection)
                rows, digests = asked()
                report = _examine(intake, day, tell, Answered(connection, rows))
            else:
                report = _examine(intake, day, tell, sqlite.SQLite(connection))
            if not report.ok:
                raise PackError(report)
            if other.active:
                tell("indexing words")
                worded()
                take_words(connection, words)
            else:
                tell("working out answers")
                sqlite.derive_order(connection)
                add_words(connection)
        _finish(intake, report, day, tell, references=references, digests=digests)
    return report


def build_without_errors(path: Path, out: Path, *, today: datetime.date | None = None) -> Report:
    """Seal what is sound in a pack: records with errors, and those that rest on them, are left out.

    References are printed when they are asked for.

    Returns:
        The report of the whole pack, errors included.
    """
    day = today or _today()
    without: set[Key] = set()
    report: Report | None = None
    while True:
        assembled = assemble(path, bulk=BULK_BYTES)
        with closing(memory_tables()) as connection:
            intake = Intake(assembled, connection, without=frozenset(without))
            intake.fill(_silent)
            sqlite.derive_links(connection)
            found = _examine(intake, day, _silent, sqlite.SQLite(connection), rules_of_files=report is None)
            first, report = report is None, report or found
            # What is wrong with a file, and with no record, is gone with what could not be read.
            concerned = _concerned(intake, found) or (set() if first else intake.own())
        if not found.errors:
            break
        without |= concerned
    with sealed_file(out) as sealed:
        intake = Intake(assemble(path, bulk=BULK_BYTES), sealed, without=frozenset(without))
        intake.fill(_silent)
        sqlite.derive_links(sealed)
        sqlite.derive_order(sealed)
        add_words(sealed)
        _finish(intake, report, day, _silent, references=False)
    return report


def _concerned(intake: Intake, report: Report) -> set[Key]:
    """Records that an error names."""
    named = {(v.subject.kind, v.subject.id) for v in report.errors}
    return {key for key in named if intake.is_known(key)}


def _examine(
    intake: Intake, today: datetime.date, tell: Progress, engine: Engine, *, rules_of_files: bool = True
) -> Report:
    """Run every rule on full tables and on the records."""
    assembled, connection = intake.assembled, intake.connection
    custom, problems = read_custom(assembled.root) if rules_of_files else ((), ())
    tell("running rules")
    found = list(problems)
    if rules_of_files:
        found += [*intake.violations, *intake.not_canonical()]
    found.extend(check_records(intake.suspects(), intake.definition, intake.is_cited, intake.find))
    skipped: Counter[tuple[str, str]] = Counter()
    hints = {
        key: f"; {Place(file, entry.line)} has an entry of this key, but a source record is needed too"
        for key, (entry, file) in assembled.raw.entries.items()
    }
    for result in check_tables(engine, intake.is_own, alone=intake.alone, hints=hints, unread=assembled.raw.unread):
        if isinstance(result, Skipped):
            skipped[result.code, result.why] += result.count
        elif intake.is_own((result.subject.kind, result.subject.id)):
            found.append(result)
        elif result.severity is Severity.ERROR and (result.code, result.subject.id) not in assembled.waived:
            found.append(_as_ours(intake, result))
    for rule in custom:
        found.extend(v for v in rule.run(connection, intake.is_known) if _is_own(intake, v))
    found = list(check_waivers(found, intake.waivers(), today=today.isoformat()))
    if not rules_of_files:
        found = [violation for violation in found if violation.code != "EKB505"]
    return Report.of(
        assembled.name,
        (_placed(intake, violation) for violation in found),
        checks_run=(*rules(), *(rule.code for rule in custom)),
        skipped=(Skipped(code, why, count) for (code, why), count in skipped.items()),
        records=intake.counts(),
    )


def _as_ours(intake: Intake, violation: Violation) -> Violation:
    """An error that this pack brings to a record of a sound pack it extends: placed at the record of ours that does it."""
    named = {violation.subject.id, *re.findall(r"'([^']+)'", violation.message)}
    rows = intake.connection.execute(
        "SELECT kind, id, path FROM reference WHERE target IN (SELECT value FROM json_each(?)) ORDER BY kind, id, path",
        (json.dumps(sorted(named)),),
    )
    ours = [(kind, id, path) for kind, id, path in rows if intake.is_own((kind, id))]
    message = f"{violation.message} (it is a record of an extended pack, and this pack makes it so)"
    if not ours:
        return replace(violation, message=message, place=Place(MANIFEST))
    kind, id, path = ours[0]
    here = Violation(violation.code, violation.severity, Subject(kind, id), message, path=field_path(path))
    return replace(violation, message=message, place=intake.place_of(here))


def _is_own(intake: Intake, violation: Violation) -> bool:
    """A pack's own rules see the packs it extends too, and report its own records and themselves."""
    return violation.place is not None or intake.is_own((violation.subject.kind, violation.subject.id))


def _placed(intake: Intake, violation: Violation) -> Violation:
    return violation if violation.place else violation.at(intake.place_of(violation))


def _finish(
    intake: Intake,
    report: Report,
    today: datetime.date,
    tell: Progress,
    *,
    references: bool,
    digests: Mapping[str, str] | None = None,
) -> None:
    """Add cards and references, and what the file says of itself."""
    assembled, connection = intake.assembled, intake.connection
    add_cards(connection, stored=stores_cards(connection))
    add_styles(assembled, connection, tell, references=references)
    tell("sealing")
    manifest, tables = assembled.manifest, table_digests(connection, digests)
    write_meta(connection, {
        "pack": assembled.name,
        "version": manifest.version if manifest else "",
        "title": (manifest.title if manifest else None) or assembled.name,
        "licence": (manifest.licence if manifest else None) or "",
        "base": (manifest.base if manifest else None) or "",
        "maintainers": json.dumps(manifest.maintainers if manifest else (), ensure_ascii=False),
        "built_on": today.isoformat(),
        "library": __version__,
        "digest": (content := content_digest(intake.digests)),
        "sealed": sealed_digest(content, tables),
        "tables": json.dumps(tables),
        "report": report.to_json(),
        # A folder is checked again on the day after its first waiver is over.
        "waived_until": min((last_day(w.until) or "" for w in intake.waivers()), default=""),
    })  # fmt: skip


def _silent(_: str) -> None:
    return None


def _today() -> datetime.date:
    return datetime.date.today()
