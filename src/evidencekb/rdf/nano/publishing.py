"""A folder of nanopublications, one a finding, and an index that says which of them a version of the pack has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidencekb.answers.naming import counted
from evidencekb.errors import InterchangeError
from evidencekb.exports.folders import whole_folder
from evidencekb.rdf.nano.checking import checked
from evidencekb.rdf.nano.making import INTRODUCES, SPACES, SUPERSEDES, Draft, Maker, Nanopub, chosen
from evidencekb.rdf.nano.reading import TRIG, nanopub_files
from evidencekb.rdf.nano.rules import TYPE, Parts
from evidencekb.rdf.nano.signing import NPX, public_key, read_key, without_signature
from evidencekb.rdf.nano.statements import Iri
from evidencekb.rdf.nano.trusty import artifact_code, normalised, with_room
from evidencekb.rdf.nano.writing import write_trig

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

INDEX = "_index"
"""Name of the file with the index; no id of a finding begins so."""
_IN_AN_INDEX = 1_000
_INDEX_TYPE = Iri(f"{NPX}NanopubIndex")


@dataclass(frozen=True, slots=True)
class WrittenNanopubs:
    """What was written.

    Attributes:
        folder: The folder.
        findings: How many nanopublications, each of a finding.
        kept: How many of them are those of the earlier folder, since nothing changed.
        superseding: How many replace one of the earlier folder.
        index: IRI of the index of them all.
        signed: Whether they are signed.
    """

    folder: str
    findings: int
    kept: int = 0
    superseding: int = 0
    index: str = ""
    signed: bool = False

    def __str__(self) -> str:
        earlier = (
            f"; {self.kept:,} as before, {self.superseding:,} replace earlier ones"
            if self.kept or self.superseding
            else ""
        )
        what = counted(self.findings, f"{'signed ' if self.signed else ''}nanopublication")
        return f"{self.folder}: {what}{earlier}; index <{self.index}>"


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A nanopublication of an earlier folder."""

    parts: Parts
    text: str

    @property
    def key(self) -> str:
        return public_key(self.parts)

    def says(self, draft: Draft) -> bool:
        """Whether it says what a draft says, replacing others and being signed aside."""
        mine = [s for s in without_signature(self.parts.all) if s.predicate != SUPERSEDES]
        theirs = with_room(draft.statements, draft.iri)
        return normalised(mine, artifact_code(self.parts.iri)) == normalised(theirs, "")


def write_nanopubs(
    kb: KnowledgeBase,
    folder: Path | str,
    findings: Iterable[str] | None = None,
    *,
    creator: str = "",
    key: Path | str | None = None,
    passphrase: str | None = None,
    previous: Path | str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> WrittenNanopubs:
    """Write a nanopublication for each finding into a folder, ``ID.trig``, and an index, ``_index.trig``.

    The same pack gives the same files to the last byte. Nothing is sent anywhere.

    Args:
        kb: The knowledge base.
        folder: Where they go; an earlier export there is replaced as long as nobody changed it.
        findings: Ids of those wanted; all when left out.
        creator: Who publishes, as an IRI such as an ORCID; '' names who recorded each finding. Signatures name it as signer.
        key: A private RSA key of 2048 bits or more, with which each is signed; None leaves them unsigned. None is ever made.
        passphrase: Of the key, when it has one.
        previous: A folder of earlier ones: what has not changed is written as it was, what has says what it replaces.
        progress: Told how many are done, and of how many.

    Raises:
        UnknownIdError: If there is no such finding; it offers the nearest ids.
        InterchangeError: If the pack's base, or the creator, is no absolute IRI; if there is no earlier one, or one is not valid.
        SignatureError: If the key cannot be used.
        EngineError: If the library for keys is needed and not installed.
        FileExistsError: If the folder holds something that no export wrote, or that was changed since.
        OSError: If a file cannot be read or written.
    """
    maker = Maker(kb, creator)
    wanted = chosen(kb, findings)
    private = None if key is None else read_key(Path(key), passphrase)
    earlier = _earlier(Path(previous)) if previous is not None else {}
    kept = superseding = 0
    iris: list[str] = []
    with whole_folder(Path(folder)) as new:
        for done, id in enumerate(wanted, start=1):
            made, state = _made(maker.draft(id), earlier, private, creator)
            kept += state == "kept"
            superseding += state == "superseding"
            iris.append(made.iri)
            (new / f"{id}.trig").write_text(made.text, encoding="utf-8", newline="")
            if progress:
                progress(done, len(wanted))
        index = ""
        for start in range(0, max(len(iris), 1), _IN_AN_INDEX):
            last = start + _IN_AN_INDEX >= len(iris)
            draft = maker.index(iris[start : start + _IN_AN_INDEX], index, last=last)
            made, _ = _made(draft, earlier if last else {}, private, creator)
            index = made.iri
            name = INDEX if last else f"{INDEX}-{start // _IN_AN_INDEX + 1}"
            (new / f"{name}.trig").write_text(made.text, encoding="utf-8", newline="")
    return WrittenNanopubs(str(folder), len(wanted), kept, superseding, index, private is not None)


def _made(draft: Draft, earlier: dict[str, _Earlier], key: Any, creator: str) -> tuple[Nanopub, str]:
    """The nanopublication, and what became of an earlier one."""
    if (before := earlier.get(draft.introduces)) is None:
        return draft.made(key, creator), "new"
    if before.says(draft) and (key is None or before.key == public_key(key)):
        return Nanopub(draft.finding, before.parts.iri, before.text), "kept"
    return draft.superseding([before.parts.iri]).made(key, creator), "superseding"


def _earlier(folder: Path) -> dict[str, _Earlier]:
    """By what they are about, the nanopublications of a folder.

    Raises:
        InterchangeError: If there is none, or one is not valid.
        NotADirectoryError: If there is no such folder.
    """
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is no folder of earlier nanopublications")
    found: dict[str, _Earlier] = {}
    for path in nanopub_files(folder):
        (check, parts), *others = checked(path)
        if others:
            raise InterchangeError(str(path), f"it holds {len(others) + 1} nanopublications: give each its own file")
        if parts is None or check.faults:
            fault = check.faults[0]
            raise InterchangeError(
                str(path), f"it is not valid, so nothing can replace it: {fault.message}", fault.line
            )
        held = parts.statements["pubinfo"]
        about = [str(s.object) for s in held if s.subject == parts.iri and s.predicate == INTRODUCES]
        if any(s.predicate == TYPE and s.object == _INDEX_TYPE for s in held):
            about = [str(s.object) for s in held if s.subject == parts.iri and s.predicate.endswith("/isPartOf")]
        text = path.read_text(encoding="utf-8") if path.suffix.lower() in TRIG else write_trig(parts.all, SPACES)
        found.update((name, _Earlier(parts, text)) for name in about)
    return found
