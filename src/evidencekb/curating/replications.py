"""The replication database taken into a pack: what became of every row, in papers and not in rows."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from evidencekb.curating.fitting import dated, unfit
from evidencekb.curating.keys import citation_key, file_stem
from evidencekb.curating.opening import OpenPack, open_pack
from evidencekb.curating.replicationpapers import paper
from evidencekb.curating.replicationrecords import (
    COHORT,
    DATABASE,
    Drafts,
    Fields,
    cohort_record,
    database_item,
    later_id,
    original_id,
    said_by,
    says_of,
)
from evidencekb.curating.replicationreport import ReplicationImport, RowLeft
from evidencekb.curating.replicationrows import Row, RowFile, Unread, read_rows
from evidencekb.curating.shelf import Match, tells_of_a_work
from evidencekb.report import Place, Severity, Subject, Violation
from evidencekb.sources.bibwriting import unwritten, write_bibtex
from evidencekb.sources.fields import source_fields
from evidencekb.sources.items import Item
from evidencekb.sources.kinds import kind_of
from evidencekb.store.changes import Change, apply
from evidencekb.store.dumping import records_text, short_records_text

_EVERY = 50
_IN_A_FILE = 2_000
_SAID = "another row says the same"
_EFFECTS = re.compile(r"effects? ([a-z0-9, -]+)")
_UNDECIDED = "Nobody has decided who gains by these: a finding that rests on one is refused until its flag is set."
_NOT_LOOKED = "Entered from the replication database; nobody has looked who gains by it."
_CANDIDATES = "Candidates from the replication database: what nobody has looked up says so."


class _Held(NamedTuple):
    """An effect that the pack holds: its papers, its findings, what their links say."""

    original: str
    later: str
    one: str
    other: str
    outcomes: frozenset[str]
    because: str


@dataclass(slots=True)
class _Import:
    """What is to be written, while the rows are gone through."""

    pack: OpenPack
    file: str
    taken: set[str]
    drafts: Drafts
    held: dict[str, _Held] = field(default_factory=dict)
    merged: list[RowLeft] = field(default_factory=list)
    skipped: list[RowLeft] = field(default_factory=list)
    imported: int = 0
    losses: Counter[str] = field(default_factory=Counter)
    versions: list[tuple[str, str, str]] = field(default_factory=list)
    entries: dict[str, str] = field(default_factory=dict)
    records: list[dict[str, str]] = field(default_factory=list)
    papers: dict[tuple[tuple[str, str], ...], str] = field(default_factory=dict)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    said: dict[tuple[object, ...], str] = field(default_factory=dict)


def import_replications(
    path: Path | str,
    *,
    into: Path | str,
    dry: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ReplicationImport:
    """Take a table of the FORRT replication database into a pack, all at once or not at all.

    Every paper becomes a source whose vendor flag is unknown, every study of it a finding, every row a figure on each side and a
    link with its outcome. What the database does not tell (cohort, definition, design) says that nobody has looked. Types of
    effect that are no measure of ours are kept as printed, under their own name; nothing is converted. Quotations are not copied.
    Done again, it changes nothing.

    Args:
        path: The table; it is only read.
        into: The pack's folder.
        dry: True reports what would become of each row and writes nothing; ``files`` is then empty.
        progress: Told now and then how much of the file is done, and of how much, in characters.

    Returns:
        How many rows were imported, merged and skipped, with the reasons; the three sum to all rows.

    Raises:
        CurationError: If the pack cannot be added to, or the file is no such table.
        ChangedMeanwhileError: If a file of the pack was changed while this ran.
        OSError: If the file cannot be read, or the pack not be written.

    References:
        FReD: FORRT Replication Database, doi:10.17605/OSF.IO/9R62X.
    """
    rows = read_rows(Path(path))
    pack = open_pack(Path(into))
    work = _Import(pack, rows.name, pack.taken, Drafts())
    database = _database(work)
    _known(work, database)
    total, count = len(rows.text), 0
    for count, (row, done) in enumerate(rows.rows(), start=1):
        _take(work, row)
        if progress and count % _EVERY == 0:
            progress(done, total)
    findings = work.drafts.findings(database, rows.name, datetime.date.today().isoformat()) if work.imported else []
    _leave_out_unused(work, findings)
    changes = list(_changes(work, findings, Path(path))) if work.imported else []
    if progress:
        progress(total, total)
    if not dry:
        apply(changes, within=pack.root)
    return ReplicationImport(
        file=rows.name,
        rows=count,
        imported=work.imported,
        merged=tuple(work.merged),
        skipped=tuple(work.skipped),
        originals=len({original for original, _ in work.pairs}),
        replications=len({later for _, later in work.pairs}),
        pairs=len(work.pairs),
        sources=tuple(record["id"] for record in work.records),
        findings=tuple(finding["id"] for finding in findings),
        losses=dict(work.losses.most_common()),
        versions=tuple(work.versions),
        violations=tuple(_guessed(rows)),
        files=() if dry else tuple(change.path.relative_to(pack.root).as_posix() for change in changes),
    )


def _leave_out_unused(work: _Import, findings: list[Fields]) -> None:
    """Papers that only skipped rows name are no sources."""
    used = {citation["source"] for finding in findings for citation in finding["citations"]}
    work.records = [record for record in work.records if record["id"] in used]
    work.entries = {key: text for key, text in work.entries.items() if key in used}
    work.versions = [version for version in work.versions if version[0] in used]


def _guessed(rows: RowFile) -> Iterator[Violation]:
    if rows.without:
        message = f"it has no column {', '.join(rows.without)}; what these hold is missing in every row"
        yield Violation(
            "EKB501", Severity.WARNING, Subject("file", rows.name), message, Place(rows.name, rows.before + 1)
        )
    if rows.unknown:
        message = f"columns that the layout does not have, of which nothing is taken: {', '.join(rows.unknown)}"
        yield Violation(
            "EKB501", Severity.WARNING, Subject("file", rows.name), message, Place(rows.name, rows.before + 1)
        )
    if rows.encoding in ("cp1252", "latin-1"):
        message = (
            f"not UTF-8; it was read as {rows.encoding}. Look at accented letters, or save the file as UTF-8 first"
        )
        yield Violation("EKB501", Severity.WARNING, Subject("file", rows.name), message, Place(rows.name))


def _database(work: _Import) -> str:
    """The key of the database as a source: that of the pack, if it holds it."""
    item = database_item()
    fields = {"kind": kind_of(item), **source_fields(item)}
    match = work.pack.shelf.match(fields)
    if match is not None and match.same:
        return match.id
    _put(work, DATABASE, item, fields)
    return DATABASE


def _known(work: _Import, database: str) -> None:
    """Rows and figures that the pack holds, from the findings that were taken from the database."""
    labels = {concept["id"]: str(concept.get("label", "")) for concept in work.pack.plain("concept")}
    known: dict[str, dict[tuple[object, ...], str]] = {}
    findings = {str(finding.get("id", "")): finding for finding in work.pack.plain("finding")}
    for id, finding in findings.items():
        for citation in finding.get("citations") or ():
            match = (
                _EFFECTS.fullmatch(str(citation.get("locator") or "")) if citation.get("source") == database else None
            )
            if match and finding.get("links"):
                work.held.update(dict.fromkeys(match[1].split(", "), _held(finding, findings)))
        known[id] = {
            said_by(e, _label(labels.get(e.get("outcome", ""), ""), id)): str(e.get("outcome", ""))
            for e in finding.get("estimates") or ()
        }
    work.drafts.known = known


def _held(finding: Mapping[str, Any], findings: Mapping[str, Mapping[str, Any]]) -> _Held:
    """What the effects of a finding are, whose links are those of one import."""
    links, one = finding["links"], str(finding["links"][0].get("target", ""))
    outcomes = frozenset(str(link.get("outcome") or "") for link in links)
    because = " ".join(str(link.get("because") or "") for link in links)
    papers = _primary(findings.get(one, {})), _primary(finding)
    return _Held(*papers, one, str(finding.get("id", "")), outcomes, because)


def _primary(finding: Mapping[str, Any]) -> str:
    """The paper of a finding."""
    cited = finding.get("citations") or ()
    return next((str(c.get("source")) for c in cited if c.get("role") == "primary"), "")


def _label(label: str, finding: str) -> str:
    """The label of an outcome as its row has it: '' where the row had none."""
    return "" if label.startswith("Effect ") and label.endswith(f" of {finding}") else label


def _take(work: _Import, row: Row | Unread) -> None:
    """Decide about one row."""
    if isinstance(row, Unread):
        work.skipped.append(RowLeft(row.id, row.line, row.why))
        return
    if row.again:
        why = next((left.why for left in work.skipped if left.id == row.id), "")
        (work.skipped if why else work.merged).append(RowLeft(row.id, row.line, why or _SAID))
        return
    keys = [_paper(work, cells) for cells in (row.original, row.later)]
    for key, side in zip(keys, ("original", "replication"), strict=True):
        if key.startswith("!"):
            work.skipped.append(
                RowLeft(row.id, row.line, f"its {side} cannot be a source: {key[1:]}; mend its columns")
            )
            return
    original, later = keys
    if held := work.held.get(row.id):
        if why := _otherwise(work, row, held, original, later):
            work.skipped.append(RowLeft(row.id, row.line, why))
            return
        work.pairs.add((original, later))
        work.merged.append(RowLeft(row.id, row.line, "in the pack already"))
        return
    if original == later and row.study == row.later_study:
        work.skipped.append(
            RowLeft(
                row.id, row.line, f"original and replication are one study of one paper, {original!r}; mend one of them"
            )
        )
        return
    one = original_id(original, row.study)
    other = later_id(later, row.later_study, one)
    if other in work.pack.findings:
        why = f"the pack holds finding {other!r} from an earlier import; add this effect to it by hand"
        work.skipped.append(RowLeft(row.id, row.line, why))
        return
    work.pairs.add((original, later))
    says = (one, other, row.link, row.label, row.effect, row.later_effect, row.told, row.criterion)
    if row.label and row.later_effect.value is not None and work.said.setdefault(says, row.id) != row.id:
        work.drafts.note(row, one, other)
        work.merged.append(RowLeft(row.id, row.line, _SAID))
        return
    work.imported += 1
    work.losses.update((*row.effect.lost, *row.later_effect.lost))
    if row.outcome is None:
        what = f"the word {row.told!r} is no outcome that is known" if row.told else "how it came out is not recorded"
        work.losses[what] += 1
    if row.criterion is None:
        work.losses["by which criterion it came out is not recorded"] += 1
    work.drafts.add(row, original, later)


def _otherwise(work: _Import, row: Row, held: _Held, original: str, later: str) -> str:
    """What a row says that the pack, which holds an effect of its number, does not; '' if nothing."""
    if (original, later) != (held.original, held.later):
        return (
            f"the pack holds effect {row.id} of other papers, {held.original!r} and {held.later!r}, and this one is of "
            f"{original!r} and {later!r}; if they are not the same, give it another effect_id, or none"
        )
    for side, id, effect in (("original", held.one, row.effect), ("replication", held.other, row.later_effect)):
        known = {says[1:] for says in work.drafts.known.get(id, ())}
        if effect.value is not None and says_of("", effect)[1:] not in known and effect.words not in held.because:
            return f"the pack holds this effect with other numbers: its {side} is {effect.words} here; look at {id!r}"
    if row.outcome is not None and str(row.outcome) not in held.outcomes:
        return f"the pack holds this effect with another outcome: it is {row.told!r} here; look at {held.other!r}"
    return ""


def _paper(work: _Import, cells: Mapping[str, str]) -> str:
    """The key of a paper, which is put on the shelf when it is new; with ``!``, why it cannot be one."""
    told = tuple(sorted(cells.items()))
    if told not in work.papers:
        work.papers[told] = _shelved(work, cells)
    return work.papers[told]


def _shelved(work: _Import, cells: Mapping[str, str]) -> str:
    item, notes = paper(cells)
    fields = {"kind": kind_of(item), **source_fields(item)}
    if not tells_of_a_work(fields):
        return "!it has no title, name or identifier"
    if unfit(fields):
        item, losses = dated(item)
        work.losses.update(f"{loss.field} of a paper: {loss.reason}" for loss in losses)
        fields = {"kind": kind_of(item), **source_fields(item)}
        if fault := unfit(fields):
            return f"!{fault}"
    match = work.pack.shelf.match(fields)
    if match is not None and match.same:
        return match.id
    key = citation_key(fields, work.taken)
    work.losses.update(f"of a paper: {note}" for note in notes)
    _put(work, key, item, fields, match)
    return key


def _put(work: _Import, key: str, item: Item, fields: Mapping[str, Any], match: Match | None = None) -> None:
    held = {**item, "id": key}
    work.taken.add(key)
    work.pack.shelf.put(key, fields)
    work.losses.update(f"of a paper: {loss.field}: {loss.reason}" for loss in unwritten(held))
    work.entries[key] = write_bibtex([held])
    work.records.append({"id": key, "kind": str(fields["kind"]), "vendor": "unknown", "vendor_reason": _NOT_LOOKED})
    if match is not None:
        work.versions.append((key, match.id, match.because))


def _changes(work: _Import, findings: list[Fields], path: Path) -> Iterator[Change]:
    """All that is written: records first, so that the same import done again after an interruption completes it."""
    stem = file_stem(path.stem)
    concepts = work.drafts.outcomes
    cohorts = [] if any(c.get("id") == COHORT for c in work.pack.plain("cohort")) else [cohort_record()]
    for kind, folder, records in (
        ("concept", "concepts", concepts),
        ("cohort", "cohorts", cohorts),
        ("definition", "definitions", work.drafts.definitions),
        ("finding", "findings", findings),
    ):
        for start in range(0, len(records), _IN_A_FILE):
            text = records_text(kind, records[start : start + _IN_A_FILE], comment=_CANDIDATES)
            yield Change(work.pack.free_file(folder, stem), None, text.encode())
    if work.records:
        text = short_records_text("source", work.records, comment=_UNDECIDED)
        yield Change(work.pack.free_file("sources", stem), None, text.encode())
        yield work.pack.bibliography("\n".join(work.entries.values()))
