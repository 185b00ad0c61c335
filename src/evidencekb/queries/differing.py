"""diff: two states of a pack, in words of findings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING, Any

from evidencekb.answers.base import Json
from evidencekb.answers.differences import Change, Difference, State, changed

if TYPE_CHECKING:
    from typing import TypeAlias

    from evidencekb.kb import KnowledgeBase
    from evidencekb.loading.revisions import Records

    PackState: TypeAlias = "str | PathLike[str] | KnowledgeBase"

Key = tuple[str, str]

_DIGESTS = "SELECT kind, id, digest FROM record ORDER BY kind, id"
_BODY = "SELECT body FROM record WHERE kind = ? AND id = ?"
# In this order: what others refer to is renamed first.
_KINDS = (
    "organization",
    "concept",
    "cohort",
    "definition",
    "source",
    "finding",
    "claim",
    "untraced",
    "gap",
    "exclusion",
    "aspect",
)
_IDENTIFIERS = ("doi", "arxiv", "pmid", "isbn")


def diff(old: PackState, new: PackState) -> Difference:
    """How two states of a pack differ, in words of findings: ``−40% → −37%``, ``n 444 → 453``, a flag, a retraction.

    Worst comes first: what changes a figure that pages print, then what changes how far it may be trusted (standing, flag,
    primary source, what a claim rests on), then wording and details. A record that is called otherwise and is plainly the
    same is renamed, not removed and added.

    Only records whose digests differ are read, and neither state is checked or built: it may break rules. Memory grows with
    what changed, not with the packs.

    Args:
        old: The one before: a folder, a sealed file or an open knowledge base; ``git:REV``, which is the folder that it is
            compared with, or else the pack here, at that revision; or ``REV:path``, the path told from the root of the
            repository.
        new: The one after.

    Raises:
        QuestionError: If one names nothing, or git is needed and is not there or does not have it.
        FileNotFoundError: If there is nothing at a path.
        SealedFileError: If a sealed file is cut, foreign, or written by another version.

    Examples:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     old, new = Path(folder, "old"), Path(folder, "new")
        ...     for place, flag in ((old, "independent"), (new, "vendor")):
        ...         place.mkdir()
        ...         _ = (place / "pack.yaml").write_text("{name: mine, version: 1.0.0}")
        ...         _ = (place / "all.yaml").write_text(f"sources: [{{id: doe2024, kind: report, vendor: {flag}}}]")
        ...     print(diff(old, new).changes[0])
        source doe2024: flag independent → vendor
    """
    # Reading and comparing records takes pydantic and more, which other questions do without.
    from evidencekb.loading.revisions import records_of

    with records_of(old, beside=new) as before, records_of(new, beside=old) as after:
        changes = sorted(_changes(before, after), key=lambda change: change.order)
        return Difference(_state(before), _state(after), tuple(changes))


def _state(records: Records) -> State:
    return State(records.named, records.pack, records.version, records.digest, records.unread)


def _changes(before: Records, after: Records) -> Iterator[Change]:
    from evidencekb.answers.comparing import changes_of, whole

    differing, gone, fresh = _differing(before, after)
    names = _Names()
    pairs = _renamed(before, after, gone, fresh, names)
    for (kind, id), new_id in pairs.items():
        gone.discard((kind, id))
        fresh.discard((kind, new_id))
        renamed = changed("renamed", kind, new_id, "id", id, new_id, f"{kind} {id} is called {new_id} now")
        yield _about(before, after, renamed, id)
        old_body, new_body = names.now(kind, _body(before, (kind, id))), _body(after, (kind, new_id))
        if {**old_body, "id": new_id} != new_body:
            yield from (_about(before, after, change, id) for change in changes_of(kind, new_id, old_body, new_body))
    for key in differing:
        old_body, new_body = names.now(key[0], _body(before, key)), _body(after, key)
        if old_body != new_body:
            yield from (_about(before, after, change) for change in changes_of(*key, old_body, new_body))
    for key in gone:
        yield _about(before, after, whole(*key, _body(before, key), added=False))
    for key in fresh:
        yield _about(before, after, whole(*key, _body(after, key), added=True))


def _differing(before: Records, after: Records) -> tuple[list[Key], set[Key], set[Key]]:
    """Kind and id of the records that differ, that are gone, and that are new; both sides are gone through once."""
    differing: list[Key] = []
    gone, fresh = set[Key](), set[Key]()
    if before.digest == after.digest:
        return differing, gone, fresh
    olds, news = iter(before.ask(_DIGESTS, ())), iter(after.ask(_DIGESTS, ()))
    old, new = next(olds, None), next(news, None)
    while old or new:
        if new is None or (old is not None and old[:2] < new[:2]):
            assert old is not None
            gone.add((old[0], old[1]))
            old = next(olds, None)
        elif old is None or new[:2] < old[:2]:
            fresh.add((new[0], new[1]))
            new = next(news, None)
        else:
            if old[2] != new[2]:
                differing.append((old[0], old[1]))
            old, new = next(olds, None), next(news, None)
    return differing, gone, fresh


def _body(records: Records, key: Key) -> Json:
    ((body,),) = records.ask(_BODY, key)
    record: Json = json.loads(body)
    return record


# Renamed records.


class _Names:
    """What records are called by now."""

    def __init__(self) -> None:
        self._now: dict[str, dict[str, str]] = {}

    def put(self, kind: str, old: str, new: str) -> None:
        self._now.setdefault(kind, {})[old] = new

    def now(self, kind: str, record: Json) -> Json:
        """A record with the ids of others that were renamed as they are by now; its own stays."""
        if not self._now:
            return record
        now = {old: new for held in self._now.values() for old, new in held.items()}
        renamed: Json = _called(record, now)
        return {**renamed, "id": record["id"]} if "id" in record else renamed


def _called(value: Any, now: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _called(item, now) for name, item in value.items()}
    if isinstance(value, list):
        return [_called(item, now) for item in value]
    return now.get(value, value) if isinstance(value, str) else value


def _renamed(before: Records, after: Records, gone: set[Key], fresh: set[Key], names: _Names) -> dict[Key, str]:
    """Records that are called otherwise by now, as far as that is plain: each with its new id."""
    found: dict[Key, str] = {}
    for kind in _KINDS:
        olds = _by_mark(before, kind, [id for k, id in gone if k == kind], names)
        news = _by_mark(after, kind, [id for k, id in fresh if k == kind], _Names()) if olds else {}
        for mark in olds.keys() & news.keys():
            (old, *others), (new, *twins) = olds[mark], news[mark]
            if not others and not twins and (kind, old) not in found and new not in found.values():
                found[kind, old] = new
                names.put(kind, old, new)
    return found


def _by_mark(records: Records, kind: str, ids: list[str], names: _Names) -> dict[tuple[str, ...], list[str]]:
    """Ids by what makes it plain which record it is; an id may stand under several."""
    found: dict[tuple[str, ...], list[str]] = {}
    for id in sorted(ids):
        for mark in _marks(kind, names.now(kind, _body(records, (kind, id)))):
            found.setdefault(mark, []).append(id)
    return found


def _marks(kind: str, record: Json) -> Iterator[tuple[str, ...]]:
    """All of it but the id; of a source its identifier and version; of a finding its primary source and its figures."""
    yield "all", json.dumps({name: value for name, value in record.items() if name != "id"}, sort_keys=True)
    if kind == "source":
        for scheme in _IDENTIFIERS:
            if record.get(scheme):
                yield scheme, str(record[scheme]).casefold(), str(record.get("version"))
    if kind == "finding" and record.get("estimates"):
        primaries = [c["source"] for c in record.get("citations", ()) if c["role"] == "primary"]
        yield "figures", json.dumps([primaries, record["estimates"], record.get("sample")], sort_keys=True)


# What a change concerns.

_CITING = "SELECT finding FROM citation WHERE source = ?"
_FINDINGS = {
    "source": _CITING,
    "organization": "SELECT c.finding FROM interest i JOIN citation c ON c.source = i.source AND c.role = 'primary' "
    "WHERE i.organization = ?",
    "definition": "SELECT finding FROM estimate WHERE definition = ?1 UNION "
    "SELECT finding FROM finding_definition WHERE definition = ?1",
    "cohort": "SELECT finding FROM finding_cohort WHERE cohort = ?",
    "concept": "SELECT finding FROM finding_concept WHERE concept = ?1 UNION SELECT finding FROM estimate WHERE outcome = ?1",
    "claim": "SELECT finding FROM support WHERE claim = ?",
    "exclusion": "SELECT finding FROM bears_on WHERE exclusion = ?",
    "untraced": "SELECT finding FROM untraced_near WHERE untraced = ?",
}
_PRIMARY = f"{_CITING} AND role = 'primary'"
_CLAIMS = "SELECT claim FROM support WHERE finding IN (SELECT value FROM json_each(?))"
_BY_FIGURE = "SELECT claim FROM support WHERE finding = ? AND estimate IN ('', ?)"


def _about(before: Records, after: Records, change: Change, before_id: str = "") -> Change:
    """A change with the cards and claims that it concerns, in either state."""
    findings, claims = set[str](), set[str]()
    for records, id in ((before, before_id or change.id), (after, change.id)):
        held = _findings(records, change, id)
        findings |= held
        claims |= _claims(records, change, id, held)
    return replace(change, findings=tuple(sorted(findings)), claims=tuple(sorted(claims)))


def _findings(records: Records, change: Change, id: str) -> set[str]:
    if change.kind == "finding":
        return {id}
    statement = _FINDINGS.get(change.kind)
    if change.kind == "source":
        primary = _first(records, _PRIMARY, (id,))
        if primary or change.weight == "trust":
            return primary  # a relay is not on any card
    return _first(records, statement, (id,)) if statement else set()


def _claims(records: Records, change: Change, id: str, findings: set[str]) -> set[str]:
    if change.kind == "claim":
        return {id}
    if change.kind == "finding" and change.field.startswith("estimates."):
        return _first(records, _BY_FIGURE, (id, change.field.split(".")[1]))
    if change.kind in ("finding", "source", "organization", "definition"):
        return _first(records, _CLAIMS, (json.dumps(sorted(findings)),))
    return set()


def _first(records: Records, statement: str, values: tuple[str, ...]) -> set[str]:
    return {value for (value,) in records.ask(statement, values)}
