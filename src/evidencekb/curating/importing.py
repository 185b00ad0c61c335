"""A whole bibliography taken into a pack: what was added, what was merged, what was skipped and why.

Entries of a .bib file go into the pack's bibliography word for word; those of other formats are written as BibTeX. Each gets
a source record whose vendor flag is ``unknown`` and has no reason yet: a finding that rests on it is refused until a person
has decided.
"""

from __future__ import annotations

import gc
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from evidencekb.curating.filling import fill
from evidencekb.curating.fitting import dated, unfit
from evidencekb.curating.keys import citation_key, file_stem, free_key
from evidencekb.curating.opening import OpenPack, open_pack
from evidencekb.curating.shelf import Fields, Match, tells_of_a_work
from evidencekb.engines.rows import text_key
from evidencekb.report import Severity, Violation
from evidencekb.sources.bibblocks import blocks
from evidencekb.sources.bibediting import Cuts, set_fields
from evidencekb.sources.bibtex import read_bibtex
from evidencekb.sources.corrections import expected, outdated
from evidencekb.sources.fields import source_fields
from evidencekb.sources.files import BibliographyFile, read_bibliography
from evidencekb.sources.items import Entry, Item, Loss
from evidencekb.sources.kinds import kind_of
from evidencekb.store.changes import Change, apply
from evidencekb.store.dumping import short_records_text

_SHOWN = 20
_UNDECIDED = (
    "Nobody has decided who gains by these: a finding that rests on one is refused until its flag has a reason."
)


@dataclass(frozen=True, slots=True)
class AddedEntry:
    """A work that is new to the pack.

    Attributes:
        key: Its key in the pack.
        was: Its key in the file, when that could not be kept.
        line: Where it stands in the file, from 1; 0 where there are no lines.
        version_of: Another version of the work that the pack holds.
    """

    key: str
    was: str | None
    line: int
    version_of: Match | None = None


@dataclass(frozen=True, slots=True)
class MergedEntry:
    """A work that the pack had, and that lacked something.

    Attributes:
        key: Its key in the file; "" when it has none there.
        line: Where it stands in the file, from 1; 0 where there are no lines.
        into: Its key in the pack.
        because: What the two share.
        fields: CSL variables that the pack's entry lacked and now has.
        differ: Fields in which the two differ; the pack's stay.
    """

    key: str
    line: int
    into: str
    because: str
    fields: tuple[str, ...]
    differ: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SkippedEntry:
    """A work that was not taken.

    Attributes:
        key: Its key in the file; "" when it has none there.
        line: Where it stands in the file, from 1; 0 where there are no lines.
        why: Why.
        differ: Fields in which it differs from what the pack has.
    """

    key: str
    line: int
    why: str
    differ: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of every entry of a file: each was added, merged or skipped.

    Attributes:
        file: The file, as named.
        read: How many entries were read.
        added: New works.
        merged: Works that the pack had, with something new.
        skipped: Works not taken, and why.
        losses: By key in the file, what was read and is not kept.
        violations: What could not be read.
        files: Files written, relative to the pack's folder.
        corrections: Corrections of the pack that do not fit what the file says by now, as sentences.
    """

    file: str
    read: int
    added: tuple[AddedEntry, ...] = ()
    merged: tuple[MergedEntry, ...] = ()
    skipped: tuple[SkippedEntry, ...] = ()
    losses: tuple[tuple[str, Loss], ...] = ()
    violations: tuple[Violation, ...] = ()
    files: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "file": self.file,
            "read": self.read,
            "added": [asdict(added) for added in self.added],
            "merged": [asdict(merged) for merged in self.merged],
            "skipped": [asdict(skipped) for skipped in self.skipped],
            "losses": [{"key": key, **asdict(loss)} for key, loss in self.losses],
            "violations": [violation.to_dict() for violation in self.violations],
            "files": list(self.files),
            "corrections": list(self.corrections),
        }

    def __str__(self) -> str:
        return "\n".join(self._lines())

    @property
    def ok(self) -> bool:
        """True if everything in the file could be read, and no correction of the pack is out of date by it."""
        return not self.corrections and not any(violation.severity is Severity.ERROR for violation in self.violations)

    def _lines(self) -> Iterator[str]:
        yield from _some(map(str, self.violations))
        yield from _some(f"a correction does not hold: {correction}" for correction in self.corrections)
        renamed = [added for added in self.added if added.was is not None]
        yield from _some(f"renamed: {added.was!r} is {added.key!r} here" for added in renamed)
        yield from _some(
            f"another version? {added.key!r} and {added.version_of.id!r} ({added.version_of.because})"
            for added in self.added
            if added.version_of
        )
        yield from _some(
            f"merged: {_named(merged.key, merged.line)} into {merged.into!r} (same {merged.because}): {', '.join(merged.fields)}"
            f"{_differing(merged.differ)}"
            for merged in self.merged
        )
        yield from _some(
            f"skipped: {_named(skipped.key, skipped.line)}: {skipped.why}{_differing(skipped.differ)}"
            for skipped in self.skipped
        )
        lost = Counter((loss.field, loss.reason) for _, loss in self.losses)
        yield from _some(f"not kept: {name} of {count:,} ({reason})" for (name, reason), count in lost.most_common())
        yield (
            f"{self.file}: {self.read:,} read, {len(self.added):,} added, {len(self.merged):,} merged, "
            f"{len(self.skipped):,} skipped, {len(self.violations):,} problems"
        )
        yield from (f"wrote {file}" for file in self.files)


@dataclass(slots=True)
class _Import:
    """What is to be written, while the entries are gone through."""

    pack: OpenPack
    read: BibliographyFile
    taken: set[str]
    added: list[AddedEntry] = field(default_factory=list)
    merged: list[MergedEntry] = field(default_factory=list)
    skipped: list[SkippedEntry] = field(default_factory=list)
    losses: list[tuple[str, Loss]] = field(default_factory=list)
    records: list[tuple[str, str]] = field(default_factory=list)
    items: dict[str, Item] = field(default_factory=dict)
    new: dict[str, str] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
    edits: dict[str, dict[str, dict[str, str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(dict)))
    cuts: dict[str, Cuts] = field(default_factory=dict)
    months: Collection[str] = ()
    corrections: list[str] = field(default_factory=list)

    def text_of(self, key: str) -> str | None:
        """An entry of the pack, or a new one, as it stands; None when it has none that can be cut out of its file."""
        if key in self.new or key not in self.pack.files:
            return self.new.get(key)
        if not self.cuts:
            names = set(self.pack.files.values())
            self.cuts = {name: Cuts.of(self.pack.texts[name]) for name in names}
        return self.held.get(key) or self.cuts[self.pack.files[key]].entry(key)


def import_file(
    root: Path | str,
    path: Path | str,
    *,
    dry: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Take every work of a bibliography (BibTeX, RIS or CSL-JSON) into a pack, all at once or not at all.

    Args:
        root: The pack's folder.
        path: The bibliography; it is only read.
        dry: True reports what would become of each entry and writes nothing; ``files`` is then empty.
        progress: Told now and then how many entries are done, and of how many.

    Raises:
        CurationError: If the pack cannot be added to, or nobody knows the file's format.
        ChangedMeanwhileError: If a file of the pack was changed while this ran.
        OSError: If the file cannot be read, or the pack not be written.
    """
    path = Path(path)
    with _uncollected():
        read = read_bibliography(path)
        pack = open_pack(Path(root))
        work = _Import(pack, read, pack.taken, items=dict(pack.items), months=pack.months)
        for done, entry in enumerate(read.entries, start=1):
            _take(work, entry)
            if progress and (done % 500 == 0 or done == len(read.entries)):
                progress(done, len(read.entries))
        changes = list(_changes(work, path))
    if not dry:
        apply(changes, within=pack.root)
    names = [change.path.relative_to(pack.root).as_posix() for change in changes]
    return ImportReport(
        path.name, len(read.entries), tuple(work.added), tuple(work.merged), tuple(work.skipped), tuple(work.losses),
        read.violations, () if dry else tuple(sorted(names, key=lambda name: not name.endswith(".bib"))),
        tuple(dict.fromkeys(work.corrections)),
    )  # fmt: skip


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles: of many small records that all stay, it would go through each again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _take(work: _Import, entry: Entry) -> None:
    """Decide about one entry."""
    fields = _fields(entry.item)
    if not tells_of_a_work(fields):
        work.skipped.append(SkippedEntry(entry.key, entry.line, "it has no title, name or identifier of a work"))
        return
    lost: tuple[Loss, ...] = ()
    if fault := unfit(fields):
        item, lost = dated(entry.item)
        entry, fields = replace(entry, item=item), _fields(item)
        fault = unfit(fields)
    match = work.pack.shelf.match(fields)
    if match is not None and match.same:
        _meet(work, entry, match)
        return
    if fault:
        work.skipped.append(SkippedEntry(entry.key, entry.line, f"{fault}; mend it in the file, and import it again"))
        return
    awaited = _awaited(work, entry, fields)
    key = awaited or _new_key(work, entry, fields)
    text, losses = work.read.bibtex(entry, key, spelled=work.months, anew=bool(lost))
    losses = (*lost, *losses)
    # What is left of a work that loses something may be there already, from an earlier import.
    there = work.pack.shelf.match(_fields(read_bibtex(text, "").entries[0].item)) if losses else None
    if there is not None and there.same:
        _meet(work, entry, there)
        return
    work.taken.add(key)
    work.pack.shelf.put(key, fields)
    was = entry.key if entry.key not in ("", key) else None
    work.added.append(AddedEntry(key, was, entry.line, match))
    work.items[key], work.new[key] = entry.item, text
    work.losses.extend((entry.key, loss) for loss in losses)
    if not awaited:
        work.records.append((key, fields["kind"]))


def _fields(item: Item) -> dict[str, Any]:
    return {"kind": kind_of(item), **source_fields(item)}


def _awaited(work: _Import, entry: Entry, fields: Fields) -> str:
    """The key of a source record that was written before its entry, as by an import that was cut off; '' for none."""
    if work.pack.awaits(entry.key):
        return entry.key
    made = citation_key(fields, ()) if work.pack.places and work.read.format != "bibtex" else ""
    return made if made and work.pack.awaits(made) else ""


def _new_key(work: _Import, entry: Entry, fields: Fields) -> str:
    """The entry's own key, or the nearest that is free; one that was made for it where it has none but a number."""
    if work.read.format == "bibtex" or re.search("[A-Za-z]{2}", entry.key):
        return free_key(entry.key, work.taken)
    return citation_key(fields, work.taken)


def _meet(work: _Import, entry: Entry, match: Match) -> None:
    """An entry that is there: what the pack's own entry lacks is added to it, and nothing is changed."""
    mine, theirs = source_fields(entry.item), work.pack.shelf.fields[match.id]
    wrong = expected(theirs, mine)
    differ = tuple(
        sorted(name for name in mine if theirs.get(name) and name not in wrong and not _alike(mine[name], theirs[name]))
    )
    work.corrections += (
        f"source {match.id!r}: {said}" for said in outdated(theirs, mine, by=_named(entry.key, entry.line))
    )
    variables = _merge(work, entry, match.id)
    work.losses.extend((entry.key, loss) for loss in _left(work, entry, match.id))
    if variables:
        work.merged.append(MergedEntry(entry.key, entry.line, match.id, match.because, variables, differ))
        return
    lacking = sorted(name for name in mine if not theirs.get(name))
    more = f"; {', '.join(lacking)} of it were not there, and can be added by hand" if lacking else ""
    why = f"same {match.because} as {match.id!r}{more}"
    if match.id not in work.pack.sources and match.id in work.pack.files:
        why += f"; that entry has no source record yet, which `evidencekb add --from FILE --entry {match.id}` writes"
    work.skipped.append(SkippedEntry(entry.key, entry.line, why, differ))


def _merge(work: _Import, entry: Entry, key: str) -> tuple[str, ...]:
    """Add to the pack's own entry what it lacks; the variables added."""
    missing = {name: value for name, value in entry.item.items() if name not in work.items.get(key, entry.item)}
    text = work.text_of(key) if missing else None
    if text is None:
        return ()
    filled = fill(text, missing)
    if filled.variables:
        if key in work.new:
            work.new[key] = filled.text
        else:
            work.held[key] = filled.text
            work.edits[work.pack.files[key]][key] |= filled.fields
        work.items[key] = {**work.items[key], **{name: missing[name] for name in filled.variables}}
        work.pack.shelf.put(key, {**source_fields(work.items[key]), **work.pack.shelf.fields[key]})
    return filled.variables


def _left(work: _Import, entry: Entry, key: str) -> Iterator[Loss]:
    """What the file says beside the work, and the pack's entry does not have: it stays in the file alone."""
    text = work.text_of(key) if entry.losses else None
    held = {each.name.lower() for block in blocks(text) for each in block.fields} if text else set()
    for loss in entry.losses:
        if loss.field.lower() not in held:
            yield replace(loss, reason=f"the work was there; {loss.reason}")


def _changes(work: _Import, path: Path) -> Iterator[Change]:
    """All that is written: edited bibliographies, new entries, and one file of source records."""
    root, edited = work.pack.root, {}
    for name, values in work.edits.items():
        before = work.pack.held(root / name) or b""
        edited[root / name] = Change(root / name, before, set_fields(before.decode(), values).encode())
    # The records come first: interrupted behind them, the same import done again gives each its entry.
    if work.records:
        text = short_records_text(
            "source", ({"id": key, "kind": kind, "vendor": "unknown"} for key, kind in work.records), comment=_UNDECIDED
        )
        yield Change(work.pack.free_file("sources", file_stem(path.stem)), None, text.encode())
    if work.new:
        added = work.pack.bibliography("\n".join(work.new.values()), edited)
        edited[added.path] = added
    yield from edited.values()


def _alike(one: Any, other: Any) -> bool:
    return text_key(str(one)) == text_key(str(other))


def _named(key: str, line: int) -> str:
    """An entry of the file, as far as it can be named."""
    return (repr(key) if key else "an entry without a key") + (f" at line {line}" if line else "")


def _differing(names: tuple[str, ...]) -> str:
    return f"; they differ in {', '.join(names)}" if names else ""


def _some(lines: Iterable[str]) -> Iterator[str]:
    """The first lines, and how many more there are."""
    held = list(lines)
    yield from held[:_SHOWN]
    if len(held) > _SHOWN:
        yield f"… and {len(held) - _SHOWN:,} more such"
