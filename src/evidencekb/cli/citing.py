"""The commands that bring works into a pack and out of it: ``add``, ``import``, ``export``."""

from __future__ import annotations

import sys
from dataclasses import asdict
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evidencekb.cli.app import Output, Pack, app
from evidencekb.cli.asking import CacheFolder, Mailto, NoCache, Offline, asker, cache_of
from evidencekb.cli.output import MISUSE, STOPPED, VIOLATIONS, Format, advancing, emit, err, failures, progress
from evidencekb.errors import EvidenceError, QuestionError, UnknownIdError
from evidencekb.names import near
from evidencekb.store import MANIFEST

if TYPE_CHECKING:
    from evidencekb import KnowledgeBase
    from evidencekb.curating import ImportReport, ReplicationImport
    from evidencekb.curating.additions import Addition

_SHOWN = 10
_TABLES = "tables"


class Layout(StrEnum):
    """What a file that is imported holds."""

    WORKS = "works"
    FORRT = "forrt"


Folder = Annotated[
    Path | None,
    typer.Option("--pack", help="The pack's folder; default: this folder if it is a pack, else the folder data in it."),
]


@app.command()
def add(
    identifiers: Annotated[
        list[str] | None,
        typer.Argument(metavar="IDENTIFIER", help="A DOI, arXiv number, PubMed number, ISBN or address, as pasted."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Take the work from a .bib, .ris or .json file.")
    ] = None,
    entry: Annotated[
        list[str] | None, typer.Option(help="With --from: the key of an entry; may be repeated. Default: the only one.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="Citation key; default: author, year and a word of the title.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="Kind of source; default: what its type says.")] = None,
    version_of: Annotated[
        str | None, typer.Option("--version-of", metavar="SOURCE", help="A source that is another version of the work.")
    ] = None,
    finding: Annotated[
        str | None, typer.Option(metavar="ID", help="Write a finding to fill in, with this id, beside the source.")
    ] = None,
    pack: Folder = None,
    offline: Offline = False,
    mailto: Mailto = None,
    cache: CacheFolder = None,
    no_cache: NoCache = False,
    output: Output = Format.TEXT,
) -> None:
    """Add a source from an identifier, or from a bibliography.

    Writes its entry into references.bib and its record into sources/, with the vendor flag unknown and with hints on who
    publishes, pays and sells, so that `evidencekb check` refuses it until a person has set the flag and written the reason.
    What is there already is found first, and nothing is written then. Each work is written whole, or not at all; of several,
    those that can be are added, and the exit code is 1.

    Example: evidencekb add doi:10.1126/science.adh2586

    Example: evidencekb add --from my.bib --entry doe2024audit --finding doe-2024-replies
    """
    with failures(output):
        if bool(identifiers) == bool(file):
            raise QuestionError("give identifiers, or a file with --from; one of them")
        if entry and not file:
            raise QuestionError("--entry names an entry of the file that --from names; give both")
        if key and file:
            raise QuestionError("an entry of a file keeps its key; leave --key out, or change the key in the file")
        if len(identifiers or ()) > 1 and (key or version_of or finding):
            raise QuestionError("--key, --version-of and --finding belong to one work; give one identifier")
        folder = folder_of(pack)
        if file is not None:
            from evidencekb.curating.adding import add_from_file

            added = add_from_file(folder, file, entry or (), kind=kind, version_of=version_of, finding=finding)
            _print(added, output)
            return
        from evidencekb.curating.adding import add_source

        done: list[Addition] = []
        refused: list[EvidenceError] = []
        wanted = list(identifiers or ())
        with asker(mailto, cache=cache_of(cache, no_cache=no_cache), offline=offline) as client:
            for identifier in wanted:
                try:
                    with progress(f"looking {identifier} up"):
                        addition = add_source(
                            folder,
                            identifier,
                            client=client,
                            key=key,
                            kind=kind,
                            version_of=version_of,
                            finding=finding,
                        )
                    done.append(addition)
                except EvidenceError as problem:
                    if len(wanted) == 1:
                        raise
                    refused.append(problem)
        _print(done, output)
        for fault in refused:
            err().print(f"error: {fault}", markup=False)
        if refused:
            sys.exit(VIOLATIONS if done else MISUSE)


@app.command(name="import")
def import_command(
    file: Annotated[Path, typer.Argument(help="A .bib, .ris, .nbib or CSL-JSON file; or a table, with --as.")],
    pack: Folder = None,
    layout: Annotated[
        Layout, typer.Option("--as", help="What it holds: works, or replications in the layout of the FORRT database.")
    ] = Layout.WORKS,
    dry: Annotated[
        bool, typer.Option("--dry-run", help="Report what would become of each entry; write nothing.")
    ] = False,
    output: Output = Format.TEXT,
) -> None:
    """Take a whole bibliography into a pack.

    Each entry is added, merged into the one that is there (which gets the fields it lacks, and keeps those it has), or
    skipped, and the report says why. Entries of a .bib file are copied word for word. Every new source has the vendor flag
    unknown. All is written, or nothing. Exit 1 when a part of the file could not be read, or shows
    that a correction in the pack no longer holds.

    Example: evidencekb import library.bib --pack my-pack

    forrt: the table of the FORRT replication database. Every row is imported, merged (what it says is in the pack already) or
    skipped, and the report says why; sources, findings and links are candidates, in which what nobody has looked up says so.
    Exit 1 when a row was skipped.

    Example: evidencekb import fred.csv --as forrt --pack my-pack
    """
    from evidencekb.curating import import_file, import_replications

    report: ImportReport | ReplicationImport
    with failures(output):
        folder = folder_of(pack)
        try:
            if layout is Layout.FORRT:
                with advancing("characters") as tell:
                    report = import_replications(file, into=folder, dry=dry, progress=tell)
            else:
                with advancing("entries") as tell:
                    report = import_file(folder, file, dry=dry, progress=tell)
        except KeyboardInterrupt:
            err().print("stopped; nothing was written")
            sys.exit(STOPPED)
        emit(report, output)
        if not report.ok:
            sys.exit(VIOLATIONS)


@app.command()
def export(
    form: Annotated[
        str, typer.Argument(metavar="FORMAT", help="bibtex, biblatex, ris or csl; jsonl or parquet; tables.")
    ],
    source: Annotated[
        list[str] | None, typer.Option(help="Of a bibliography: a source, by key; may be repeated. Default: all.")
    ] = None,
    out_file: Annotated[
        Path | None,
        typer.Option(
            "-o", "--out", help="The file to write; of jsonl, parquet and tables the folder. Default: the pipe."
        ),
    ] = None,
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Write the sources of a pack as a bibliography, all of its records in bulk, or its tables.

    bibtex, biblatex, ris, csl: the sources. What the format has no place for is named, source by source, beside the output;
    with --format json it is all part of the output.

    Example: evidencekb export biblatex -o references.bib

    jsonl, parquet: all records, those of extended packs included, as a pack of its own: a folder with a file for each list.
    A build of it has the same digest.

    Example: evidencekb export jsonl -o bulk --pack evidence.ekb

    tables: the tables of the sealed file, a Parquet file each, for other engines.

    Example: evidencekb export tables -o tables --pack evidence.ekb
    """
    import evidencekb as ekb
    from evidencekb.exports import FORMS, PACK_FORMS, bibliography

    with failures(output):
        if form not in (*FORMS, *PACK_FORMS, _TABLES):
            raise UnknownIdError("format of exports", form, near(form, (*FORMS, *PACK_FORMS, _TABLES)))
        if form not in FORMS and (source or out_file is None):
            raise QuestionError(f"{form} is written into a folder: name it with -o, and no --source")
        with progress("opening the pack"):
            kb = ekb.load(pack)
        if form not in FORMS and out_file is not None:
            _export_bulk(kb, form, out_file, output)
            return
        exported = bibliography(kb, form, source or None)
        if out_file is not None:
            out_file.write_text(exported.text, encoding="utf-8", newline="")
        if output is Format.JSON:
            losses = [{"source": id, **asdict(loss)} for id, loss in exported.losses]
            made = {"text": exported.text} if out_file is None else {"file": str(out_file)}
            emit({"form": form, **made, "losses": losses}, output)
            return
        if out_file is None:
            sys.stdout.write(exported.text.replace("\r\n", "\n"))
        lines = [f"not written: {id}: {loss}" for id, loss in exported.losses]
        if len(lines) > _SHOWN:
            lines[_SHOWN:] = [f"and {len(lines) - _SHOWN} more that {form} has no place for"]
        for line in lines:
            err().print(line, markup=False)


def _export_bulk(kb: KnowledgeBase, form: str, folder: Path, output: Format) -> None:
    from evidencekb.exports import export_pack, export_tables

    write = export_tables if form == _TABLES else partial(export_pack, form=form)
    try:
        with advancing(_TABLES if form == _TABLES else "records") as tell:
            done = write(kb, folder, progress=tell)
    except KeyboardInterrupt:
        err().print("stopped; nothing was written")
        sys.exit(STOPPED)
    emit(asdict(done) if output is Format.JSON else done, output)


def folder_of(pack: Path | None) -> Path:
    """The folder of the pack to add to: the one named, this one, or ``data`` in it.

    Raises:
        QuestionError: If none was named, and there is none here.
    """
    if pack is not None:
        return pack
    for folder in (Path(), Path("data")):
        if (folder / MANIFEST).is_file():
            return folder
    raise QuestionError(f"neither this folder nor 'data' in it holds a {MANIFEST}; name the pack's folder with --pack")


def _print(additions: tuple[Addition, ...] | list[Addition], output: Format) -> None:
    if output is Format.JSON:
        emit([addition.to_dict() for addition in additions], output)
    elif additions:
        emit("\n".join(map(str, additions)), output)
