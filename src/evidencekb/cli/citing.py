"""The command that brings a work into a pack: ``add``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evidencekb.cli.app import Output, app
from evidencekb.cli.asking import CacheFolder, Mailto, NoCache, Offline, asker, cache_of
from evidencekb.cli.output import MISUSE, VIOLATIONS, Format, emit, err, failures, progress
from evidencekb.errors import EvidenceError, QuestionError
from evidencekb.store import MANIFEST

if TYPE_CHECKING:
    from evidencekb.curating.additions import Addition

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
