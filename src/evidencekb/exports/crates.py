"""A sealed pack as an RO-Crate: its file, its records as text, how to cite it and on which terms, all described in one place.

References:
    RO-Crate Metadata Specification 1.2: attached crates, the root data entity, files, contextual entities.
"""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from evidencekb.answers.jsonld import doi_address
from evidencekb.answers.naming import counted
from evidencekb.engines.opening import open_sealed
from evidencekb.engines.verifying import check_seal
from evidencekb.errors import SealedFileError
from evidencekb.exports.about import About, about, source_references
from evidencekb.exports.citationfile import NAME as CITATION
from evidencekb.exports.citationfile import citation_cff
from evidencekb.exports.datasets import SEALED_TYPE, Node, dataset_node, file_digest, maintainer_node, work_node
from evidencekb.exports.folders import whole_folder
from evidencekb.exports.packs import Progress, fill_pack, write_jsonl
from evidencekb.replacing import room_for, unfinished, whole_file
from evidencekb.store import MANIFEST

if TYPE_CHECKING:
    from evidencekb.answers.records import Reference
    from evidencekb.kb import KnowledgeBase

METADATA = "ro-crate-metadata.json"
RECORDS = "records"
LICENCE = "LICENSE"
SPECIFICATION = "https://w3id.org/ro/crate/1.2"
CONTEXT = f"{SPECIFICATION}/context"
"""Other programs look it up by this name; it is written here, and never read from here."""
_SIGNATURE = ".sig"
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_TYPES = {
    ".jsonl": "application/jsonl",
    ".yaml": "application/yaml",
    ".cff": "application/yaml",
    ".csl": "application/xml",
}
_TOLD = {
    MANIFEST: "The manifest of the pack: its name, version, licence and maintainers.",
    CITATION: "How to cite the pack, and its primary sources, in the Citation File Format 1.2.0.",
    LICENCE: "On which terms the records may be used.",
}


@dataclass(frozen=True, slots=True)
class Crate:
    """What was written.

    Attributes:
        target: The folder or the .zip file.
        files: How many files it describes.
        sources: How many sources it describes.
        signed: True when a signature of the sealed file is in it.
        digest: The digest of the records.
    """

    target: str
    files: int
    sources: int
    signed: bool
    digest: str

    def __str__(self) -> str:
        signed = "signed" if self.signed else "not signed"
        held = f"{counted(self.files, 'file')} and {counted(self.sources, 'source')}"
        return f"{self.target}: {held} described, {signed}, {self.digest}"


def write_crate(
    kb: KnowledgeBase,
    target: Path,
    *,
    licence: Path | None = None,
    released: date | None = None,
    progress: Progress | None = None,
) -> Crate:
    """Write a sealed pack as an RO-Crate 1.2: a folder, or one .zip file when the name ends so.

    In it are the sealed file, its signature when one stands beside it, all records as JSON lines with their manifest (a build of
    that folder gives the same digest), a CITATION.cff with the primary sources, a licence, and ``ro-crate-metadata.json``. That
    names every file with its size and SHA-256, and every primary source with its authors and its vendor flag.

    Args:
        kb: The pack.
        target: A folder, made or replaced if an export wrote it and nobody changed it since; or a .zip that is not there yet.
        licence: A file with the text of the licence; without one a note names the licence and its address.
        released: The day on which it comes out; the day of the build when left out.
        progress: Told how many records are done, of how many.

    Raises:
        FileExistsError: If something else is there.
        FileNotFoundError: If there is no such licence.
        OSError: If it cannot be written; nothing of it is left then.
        SealedFileError: If the sealed file is not whole, or another one was moved over it.

    Examples:
        >>> from tempfile import TemporaryDirectory
        >>> from evidencekb import load
        >>> with TemporaryDirectory() as place, load() as kb:
        ...     made = write_crate(kb, Path(place, "crate"))
        ...     sorted(path.name for path in Path(place, "crate").iterdir() if path.name[0] != ".")
        ['CITATION.cff', 'LICENSE', 'evidencekb.ekb', 'records', 'ro-crate-metadata.json']
    """
    if target.suffix.casefold() != ".zip":
        with whole_folder(target) as new:
            return _fill(kb, new, target, licence, released, progress)
    if target.exists():
        raise FileExistsError(f"{target} is there; choose another name, or remove it first")
    with _zipped(target) as new:
        return _fill(kb, new, target, licence, released, progress)


@contextmanager
def _zipped(target: Path) -> Iterator[Path]:
    """A folder to fill, which becomes a .zip file on leaving without an error; the same files give the same bytes."""
    with room_for(target), TemporaryDirectory(dir=target.parent, prefix=unfinished(target), suffix=".part") as place:
        folder = Path(place)
        yield folder
        with whole_file(target) as new, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in _files(folder):
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                with path.open("rb") as file, archive.open(entry, "w", force_zip64=True) as out:
                    shutil.copyfileobj(file, out)


def _fill(
    kb: KnowledgeBase,
    folder: Path,
    target: Path,
    licence: Path | None,
    released: date | None,
    progress: Progress | None,
) -> Crate:
    told = about(kb)
    sealed = f"{kb.name}.ekb"
    signed = _copy_sealed(kb, folder / sealed)
    (folder / RECORDS).mkdir()
    fill_pack(kb, folder / RECORDS, write_jsonl, "jsonl", progress=progress)
    text = licence.read_text(encoding="utf-8") if licence else told.licence_note
    _write(folder / LICENCE, text)
    _write(folder / CITATION, citation_cff(kb, released=released, sources=True))
    references = list(source_references(kb))
    files = [
        _file_node(path, folder, sealed, f"built on {kb.built_on} by evidencekb {kb.library}")
        for path in _files(folder)
    ]
    works = [_work(told, reference, name) for reference, name in _named(references)]
    head = _head(told, files, [{"@id": work["@id"]} for work in works], released)
    graph = [*head, *files, *_terms(told), *(node for work in works for node in _flat(work))]
    graph = [{name: _alone(held) for name, held in node.items()} for node in graph]
    _write(folder / METADATA, json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1) + "\n")
    return Crate(str(target), len(files), len(references), signed, kb.digest)


def _alone(held: Any) -> Any:
    """One value stands without a list around it, which is how a crate has it."""
    return held[0] if isinstance(held, list) and len(held) == 1 else held


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _copy_sealed(kb: KnowledgeBase, copy: Path) -> bool:
    """The sealed file and its signature; whether there is one.

    Raises:
        SealedFileError: If it is not the file that is open, or not whole.
    """
    shutil.copyfile(kb.path, copy)
    check_seal(copy)
    connection, meta = open_sealed(copy)
    connection.close()
    if kb.rows("SELECT value FROM meta WHERE name = 'sealed'") != [(meta["sealed"],)]:
        raise SealedFileError(str(kb.path), "another file was moved over it since it was opened; load it again")
    signature = kb.path.with_name(kb.path.name + _SIGNATURE)
    if not signature.is_file():
        return False
    shutil.copyfile(signature, copy.with_name(copy.name + _SIGNATURE))
    return True


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _file_node(path: Path, folder: Path, sealed: str, built: str) -> Node:
    at = path.relative_to(folder).as_posix()
    if at == sealed:
        what, kind = f"The sealed pack, {built}: one SQLite file, which the library opens as it is.", SEALED_TYPE
    elif path.suffix == _SIGNATURE:
        what, kind = "The signature of the sealed pack, by a key of SSH; ssh-keygen -Y verify checks it.", "text/plain"
    else:
        held = f"The records of the list {path.stem}, one a line." if path.suffix == ".jsonl" else "A citation style."
        what, kind = _TOLD.get(path.name, held), _TYPES.get(path.suffix, "text/plain")
    return {
        "@id": at,
        "@type": "File",
        "name": path.name,
        "description": what,
        "encodingFormat": kind,
        "contentSize": str(path.stat().st_size),
        "sha256": file_digest(path),
    }


def _head(told: About, files: list[Node], works: list[Node], released: date | None) -> Iterator[Node]:
    """The descriptor, the crate as a whole, and the folder of records."""
    yield {
        "@id": METADATA,
        "@type": "CreativeWork",
        "name": "What is in this crate",
        "conformsTo": {"@id": SPECIFICATION},
        "about": {"@id": "./"},
    }
    inside = [{"@id": file["@id"]} for file in files if file["@id"].startswith(f"{RECORDS}/")]
    beside = [{"@id": file["@id"]} for file in files if not file["@id"].startswith(f"{RECORDS}/")]
    node = dataset_node(told)
    keepers = [{"@id": f"#maintainer-{at}"} for at, _ in enumerate(told.maintainers, start=1)]
    root = {
        **node,
        "@id": "./",
        "datePublished": (released or date.fromisoformat(told.built_on)).isoformat(),
        "identifier": {"@id": "#digest"},
        "license": {"@id": LICENCE if len(told.licences) != 1 else told.licences[0]},
        "creator": keepers,
        "publisher": keepers,
        "variableMeasured": [{"@id": f"#outcome-{id}"} for id in told.outcomes],
        "hasPart": [*beside, {"@id": f"{RECORDS}/"}],
        "isBasedOn": works,
    }
    yield {name: held for name, held in root.items() if held}
    yield {
        "@id": f"{RECORDS}/",
        "@type": "Dataset",
        "name": "The records as text",
        "description": "All records as JSON lines with their manifest: a pack from which the sealed file can be built again.",
        "hasPart": inside,
    }


def _terms(told: About) -> Iterator[Node]:
    """What the crate as a whole points to: its digest, licence, maintainers, and what was measured."""
    yield {"@id": "#digest", "@type": "PropertyValue", "name": "Digest of the records", "value": told.digest}
    if len(told.licences) == 1:
        yield {"@id": told.licences[0], "@type": "CreativeWork", "name": told.licence, "description": told.licence_note}
    for at, keeper in enumerate(told.maintainers, start=1):
        yield {"@id": f"#maintainer-{at}", **maintainer_node(keeper)}
    for id, label in told.outcomes.items():
        term = {"propertyID": told.iri("concept", id)} if told.base else {}
        yield {"@id": f"#outcome-{id}", "@type": "PropertyValue", "name": label, **term}


def _named(references: list[Reference]) -> Iterator[tuple[Reference, str]]:
    """Each source with its @id: its DOI or address when no other source has the same, else a name of its own."""
    addresses = {
        reference.key: doi_address(doi) if (doi := reference.csl.get("DOI")) else reference.url or ""
        for reference in references
    }
    shared = Counter(addresses.values())
    for reference in references:
        address = addresses[reference.key]
        alone = shared[address] == 1 and _ADDRESS.fullmatch(address)
        yield reference, address if alone else f"#source-{quote(reference.key, safe='')}"


def _work(told: About, reference: Reference, name: str) -> Node:
    node = work_node(told, reference)
    if node["@type"] == "Dataset":
        node["@type"] = "CreativeWork"  # in a crate, a Dataset is data that belongs to it
    if own := node.pop("@id", None):
        node["identifier"] = [own, *([node["identifier"]] if "identifier" in node else ())]
    return {**node, "@id": name}


def _flat(work: Node) -> Iterator[Node]:
    """A source, and apart from it what is nested in it: a crate holds each thing once, on its own."""
    key = work["@id"] if work["@id"].startswith("#") else "#" + quote(work["@id"], safe="/:")
    apart: list[Node] = []
    for name, held in work.items():
        if isinstance(held, dict):
            apart.append({"@id": f"{key}/{name}", **held})
            work[name] = {"@id": apart[-1]["@id"]}
        elif isinstance(held, list) and isinstance(held[0], dict):
            nodes = [{"@id": f"{key}/{name}/{at}", **inner} for at, inner in enumerate(held, start=1)]
            work[name] = [{"@id": node["@id"]} for node in nodes]
            apart += nodes
    yield work
    yield from apart
