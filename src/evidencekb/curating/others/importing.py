"""Records of other databases taken into a pack as candidates: all at once or not at all, and nothing twice."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidencekb.curating.fitting import dated, unfit
from evidencekb.curating.keys import citation_key, file_stem, free_key
from evidencekb.curating.opening import OpenPack, open_pack
from evidencekb.curating.others import civic, fhir, owid
from evidencekb.curating.others.documents import Document, Unreadable, read_documents
from evidencekb.curating.others.drafts import FIRST, Cited, Draft, Fields, Left
from evidencekb.curating.others.report import CandidateImport
from evidencekb.curating.shelf import Match, tells_of_a_work
from evidencekb.errors import CurationError, UnknownIdError
from evidencekb.model import KINDS
from evidencekb.names import near
from evidencekb.report import Severity, Subject
from evidencekb.sources.bibwriting import unwritten, write_bibtex
from evidencekb.sources.fields import source_fields
from evidencekb.sources.items import Item
from evidencekb.sources.kinds import kind_of
from evidencekb.store.changes import Change, apply
from evidencekb.store.dumping import records_text, short_records_text
from evidencekb.store.validating import violations_of

_IN_A_FILE = 2_000
_HELD = "in the pack already"
_SAID = "another record says the same"
_BY = "evidencekb import"
_FIGURES = ("measure", "value", "range", "direction", "interval", "se", "p_value", "n")
_CANDIDATES = "Candidates from another database: what nobody has looked up says so."
_UNDECIDED = "Nobody has decided who gains by these: a finding that rests on one is refused until its flag is set."

Read = Callable[[list[Document]], Iterator[Draft | Left]]


@dataclass(frozen=True, slots=True)
class Layout:
    """How the files of one database are read.

    Attributes:
        wanted: What they hold, for messages.
        sign: By what they are known, for messages.
        suffixes: How the names of its files in a folder end.
        read: Drafts of its records; nothing for files that are none of its own.
        entered: Why the vendor flag of a new source is unknown.
    """

    wanted: str
    sign: str
    suffixes: tuple[str, ...]
    read: Read
    entered: str


LAYOUTS: Mapping[str, Layout] = {
    "owid": Layout(
        "OWID metadata", "an origin below meta, or variables below tables",
        (".dvc", ".meta.yml", ".meta.yaml", ".meta.json", ".metadata.json"), owid.drafts,
        "Entered from metadata of Our World in Data; nobody has looked who gains.",
    ),
    "fhir": Layout(
        "FHIR", "the field resourceType", (".json", ".ndjson", ".xml"), fhir.drafts,
        "Entered from a FHIR resource; nobody has looked who gains by it.",
    ),
    "civic": Layout(
        "evidence items of CIViC", "the fields evidence_type, evidence_level and evidence_direction",
        (".json", ".jsonl", ".ndjson", ".tsv", ".csv"), civic.drafts,
        "Entered from a database of variants; nobody has looked who gains by it.",
    ),
}  # fmt: skip
"""The databases that can be read, by name."""


@dataclass(slots=True)
class _Import:
    """What is to be written, while the records are gone through."""

    pack: OpenPack
    layout: Layout
    file: str
    today: str
    taken: set[str]
    held: dict[str, dict[str, Mapping[str, Any]]]
    files: frozenset[str] = frozenset()
    added: list[str] = field(default_factory=list)
    merged: list[Left] = field(default_factory=list)
    skipped: list[Left] = field(default_factory=list)
    losses: Counter[str] = field(default_factory=Counter)
    versions: list[tuple[str, str, str]] = field(default_factory=list)
    entries: dict[str, str] = field(default_factory=dict)
    sources: list[dict[str, str]] = field(default_factory=list)
    new: dict[str, list[Fields]] = field(
        default_factory=lambda: {"concept": [], "cohort": [], "definition": [], "finding": []}
    )


def import_candidates(
    path: Path | str,
    layout: str,
    *,
    into: Path | str,
    dry: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> CandidateImport:
    """Take the records of another database into a pack as candidates, all at once or not at all.

    Every work becomes a source whose vendor flag is unknown, every result a finding that says of what nobody has looked up that
    nobody has. Figures, short names and numbers are carried over; texts are not copied, and nothing is converted. ``check``
    refuses what came in until a person has decided. Done again, it changes nothing.

    Args:
        path: A file, or a folder of files; they are only read.
        layout: One of ``"owid"`` (origins and indicators of Our World in Data), ``"fhir"`` (Evidence, EvidenceVariable and
            Citation, alone or in a Bundle) and ``"civic"`` (evidence items of CIViC, and what is laid out like them).
        into: The pack's folder.
        dry: True reports what would become of each record and writes nothing; ``files`` is then empty.
        progress: Told now and then how many records are done, and of how many.

    Returns:
        Which records were added, merged and skipped, with the reasons; the three sum to all records.

    Raises:
        CurationError: If the pack cannot be added to, or nothing of that layout is found.
        UnknownIdError: If there is no such layout.
        ChangedMeanwhileError: If a file of the pack was changed while this ran.
        OSError: If the file cannot be read, or the pack not be written.
    """
    if layout not in LAYOUTS:
        raise UnknownIdError("layout of imports", layout, near(layout, tuple(LAYOUTS)))
    path, chosen = Path(path), LAYOUTS[layout]
    read, files = _read(path, chosen)
    pack = open_pack(Path(into))
    held = {
        kind: {str(r.get("id", "")): r for r in pack.plain(kind)}
        for kind in ("concept", "cohort", "definition", "finding")
    }
    work = _Import(pack, chosen, path.name, datetime.date.today().isoformat(), pack.taken, held, files)
    for done, draft in enumerate(read, start=1):
        _take(work, draft)
        if progress and (done % 100 == 0 or done == len(read)):
            progress(done, len(read))
    changes = list(_changes(work, path)) if work.added else []
    if not dry:
        apply(changes, within=pack.root)
    ids = {kind: tuple(record["id"] for record in records) for kind, records in work.new.items()}
    return CandidateImport(
        file=path.name,
        layout=layout,
        records=len(read),
        added=tuple(work.added),
        merged=tuple(work.merged),
        skipped=tuple(work.skipped),
        sources=tuple(record["id"] for record in work.sources),
        findings=ids["finding"],
        concepts=ids["concept"],
        cohorts=ids["cohort"],
        definitions=ids["definition"],
        losses=dict(work.losses.most_common()),
        versions=tuple(work.versions),
        files=() if dry else tuple(change.path.relative_to(pack.root).as_posix() for change in changes),
    )


def _read(path: Path, layout: Layout) -> tuple[list[Draft | Left], frozenset[str]]:
    """Every record of the files, and every file that could not be read; and the names of the files.

    Raises:
        CurationError: If there is not one record of the layout.
    """
    found = list(read_documents(path, suffixes=layout.suffixes, wanted=layout.wanted))
    unread = [Left(each.file, each.file, f"it is {each.why}") for each in found if isinstance(each, Unreadable)]
    documents = [each for each in found if isinstance(each, Document)]
    drafts = list(layout.read(documents))
    if not drafts:
        first = f" ({unread[0].id}: {unread[0].why})" if unread else ""
        other = next((name for name, each in LAYOUTS.items() if any(True for _ in each.read(documents))), "")
        told = (
            f"it looks like {LAYOUTS[other].wanted}: import it as {other!r}" if other else f"looked for {layout.sign}"
        )
        raise CurationError(
            f"no {layout.wanted} here: nothing in {path.name} is laid out like it{first}; {told}; nothing was added"
        )
    return [*unread, *drafts], frozenset(each.file for each in found)


def _take(work: _Import, draft: Draft | Left) -> None:
    """Decide about one record."""
    if isinstance(draft, Left):
        work.skipped.append(draft)
        return
    if fault := _fault(draft):
        work.skipped.append(Left(draft.id, draft.place, fault))
        return
    news = 0
    if draft.finding is not None:
        held = work.held["finding"].get(draft.finding["id"])
        if held is not None:
            _met(work, draft, held)
            return
    works = [(cited.item, cited.key) for cited in draft.cited] + [(item, "") for item in draft.works]
    keys: list[str] = []
    sound = [_sound(item) for item, _ in works]
    if bad := next((fault for _, _, fault in sound if fault), ""):
        work.skipped.append(Left(draft.id, draft.place, f"a work that it names cannot be a source: {bad}"))
        return
    before = len(work.sources)
    for (item, lost, _), (_, key) in zip(sound, works, strict=True):
        work.losses.update(lost)
        keys.append(_shelved(work, item, key))
    news += len(work.sources) - before
    for kind, records in (("concept", draft.concepts), ("cohort", draft.cohorts), ("definition", draft.definitions)):
        for record in records:
            if record["id"] not in work.held[kind]:
                work.held[kind][record["id"]] = record
                work.new[kind].append(record)
                news += 1
    if draft.finding is not None:
        finding = _cited(work, draft, keys)
        work.held["finding"][finding["id"]] = finding
        work.new["finding"].append(finding)
        news += 1
    if news:
        work.added.append(draft.id)
        work.losses.update(set(draft.lost))
    else:
        work.merged.append(Left(draft.id, draft.place, _HELD))


def _met(work: _Import, draft: Draft, held: Mapping[str, Any]) -> None:
    """A record whose finding is there: it says the same, or it is skipped with what differs."""
    finding = draft.finding or {}
    origin = held.get("provenance")
    entered = origin if isinstance(origin, Mapping) and origin.get("by") == _BY else {}
    if not str(entered.get("from", f"{draft.identity}, in ")).startswith(f"{draft.identity}, in "):
        why = f"the id {finding['id']!r} is that of another record: {entered['from']}. Rename the file, and import it again"
        work.skipped.append(Left(draft.id, draft.place, why))
        return
    new = any(finding["id"] == record["id"] for record in work.new["finding"])
    other = _figures(finding) - _figures(held)
    if not other:
        work.merged.append(Left(draft.id, draft.place, _SAID if new else _HELD))
        return
    whose = "another record of the same number gives" if new else "the pack holds this record with"
    why = f"{whose} other figures: {len(other)} of its {len(finding['estimates'])} differ; look at finding {finding['id']!r}"
    work.skipped.append(Left(draft.id, draft.place, why))


def _figures(finding: Mapping[str, Any]) -> set[str]:
    """What the estimates of a finding say, for comparing; one that says nothing yet may have been filled in since."""
    made = set()
    for estimate in finding.get("estimates") or ():
        if isinstance(estimate, Mapping) and (says := {name: estimate[name] for name in _FIGURES if name in estimate}):
            made.add(repr(sorted((name, repr(value)) for name, value in says.items())))
    return made


def _fault(draft: Draft) -> str:
    """Why the records of a draft could not stand in a pack; '' if they can."""
    groups: Iterable[tuple[str, list[Fields]]] = (
        ("concept", draft.concepts), ("cohort", draft.cohorts), ("definition", draft.definitions),
        ("finding", [draft.finding] if draft.finding else []),
    )  # fmt: skip
    for kind, records in groups:
        for record in records:
            _, found = violations_of(KINDS[kind], record, Subject(kind, str(record.get("id", ""))))
            wrong = next((violation for violation in found if violation.severity is Severity.ERROR), None)
            if wrong is not None:
                return f"it cannot be a {kind}: {wrong.message}"
    return ""


def _sound(item: Item) -> tuple[Item, tuple[str, ...], str]:
    """A work that can be a source, what of it is lost for that, and why it cannot."""
    fields = {"kind": kind_of(item), **source_fields(item)}
    if not tells_of_a_work(fields):
        return item, (), "it has no title, name or identifier"
    if not unfit(fields):
        return item, (), ""
    item, losses = dated(item)
    lost = tuple(f"{loss.field} of a work: {loss.reason}" for loss in losses)
    return item, lost, unfit({"kind": kind_of(item), **source_fields(item)}) or ""


def _shelved(work: _Import, item: Item, wanted: str) -> str:
    """The key of a work, which is put on the shelf when it is new."""
    fields = {"kind": kind_of(item), **source_fields(item)}
    match = work.pack.shelf.match(fields)
    if match is not None and match.same:
        return match.id
    key = free_key(wanted, work.taken) if wanted else citation_key(fields, work.taken)
    _put(work, key, item, fields, match)
    return key


def _put(work: _Import, key: str, item: Item, fields: Mapping[str, Any], match: Match | None) -> None:
    held = {**item, "id": key}
    work.taken.add(key)
    work.pack.shelf.put(key, fields)
    work.losses.update(f"of a work: {loss.field}: {loss.reason}" for loss in unwritten(held))
    work.entries[key] = write_bibtex([held])
    work.sources.append(
        {"id": key, "kind": str(fields["kind"]), "vendor": "unknown", "vendor_reason": work.layout.entered}
    )
    if match is not None:
        work.versions.append((key, match.id, match.because))


def _cited(work: _Import, draft: Draft, keys: list[str]) -> Fields:
    """The finding of a draft with its citations, and where it comes from."""
    citations: list[Fields] = []
    file = _file_of(draft.place, work)
    for key, cited in zip(keys, draft.cited, strict=False):
        said = {name: keys[0] if value == FIRST else value for name, value in cited.fields.items()}
        if any(held["source"] == key for held in citations):
            continue  # the record itself is the work that it names
        citations.append({"source": key, **_read_today(said, work, file)})
    finding = dict(draft.finding or {})
    provenance = {"by": _BY, "on": work.today, "from": f"{draft.identity}, in {file}"}
    return {**finding, "citations": citations, "provenance": provenance}


def _file_of(place: str, work: _Import) -> str:
    """The file of a place, in which a line or path stands behind it."""
    ends = [at for at in range(len(place), 0, -1) if at == len(place) or place[at] in ": "]
    return next((place[:at] for at in ends if place[:at] in work.files), work.file)


def _read_today(said: Fields, work: _Import, file: str) -> Fields:
    read = said.get("read")
    if isinstance(read, dict) and read.get("what") == "data":
        return {**said, "read": {**read, "where": file, "on": work.today}}
    return said


def _changes(work: _Import, path: Path) -> Iterator[Change]:
    """All that is written: records first, so that the same import done again after an interruption completes it."""
    stem = file_stem(path.stem)
    for kind, folder in (
        ("concept", "concepts"),
        ("cohort", "cohorts"),
        ("definition", "definitions"),
        ("finding", "findings"),
    ):
        records = work.new[kind]
        for start in range(0, len(records), _IN_A_FILE):
            text = records_text(kind, records[start : start + _IN_A_FILE], comment=_CANDIDATES)
            yield Change(work.pack.free_file(folder, stem), None, text.encode())
    if work.sources:
        text = short_records_text("source", work.sources, comment=_UNDECIDED)
        yield Change(work.pack.free_file("sources", stem), None, text.encode())
        yield work.pack.bibliography("\n".join(work.entries.values()))


__all__ = ["LAYOUTS", "Cited", "import_candidates"]
