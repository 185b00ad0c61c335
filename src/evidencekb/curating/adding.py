"""One source added to a pack, from an identifier or from a bibliography: its entry, its record, and a finding to fill in.

Nothing is guessed: the vendor flag is ``unknown``, and what the pack knows of the bodies around the work stands as hints
where the reason is to be written, so that ``check`` refuses the source until a person has decided.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidencekb import ids
from evidencekb.curating.additions import Addition
from evidencekb.curating.fitting import UNDATED, dated, unfit
from evidencekb.curating.hints import Body, Hint, hints_for, reason_of
from evidencekb.curating.keys import citation_key, file_stem, free_key
from evidencekb.curating.opening import OpenPack, open_pack
from evidencekb.curating.scaffolding import finding_text
from evidencekb.curating.shelf import Match, bodies_of
from evidencekb.errors import CurationError, UnknownIdError
from evidencekb.names import near
from evidencekb.report import Severity, Violation
from evidencekb.sources.bibtex import read_bibtex
from evidencekb.sources.bibwriting import unwritten, write_bibtex
from evidencekb.sources.fields import source_fields
from evidencekb.sources.files import BibliographyFile, read_bibliography
from evidencekb.sources.items import Entry, Loss
from evidencekb.sources.kinds import ALWAYS_EXPECTED, EXPECTED, kind_of
from evidencekb.store.changes import Change, apply
from evidencekb.store.dumping import record_text
from evidencekb.store.editing import read_text, with_field
from evidencekb.vocab import SourceKind

if TYPE_CHECKING:
    from evidencekb.sources.client import Client
    from evidencekb.sources.services.records import Facts, Looked
    from evidencekb.sources.standing.report import SourceStanding

_TIES = {"publisher": "publisher", "funder": "funder", "affiliation": "author_employer", "institution": "publisher"}
# A body that wrote a work stands for those in it who did.
_AS_TIE = {"author": "author_employer"}
# What services send along with a work and a reference does not need: texts of others.
_NOT_COPIED = ("abstract", "keyword", "note", "annote")
_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,119}")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person who adds a work wants of it; everything is optional.

    Attributes:
        key: Its citation key.
        kind: Its kind of source, a term of :class:`~evidencekb.vocab.SourceKind`.
        version_of: Key of a source that is another version of the same work.
        finding: Id of a finding to scaffold beside it.
    """

    key: str | None = None
    kind: str | None = None
    version_of: str | None = None
    finding: str | None = None


def add_source(
    root: Path | str,
    identifier: str,
    *,
    client: Client,
    key: str | None = None,
    kind: str | None = None,
    version_of: str | None = None,
    finding: str | None = None,
    today: datetime.date | None = None,
) -> Addition:
    """Look a work up and add it to a pack as a source; nobody is asked about one that is there already.

    Args:
        root: The pack's folder.
        identifier: A DOI, arXiv number, PubMed number, ISBN or address, as people paste them.
        client: Asks the services, or its cache when it is offline.
        key: Citation key; default: author, year and a word of the title.
        kind: Kind of source; default: what the registry's type says.
        version_of: Key of a source that is another version of the same work.
        finding: Id of a finding to scaffold beside it, also for a source that is there already.
        today: The day that is written into records; default: today.

    Raises:
        LookupFailed: If no service knows it, or none could be asked.
        CurationError: If the pack cannot be added to as asked, or the text is no identifier that can be looked up; nothing
            was written.
        UnknownIdError: If there is no such kind or other version.
    """
    from evidencekb.sources.lookup import look_up

    try:
        found = ids.parse(identifier)
    except ValueError as wrong:
        raise CurationError(f"{wrong}; nothing was added") from wrong
    plan = _plan(root, Wishes(key, kind, version_of, finding), today)
    there = plan.pack.shelf.match({found.scheme: found.value})
    if there is not None and there.same and there.id in plan.pack.sources:
        plan.meet(there)
    else:
        try:
            looked = look_up(found, client=client)
        except ValueError as wrong:
            raise CurationError(f"{wrong}; nothing was added") from wrong
        plan.add(_of_service(looked, client, plan.today))
    return plan.carry_out()[0]


def add_from_file(
    root: Path | str,
    path: Path | str,
    keys: str | Sequence[str] = (),
    *,
    kind: str | None = None,
    version_of: str | None = None,
    finding: str | None = None,
    today: datetime.date | None = None,
) -> tuple[Addition, ...]:
    """Add works of a bibliography (BibTeX, RIS or CSL-JSON) to a pack as sources.

    Args:
        root: The pack's folder.
        path: The bibliography; it is only read.
        keys: Keys of the entries to add; default: the only one there is.
        kind: Kind of source of all of them; default: what each entry's type says.
        version_of: Key of a source that is another version of the same work; for one entry.
        finding: Id of a finding to scaffold; for one entry.
        today: The day that is written into records; default: today.

    Returns:
        One addition an entry, in the order of ``keys``.

    Raises:
        CurationError: If the pack cannot be added to as asked, or the file holds several entries and none was named.
        UnknownIdError: If the file has no entry with a key, or there is no such kind or other version.
    """
    path = Path(path)
    read = read_bibliography(path)
    by_key = {entry.key: entry for entry in read.entries}
    wanted = list(dict.fromkeys((keys,) if isinstance(keys, str) else keys)) or list(by_key)
    if not by_key:
        why = "; ".join(map(str, read.violations[:1])) or "it is empty"
        raise CurationError(f"{path} holds no work that can be read ({why}); nothing was added")
    if not keys and len(wanted) != 1:
        raise CurationError(
            f"{path} holds {len(wanted)} entries; name those to add, or take all of them with `evidencekb import`"
        )
    if len(wanted) > 1 and (version_of or finding):
        raise CurationError("another version or a finding belongs to one entry; name one; nothing was added")
    for name in wanted:
        if name not in by_key:
            raise UnknownIdError(f"entry of {path.name}", name, near(name, by_key))
    plan = _plan(root, Wishes(None, kind, version_of, finding), today)
    for name in wanted:
        plan.add(_of_file(by_key[name], read, plan.pack.months))
    return plan.carry_out()


@dataclass(frozen=True, slots=True)
class _Work:
    """A work on its way into the pack, and what is known beside it."""

    entry: Entry
    file: BibliographyFile | None = None
    spelled: Collection[str] = ()
    violations: tuple[Violation, ...] = ()
    facts: Facts | None = None
    looked: Looked | None = None
    standing: SourceStanding | None = None

    def text(self, key: str) -> tuple[str, tuple[Loss, ...]]:
        """Its entry as BibTeX under a key, and what is not kept."""
        if self.file is not None:
            anew = any(loss.reason == UNDATED for loss in self.entry.losses)
            return self.file.bibtex(self.entry, key, spelled=self.spelled, anew=anew)
        item = {**self.entry.item, "id": key}
        return write_bibtex([item]), (*self.entry.losses, *unwritten(item))

    @property
    def bodies(self) -> Iterator[Body]:
        """Whom the registry and the reference name."""
        for each in self.facts.organisations if self.facts else ():
            yield Body(each.name, _TIES[each.role], each.ror or None)
        for name, tie in bodies_of(source_fields(self.entry.item)):
            yield Body(name, tie)


def _of_service(looked: Looked, client: Client, today: str) -> _Work:
    item = {name: value for name, value in looked.entry.item.items() if name not in _NOT_COPIED}
    dropped = (
        Loss(name, "", "a text of others, which is not copied") for name in _NOT_COPIED if looked.entry.item.get(name)
    )
    entry = _held(Entry(looked.entry.key, item, losses=(*looked.entry.losses, *dropped)))
    return _Work(entry, facts=looked.facts, looked=looked, standing=_standing(item, client, today))


def _of_file(entry: Entry, read: BibliographyFile, spelled: Collection[str]) -> _Work:
    about = (v for v in read.violations if v.severity is not Severity.ERROR or v.subject.id == entry.key)
    return _Work(_held(entry), file=read, spelled=spelled, violations=tuple(about))


def _held(entry: Entry) -> Entry:
    """The entry without dates that no record can hold."""
    item, lost = dated(entry.item)
    return replace(entry, item=item, losses=(*entry.losses, *lost)) if lost else entry


def _standing(item: dict[str, Any], client: Client, today: str) -> SourceStanding | None:
    """What Crossref tells of retractions and the like, of a work with a DOI."""
    fields = source_fields(item)
    if "doi" not in fields:
        return None
    from evidencekb.sources.standing.checking import check_standing

    return check_standing([{"id": str(item.get("id", "")), **fields}], client=client, today=today).sources[0]


def _plan(root: Path | str, wishes: Wishes, today: datetime.date | None) -> _Plan:
    """A plan for wishes that can be granted."""
    pack = open_pack(Path(root))
    if wishes.kind is not None and wishes.kind not in set(SourceKind):
        kinds = tuple(map(str, SourceKind))
        raise UnknownIdError("kind of source", wishes.kind, near(wishes.kind, kinds) or kinds)
    if wishes.key is not None and free_key(wishes.key, pack.taken) != wishes.key:
        why = "stands already" if wishes.key in pack.taken else "is no citation key (letters, digits and : . _ / + -)"
        raise CurationError(f"the key {wishes.key!r} {why}; give another one; nothing was added")
    if wishes.finding is not None:
        if not _SLUG.fullmatch(wishes.finding):
            raise CurationError(
                f"{wishes.finding!r} is no id of a finding (lower-case letters, digits, hyphens); nothing was added"
            )
        if wishes.finding in pack.findings:
            raise CurationError(f"a finding {wishes.finding!r} stands already; give another id; nothing was added")
    if wishes.version_of is not None and wishes.version_of not in pack.sources:
        raise UnknownIdError("source", wishes.version_of, near(wishes.version_of, pack.sources))
    return _Plan(pack, wishes, str(today or datetime.date.today()))


@dataclass(slots=True)
class _Plan:
    """Additions of one call, and all that they write."""

    pack: OpenPack
    wishes: Wishes
    today: str
    additions: list[Addition] = field(default_factory=list)
    entries: dict[str, str] = field(default_factory=dict)
    records: list[Change] = field(default_factory=list)

    def meet(self, there: Match) -> None:
        """A work that is there already; only its finding may be new."""
        fields = self.pack.shelf.fields[there.id]
        files = self._finding(there.id)
        self.additions.append(Addition(there.id, str(fields.get("kind", "")), fields, files, there=there))

    def add(self, work: _Work) -> None:
        """See whether a work is there, choose its key, write what belongs to it."""
        item = work.entry.item
        fields = source_fields(item)
        kind = self.wishes.kind or kind_of(item)
        match = self.pack.shelf.match({**fields, "kind": kind})
        same = match if match is not None and match.same else None
        if same is not None and same.id in self.pack.sources:
            self.meet(same)
            return
        if fault := unfit({**fields, "kind": kind}):
            raise CurationError(f"{work.entry.key or 'the work'}: {fault}; nothing was added")
        awaited = same is None and work.file is not None and self.pack.awaits(work.entry.key)
        key = same.id if same else work.entry.key if awaited else self._key(work, fields)
        losses: tuple[Loss, ...] = ()
        if same is None:
            text, losses = work.text(key)
            self.entries[key] = text
            kept: Mapping[str, Any] = source_fields(read_bibtex(text, "").entries[0].item)
        else:
            kept = {name: value for name, value in self.pack.shelf.fields[key].items() if name != "kind"}
        hints = hints_for(work.bodies, self.pack.organizations)
        record = self._record(key, kind, hints, work.standing)
        record |= {name: value for name, value in fields.items() if name not in kept}
        fields |= kept
        written = self._finding(key)
        if not awaited:
            path = self.pack.free_file("sources", file_stem(key))
            self.records.append(Change(path, None, record_text("source", record).encode()))
            written = (path.relative_to(self.pack.root).as_posix(), *written)
        versions = tuple(_versions(work.facts, fields))
        self.additions.append(
            Addition(
                key, kind, fields, written,
                service=work.looked.service if work.looked else None,
                fetched_on=work.looked.fetched_on if work.looked else None,
                version_of=self._other_version(match, versions),
                versions=tuple(f"{relation.replace('-', ' ')} {other}" for relation, other in versions),
                standing=work.standing,
                interests=work.facts.interests if work.facts else "",
                hints=hints,
                unknown=tuple(name for name in EXPECTED.get(kind, ALWAYS_EXPECTED) if name not in fields),
                losses=losses,
                violations=work.violations,
            )
        )  # fmt: skip
        self.pack.shelf.put(key, {**fields, "kind": kind})

    def carry_out(self) -> tuple[Addition, ...]:
        """Write everything, or nothing."""
        if not self.entries:
            apply(self.records, within=self.pack.root)
            return tuple(self.additions)
        bibliography = self.pack.bibliography("\n".join(self.entries.values()))
        apply([bibliography, *self.records], within=self.pack.root)
        name = bibliography.path.name
        return tuple(
            replace(each, files=(name, *each.files)) if each.key in self.entries else each for each in self.additions
        )

    def _key(self, work: _Work, fields: dict[str, Any]) -> str:
        if self.wishes.key is not None:
            return self.wishes.key
        if work.file is not None and work.file.format == "bibtex":
            return free_key(work.entry.key, self.pack.taken)
        return citation_key(fields, self.pack.taken)

    def _record(self, key: str, kind: str, hints: Sequence[Hint], standing: SourceStanding | None) -> dict[str, Any]:
        record: dict[str, Any] = {"id": key, "kind": kind, "vendor": "unknown", "vendor_reason": reason_of(hints)}
        if self.wishes.version_of is not None:
            record["work"] = self._work_of(self.wishes.version_of)
        known = dict.fromkeys(
            (hint.organization, _AS_TIE.get(hint.body.tie, hint.body.tie)) for hint in hints if hint.organization
        )
        if known:
            record["interests"] = [{"organization": organization, "tie": tie} for organization, tie in known]
        if standing is not None and standing.suggested:
            record["standing"] = dict(standing.suggested)
        return record

    def _work_of(self, other: str) -> str:
        """The slug that all versions of another source's work share; one is written into its record where it has none."""
        if work := self.pack.shelf.fields[other].get("work"):
            return str(work)
        place = self.pack.places.get(other)
        if place is None:
            raise CurationError(
                f"source {other!r} has no 'work' that its versions could share, and its record is in another pack, which "
                "this one extends; nothing was added"
            )
        slug = file_stem(other)
        path = self.pack.root / place.file
        before, text = read_text(path)
        try:
            changed = with_field(text, "source", other, "work", slug, name=place.file)
        except CurationError as wrong:
            raise CurationError(f"{wrong}: write 'work: {slug}' into it first; nothing was added") from wrong
        self.records.append(Change(path, before, changed.encode()))
        return slug

    def _finding(self, source: str) -> tuple[str, ...]:
        """The file of the finding that was wished for."""
        if (id := self.wishes.finding) is None:
            return ()
        path = self.pack.free_file("findings", file_stem(id))
        self.records.append(Change(path, None, finding_text(id, source, today=self.today).encode()))
        return (path.relative_to(self.pack.root).as_posix(),)

    def _other_version(self, match: Match | None, versions: Iterable[tuple[str, ids.Identifier]]) -> Match | None:
        """Another version that the pack holds: as the registry says, or else as titles and authors tell."""
        for relation, other in versions:
            found = self.pack.shelf.match({other.scheme: other.value})
            if found is not None:
                return Match(found.id, f"the registry: {relation.replace('-', ' ')} {other}", same=False)
        return match if match is not None and not match.same else None


def _versions(facts: Facts | None, fields: dict[str, Any]) -> Iterator[tuple[str, ids.Identifier]]:
    """Other versions that a registry names; some name the work itself."""
    own = {ids.Identifier(scheme, str(fields[scheme])) for scheme in ids.SOURCE_SCHEMES if fields.get(scheme)}
    for other in facts.versions if facts else ():
        if other.identifier is not None and other.identifier not in own:
            yield other.relation, other.identifier
