"""Nanopublications taken into a pack as candidates, all at once or not at all.

Nobody's word is taken for who gains: every new source gets the vendor flag ``unknown``, with what the nanopublication says of it
as the reason, so that ``check`` refuses what rests on it until a person has decided.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from evidencekb import ids
from evidencekb.curating.keys import citation_key, file_stem, free_key
from evidencekb.curating.opening import OpenPack, open_pack
from evidencekb.curating.shelf import tells_of_a_work
from evidencekb.errors import InterchangeError
from evidencekb.model import KINDS, LISTS
from evidencekb.model.references import Path as Steps
from evidencekb.model.references import references_of
from evidencekb.rdf.nano.candidates import Candidate, candidate, is_index
from evidencekb.rdf.nano.checking import NanopubCheck, checked
from evidencekb.rdf.nano.importreport import NanopubImport, NanopubLeft
from evidencekb.rdf.nano.reading import nanopub_files
from evidencekb.rdf.nano.records import records_in
from evidencekb.rdf.nano.rules import Parts
from evidencekb.store.changes import Change, apply
from evidencekb.store.dumping import records_text

Fields = dict[str, Any]

_HEADLINE, _STATEMENT, _ADDRESS = 200, 3_000, 2_000
_BY = "evidencekb import"
_TAKEN = "nanopublication"
_THERE = "it is in the pack already"
_FROM = re.compile(rf"{_TAKEN} <([^<>]*)>")
_ORDER = ("organization", "source", "concept", "cohort", "definition", "finding")
_COMMENTS = {
    "source": "From nanopublications. Nobody here has decided who gains by these: what rests on one is refused until then.",
    "finding": "Candidates from nanopublications: a person reads each against its source before it counts.",
}


@dataclass(slots=True)
class _Import:
    """What is to be written, while the nanopublications are gone through."""

    pack: OpenPack
    taken: set[str]
    there: dict[tuple[str, str], Fields]
    known: dict[str, str]
    new: dict[tuple[str, str], Fields] = field(default_factory=dict)
    merged: list[NanopubLeft] = field(default_factory=list)
    skipped: list[NanopubLeft] = field(default_factory=list)
    losses: Counter[str] = field(default_factory=Counter)

    def has(self, kind: str, id: str) -> bool:
        return (kind, id) in self.there or (kind, id) in self.new


def import_nanopubs(
    source: Path | str,
    *,
    into: Path | str,
    dry: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> NanopubImport:
    """Take nanopublications into a pack as candidate findings, all at once or not at all.

    Each is checked first, and one that is not valid is skipped. One of this library comes back with all fields of its finding and
    what it needs to be read: sources, cohorts, definitions, concepts. Of any other the sentence it is about becomes the finding's
    headline, and the published items that its provenance names become its sources; nothing else is guessed. Every new source has
    the vendor flag ``unknown``, whatever the nanopublication says of it. Done again, it changes nothing.

    Args:
        source: A file of TriG, TriX, N-Quads or JSON-LD, or a folder of such files; it is only read.
        into: The pack's folder.
        dry: True reports what would become of each and writes nothing; ``files`` is then empty.
        progress: Told how many files are done, and of how many.

    Raises:
        CurationError: If the pack cannot be added to.
        InterchangeError: If the folder holds no such file.
        ChangedMeanwhileError: If a file of the pack was changed while this ran.
        EngineError: If one is signed, and the library for keys is not installed.
        OSError: If a file cannot be read, or the pack not be written.
    """
    source = Path(source)
    paths = nanopub_files(source)
    work, read = _opened(open_pack(Path(into))), 0
    for done, path in enumerate(paths, start=1):
        for check, parts in checked(path):
            read += 1
            _take(work, check, parts)
        if progress:
            progress(done, len(paths))
    changes = list(_changes(work, file_stem(source.stem)))
    if not dry:
        apply(changes, within=work.pack.root)
    kinds = Counter(kind for kind, _ in work.new)
    return NanopubImport(
        file=source.name,
        read=read,
        added=tuple(id for kind, id in work.new if kind == "finding"),
        merged=tuple(work.merged),
        skipped=tuple(work.skipped),
        sources=tuple(id for kind, id in work.new if kind == "source"),
        records={kind: kinds[kind] for kind in _ORDER if kinds[kind] and kind not in ("finding", "source")},
        losses=dict(work.losses.most_common()),
        files=() if dry else tuple(change.path.relative_to(work.pack.root).as_posix() for change in changes),
    )


def _opened(pack: OpenPack) -> _Import:
    there: dict[tuple[str, str], Fields] = {
        (kind, str(record.get("id"))): dict(record) for kind in _ORDER for record in pack.plain(kind)
    }
    there |= {
        ("source", key): dict(fields) for key, fields in pack.shelf.fields.items() if ("source", key) not in there
    }
    known = {}
    for (kind, id), record in there.items():
        origin = str((record.get("provenance") or {}).get("from") or "") if kind == "finding" else ""
        known.update(dict.fromkeys(_FROM.findall(origin), id))
    return _Import(pack, pack.taken, there, known)


def _take(work: _Import, check: NanopubCheck, parts: Parts | None) -> None:
    """Decide about one nanopublication."""
    if parts is None or check.faults:
        fault = check.faults[0]
        more = f" (and {len(check.faults) - 1} more)" if len(check.faults) > 1 else ""
        work.skipped.append(NanopubLeft(check.file, check.iri, f"it is not valid: {fault.message}{more}", fault.line))
        return
    left = NanopubLeft(check.file, check.iri, _THERE)
    try:
        records = records_in(check.file, (*parts.statements["assertion"], *parts.statements["provenance"]))
    except InterchangeError as problem:
        why = f"it is one of this library, and cannot be read: {problem.problem}"
        work.skipped.append(NanopubLeft(check.file, check.iri, why, problem.line))
        return
    if is_index(parts):
        work.merged.append(replace(left, why="it is an index of others, and holds no finding"))
    elif any(kind == "finding" for kind, _ in records):
        _take_ours(work, left, records)
    elif check.iri in work.known:
        work.merged.append(left)
    elif isinstance(found := _fitting(check.iri, candidate(parts)), str):
        work.skipped.append(NanopubLeft(check.file, check.iri, found))
    else:
        _take_other(work, check, found)


def _take_ours(work: _Import, left: NanopubLeft, records: dict[tuple[str, str], Fields]) -> None:
    """A finding with all its fields, and the records that it needs."""
    findings = [record for (kind, _), record in records.items() if kind == "finding"]
    if len(findings) != 1:
        work.skipped.append(
            NanopubLeft(left.file, left.iri, f"it holds {len(findings)} findings, and a nanopublication has one")
        )
        return
    if strangers := {kind for kind, _ in records} - {*_ORDER}:
        work.losses[f"records of kind {', '.join(sorted(strangers))}, which are not taken"] += 1
        records = {name: record for name, record in records.items() if name[0] in _ORDER}
    keys = {id: _key(work, record) for (kind, id), record in records.items() if kind == "source"}
    renamed = {name: _renamed(name[0], record, keys) for name, record in records.items()}
    (finding,) = (record for (kind, _), record in renamed.items() if kind == "finding")
    id = finding["id"]
    if work.has("finding", id):
        mine = work.there.get(("finding", id)) or work.new["finding", id]
        if _plain("finding", mine) == _plain("finding", finding):
            work.merged.append(left)
        else:
            names = sorted(name for name in {*mine, *finding} if mine.get(name) != finding.get(name))
            why = f"the pack holds another finding {id!r}, with other {', '.join(names) or 'details'}; look at both"
            work.skipped.append(NanopubLeft(left.file, left.iri, why))
        return
    for (kind, _), record in sorted(renamed.items(), key=lambda item: _ORDER.index(item[0][0])):
        name = (kind, record["id"])
        if kind == "source":
            _put_source(work, record)
        elif not work.has(*name):
            work.new[name] = record
        elif _plain(kind, record) != _plain(kind, work.there.get(name) or work.new[name]):
            work.losses[f"{kind} {record['id']!r} is another in the pack, which stays"] += 1


def _key(work: _Import, record: Fields) -> str:
    """The key of a source here: that of the same work, or its own if it is free."""
    match = work.pack.shelf.match(record)
    if match is not None and match.same:
        return match.id
    return free_key(record["id"], work.taken)


def _put_source(work: _Import, record: Fields) -> None:
    key = record["id"]
    if work.has("source", key):
        return
    work.taken.add(key)
    said, reason = record.get("vendor"), record.get("vendor_reason")
    theirs = f"A nanopublication says {said}{f': {reason}' if reason else ''}" if said else ""
    work.pack.shelf.put(key, record)
    work.new["source", key] = {**record, **_undecided(theirs)}


def _undecided(said: str = "") -> Fields:
    """The flag of a source of which nobody here knows who gains by it, and what others say of that."""
    said = said or "Named by a nanopublication."
    return {"vendor": "unknown", "vendor_reason": f"{_cut(said, _STATEMENT).rstrip('.')}. Nobody here has looked."}


def _renamed(kind: str, record: Fields, keys: Mapping[str, str]) -> Fields:
    """A record with the keys that sources have here."""
    if all(key == other for key, other in keys.items()):
        return record
    copied: Fields = _copied(record)
    if kind == "source":
        copied["id"] = keys[record["id"]]
    for reference in references_of(KINDS[kind].model_validate(record)):
        if "source" in reference.kinds and reference.id in keys:
            _put_at(copied, reference.path, keys[reference.id])
    return copied


def _put_at(record: Any, path: Steps, value: str) -> None:
    for step in path[:-1]:
        record = record[step]
    if isinstance(record, list) or isinstance(record.get(path[-1]), str):
        record[path[-1]] = value


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _copied(held) for name, held in value.items()}
    return [_copied(held) for held in value] if isinstance(value, list | tuple) else value


def _plain(kind: str, record: Mapping[str, Any]) -> Any:
    """A record as it is compared: defaults said or not, ways of writing aside."""
    try:
        return KINDS[kind].model_validate(dict(record)).model_dump(mode="json", exclude_defaults=True, by_alias=True)
    except ValueError:  # one of the pack with a fault is compared as it is written
        return dict(record)


def _fitting(iri: str, found: Candidate | str) -> Candidate | str:
    """The candidate, or why no record can hold it."""
    if isinstance(found, str):
        return found
    if len(iri) > _ADDRESS:
        return f"its IRI has {len(iri):,} characters, and {_ADDRESS:,} can be kept"
    for identifier, _ in found.sources:
        try:
            KINDS["source"].model_validate(_plain_source("a", identifier))
        except ValidationError as problem:
            return f"its source {_cut(str(identifier), 80)} cannot be recorded: {problem.errors()[0]['msg']}"
    return found


def _plain_source(key: str, identifier: ids.Identifier) -> Fields:
    """A source of which nothing is known but an identifier."""
    return {"id": key, "kind": "web_page", identifier.scheme: identifier.value, **_undecided()}


def _take_other(work: _Import, check: NanopubCheck, found: Candidate) -> None:
    """A finding with a sentence and its sources, and nothing else."""
    sources = [(_source_of(work, identifier), primary) for identifier, primary in found.sources]
    signed = f", signed by {', '.join(check.signature.signers) or 'a key without a name'}" if check.signature else ""
    trusty = "whose IRI fits its statements" if check.code else "without a trusty IRI"
    whose = "spelled from its statements" if found.spelled else "in its own words"
    if found.spelled:
        work.losses["a headline was spelled from the names in its statements"] += 1
    unread = {"what": "nothing"}
    citations = [
        {"source": key, "role": "primary", "read": unread} if primary
        else {"source": key, "role": "secondary", "names": "unknown", "taken_from": "unknown", "read": unread}
        for key, primary in sources
    ]  # fmt: skip
    id = _finding_id(work, check)
    work.known[check.iri] = id
    work.new["finding", id] = {
        "id": id,
        "headline": _cut(found.sentence, _HEADLINE),
        "statement": f"What a nanopublication says, {whose}: {_cut(found.sentence, _STATEMENT)}",
        "nature": "observed",
        "design": "not_recorded",
        "preregistered": "unknown",
        "sample": {"none_because": "not_seen"},
        "no_interval": "not_seen",
        "citations": citations,
        "provenance": {
            "by": _BY,
            "on": datetime.date.today().isoformat(),
            "from": _cut(f"{_TAKEN} <{check.iri}>, {trusty}{signed}", _STATEMENT),
        },
    }


def _source_of(work: _Import, identifier: ids.Identifier) -> str:
    """The key of a source with an identifier; a new one has nothing but that."""
    fields: Fields = {identifier.scheme: identifier.value}
    match = work.pack.shelf.match(fields)
    if match is not None and match.same:
        return match.id
    key = free_key(re.sub(r"[^A-Za-z0-9:._/+-]", "", str(identifier))[:180], work.taken)
    if not tells_of_a_work(fields):  # pragma: no cover - every scheme that is read names a work
        key = citation_key(fields, work.taken)
    work.taken.add(key)
    work.pack.shelf.put(key, fields)
    work.new["source", key] = _plain_source(key, identifier)
    work.losses["of a source nothing is known but its identifier: its kind is put down as web_page"] += 1
    return key


def _finding_id(work: _Import, check: NanopubCheck) -> str:
    """An id from the artifact code, which nobody else has; without one, from a digest of the IRI."""
    name = check.code[2:] if check.code else sha256(check.iri.encode()).hexdigest()
    wanted = f"nanopub-{re.sub('[^a-z0-9]', '', name.lower())[:12]}"
    return free_key(wanted, {id for kind, id in (*work.there, *work.new) if kind == "finding"})


def _changes(work: _Import, stem: str) -> Iterator[Change]:
    """New files, one a kind; findings last, so that what they rest on is there before them."""
    for kind in _ORDER:
        records = [_without_strangers(work, kind, record) for (k, _), record in work.new.items() if k == kind]
        if records:
            folder = next(name for name, held in LISTS.items() if held == kind)
            comment = _COMMENTS.get(kind, "From nanopublications.")
            yield Change(work.pack.free_file(folder, stem), None, records_text(kind, records, comment=comment).encode())


def _without_strangers(work: _Import, kind: str, record: Fields) -> Fields:
    """A record without what it says of records that are not here; a finding keeps all it says, for ``check`` to judge."""
    if kind == "finding":
        return record
    strange: dict[str, set[int]] = {}
    for reference in references_of(KINDS[kind].model_validate(record)):
        place = reference.path[1] if len(reference.path) > 1 else None
        if isinstance(place, int) and not any(work.has(other, reference.id) for other in reference.kinds):
            strange.setdefault(str(reference.path[0]), set()).add(place)
    if not strange:
        return record
    kept = dict(record)
    for name, places in strange.items():
        work.losses[f"{name} of a {kind} that lead to records the pack does not have"] += len(places)
        held = [value for at, value in enumerate(record[name]) if at not in places]
        kept = {**kept, name: held} if held else {key: value for key, value in kept.items() if key != name}
    return kept


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
