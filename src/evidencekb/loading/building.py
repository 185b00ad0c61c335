"""Check a pack, and build the sealed file from one that has no errors."""

from __future__ import annotations

import datetime
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import cast

from evidencekb.__about__ import __version__
from evidencekb.engines import sqlite
from evidencekb.engines.sealing import content_digest, memory_tables, sealed_digest, sealed_file, write_meta
from evidencekb.errors import PackError
from evidencekb.loading.assembling import Assembled, Key, assemble
from evidencekb.loading.carding import add_cards
from evidencekb.loading.printing import add_styles
from evidencekb.model import OperationalDefinition, Waiver
from evidencekb.model.dates import last_day
from evidencekb.report import Place, Report, Severity, Skipped, Violation
from evidencekb.rules import check_records, check_tables, check_waivers, read_custom, rules
from evidencekb.rules.custom import field_path
from evidencekb.store import MANIFEST
from evidencekb.store.writing import unformatted

Progress = Callable[[str], None]


def check(path: str | PathLike[str], *, today: datetime.date | None = None, progress: Progress | None = None) -> Report:
    """Read a pack and run every rule; all problems come out in one go.

    Args:
        path: The pack's folder.
        today: The day against which waivers are held; default: today.
        progress: Told what is being done.

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
    assembled = assemble(Path(path))
    connection = memory_tables()
    try:
        return _examine(assembled, connection, today or _today(), tell)
    finally:
        connection.close()


def build(
    path: str | PathLike[str],
    out: str | PathLike[str],
    *,
    today: datetime.date | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check a pack and seal it into one file.

    The file appears whole or not at all: it is written beside ``out`` and renamed. The same records give the same
    ``digest``, whatever files they stand in.

    Args:
        path: The pack's folder.
        out: The file to write, by custom with the ending ``.ekb``.
        today: The day against which waivers are held, kept as ``built_on``; default: today.
        progress: Told what is being done.

    Returns:
        The report, which holds no errors.

    Raises:
        PackError: If the pack has errors; nothing is written then.
        FileNotFoundError: If there is no such folder.
        OSError: If ``out`` cannot be written.
    """
    return _built(Path(path), Path(out), today or _today(), progress or _silent, references=True)


def build_unprinted(path: Path, out: Path) -> Report:
    """Seal a pack that is about to be read here: its references are printed when they are asked for.

    Raises:
        PackError: If the pack has errors.
    """
    return _built(path, out, _today(), _silent, references=False)


def _built(path: Path, out: Path, day: datetime.date, tell: Progress, *, references: bool) -> Report:
    tell("reading files")
    assembled = assemble(path)
    with sealed_file(out) as connection:
        report = _examine(assembled, connection, day, tell)
        if not report.ok:
            raise PackError(report)
        _finish(assembled, connection, report, day, tell, references=references)
    return report


def build_without_errors(path: Path, out: Path, *, today: datetime.date | None = None) -> Report:
    """Seal what is sound in a pack: records with errors, and those that rest on them, are left out.

    References are printed when they are asked for.

    Returns:
        The report of the whole pack, errors included.
    """
    day = today or _today()
    assembled = assemble(path)
    connection = memory_tables()
    try:
        report = _examine(assembled, connection, day, _silent)
    finally:
        connection.close()
    found = report
    while found.errors:
        assembled.leave_out(_concerned(assembled, found))
        assembled.violations.clear()
        connection = memory_tables()
        try:
            found = _examine(assembled, connection, day, _silent, rules_of_files=False)
        finally:
            connection.close()
    with sealed_file(out) as sealed:
        _load(assembled, sealed)
        _finish(assembled, sealed, report, day, _silent, references=False)
    return report


def _concerned(assembled: Assembled, report: Report) -> set[Key]:
    """Records that an error names; whatever has no record of its own is left out already."""
    named = {(v.subject.kind, v.subject.id) for v in report.errors}
    return {key for key in named if key in assembled.held or key in assembled.known} or set(assembled.own)


def _examine(
    assembled: Assembled,
    connection: sqlite3.Connection,
    today: datetime.date,
    tell: Progress,
    *,
    rules_of_files: bool = True,
) -> Report:
    """Load the tables and run every rule on them and on the records."""
    tell("loading tables")
    _load(assembled, connection)
    custom, problems = read_custom(assembled.root) if rules_of_files else ((), ())
    tell("running rules")
    found: list[Violation] = [*assembled.violations, *problems]
    if rules_of_files:
        found.extend(_not_canonical(assembled))
    own = [held.record for key, held in assembled.held.items() if key in assembled.own]
    definitions = cast(dict[str, OperationalDefinition], assembled.of_kind("definition"))
    found.extend(check_records(own, definitions))
    skipped: Counter[tuple[str, str]] = Counter()
    hints = {
        key: f"; {Place(file, entry.line)} has an entry of this key, but a source record is needed too"
        for key, (entry, file) in assembled.raw.entries.items()
    }
    for result in check_tables(sqlite.SQLite(connection), assembled.own, hints=hints, unread=assembled.raw.unread):
        if isinstance(result, Skipped):
            skipped[result.code, result.why] += result.count
        elif (result.subject.kind, result.subject.id) in assembled.own:
            found.append(result)
        elif result.severity is Severity.ERROR and (result.code, result.subject.id) not in assembled.waived:
            found.append(_as_ours(assembled, connection, result))
    for rule in custom:
        found.extend(v for v in rule.run(connection, known=assembled.known) if _is_own(assembled, v))
    found = list(check_waivers(found, _waivers(assembled), today=today.isoformat()))
    if not rules_of_files:
        found = [violation for violation in found if violation.code != "EKB505"]
    return Report.of(
        assembled.name,
        (_placed(assembled, violation) for violation in found),
        checks_run=(*rules(), *(rule.code for rule in custom)),
        skipped=(Skipped(code, why, count) for (code, why), count in skipped.items()),
        records=Counter(kind for kind, _ in assembled.own),
    )


def _waivers(assembled: Assembled) -> list[Waiver]:
    held = (held.record for key, held in assembled.held.items() if key in assembled.own)
    return [record for record in held if isinstance(record, Waiver)]


def _as_ours(assembled: Assembled, connection: sqlite3.Connection, violation: Violation) -> Violation:
    """An error that this pack brings to a record of a sound pack it extends: placed at the record of ours that does it."""
    named = {violation.subject.id, *re.findall(r"'([^']+)'", violation.message)}
    rows = connection.execute(
        "SELECT kind, id, path FROM reference WHERE target IN (SELECT value FROM json_each(?)) ORDER BY kind, id, path",
        (json.dumps(sorted(named)),),
    )
    ours = [(kind, id, path) for kind, id, path in rows if (kind, id) in assembled.own]
    message = f"{violation.message} (it is a record of an extended pack, and this pack makes it so)"
    if not ours:
        return replace(violation, message=message, place=Place(MANIFEST))
    kind, id, path = ours[0]
    held = assembled.held[kind, id]
    return replace(violation, message=message, place=held.raw.origin.place(field_path(path)) if held.raw else None)


def _is_own(assembled: Assembled, violation: Violation) -> bool:
    """A pack's own rules see the packs it extends too, and report its own records and themselves."""
    return violation.place is not None or (violation.subject.kind, violation.subject.id) in assembled.own


def _load(assembled: Assembled, connection: sqlite3.Connection) -> None:
    sqlite.load(connection, assembled.rows())
    sqlite.index(connection)
    sqlite.derive_links(connection)


def _placed(assembled: Assembled, violation: Violation) -> Violation:
    return violation if violation.place else violation.at(assembled.place_of(violation))


def _not_canonical(assembled: Assembled) -> Iterator[Violation]:
    """504, for files that can be read."""
    unreadable = {v.place.file for v in assembled.violations if v.place and v.code == "EKB501"}
    for name, text in assembled.raw.texts.items():
        if name not in unreadable and (violation := unformatted(assembled.root, name, text)):
            yield violation


def _finish(
    assembled: Assembled,
    connection: sqlite3.Connection,
    report: Report,
    today: datetime.date,
    tell: Progress,
    *,
    references: bool,
) -> None:
    """Add what questions read: bodies, places, orders, cards, references, full text, and what the file says of itself."""
    tell("working out answers")
    bodies = sorted((held.kind, held.id, held.pack, held.body) for held in assembled.held.values())
    sqlite.insert(connection, "record", bodies)
    places = ((key, held.raw.origin.place()) for key, held in sorted(assembled.held.items()) if held.raw)
    sqlite.insert(connection, "place", ((*key, place.file, place.line) for key, place in places))
    sqlite.derive_order(connection)
    add_cards(assembled, connection)
    add_styles(assembled, connection, tell, references=references)
    tell("sealing")
    manifest = assembled.manifest
    write_meta(connection, {
        "pack": assembled.name,
        "version": manifest.version if manifest else "",
        "title": (manifest.title if manifest else None) or assembled.name,
        "licence": (manifest.licence if manifest else None) or "",
        "base": (manifest.base if manifest else None) or "",
        "built_on": today.isoformat(),
        "library": __version__,
        "digest": content_digest((kind, id, body) for kind, id, _, body in bodies),
        "sealed": sealed_digest(connection),
        "report": report.to_json(),
        # A folder is checked again on the day after its first waiver is over.
        "waived_until": min((last_day(w.until) or "" for w in _waivers(assembled)), default=""),
    })  # fmt: skip


def _silent(_: str) -> None:
    return None


def _today() -> datetime.date:
    return datetime.date.today()
