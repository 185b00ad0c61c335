"""The commands that bring files of others into a pack, and a pack to others: ``import`` and ``export``.

Each form is one line of a table below; the commands know nothing else of it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evidencekb.cli.app import Output, Pack, app
from evidencekb.cli.citing import Folder, folder_of
from evidencekb.cli.output import STOPPED, VIOLATIONS, Format, advancing, emit, err, failures, progress
from evidencekb.errors import QuestionError, SignatureError, UnknownIdError
from evidencekb.names import near
from evidencekb.replacing import room_for, whole_file

if TYPE_CHECKING:
    from evidencekb import KnowledgeBase

_SHOWN = 10
_BY_ENDING = "by-ending"
Tell = Callable[[int, int], None]


class Into(StrEnum):
    """Where an export goes."""

    PIPE = "pipe"  # or the file that -o names
    FILE = "file"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Publishing:
    """What ``--sign``, ``--creator`` and ``--previous`` say."""

    key: Path | None = None
    creator: str | None = None
    previous: Path | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked of an export.

    Attributes:
        kb: The pack.
        form: The name of the form.
        out: The file or folder that ``-o`` names.
        variant: What ``--as`` says; the first of the form's variants when it says nothing.
        sources: Keys of sources, or None for all.
        tell: Told how much is done, of how much.
        publishing: How it is published, of a form that is.
    """

    kb: KnowledgeBase
    form: str
    out: Path | None
    variant: str
    sources: list[str] | None
    tell: Tell
    publishing: Publishing

    @property
    def target(self) -> Path:
        """The file or folder to write, of a form that needs one."""
        if self.out is None:
            raise QuestionError(f"{self.form} is not written into the pipe: name where it goes with -o")
        return self.out


@dataclass(frozen=True, slots=True)
class Text:
    """An export as text.

    Attributes:
        parts: What to write, in order.
        losses: What the format has no place for, by record.
    """

    parts: Iterable[str]
    losses: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class ExportForm:
    """A form in which a pack goes out.

    Attributes:
        what: What it holds, for the help.
        write: Makes it: a :class:`Text`, or, of a form that writes its own file or folder, what was written, as a dataclass
            that prints itself.
        into: Where it goes.
        counted: What its progress counts.
        variants: What ``--as`` may say.
        of_sources: True when ``--source`` may choose.
        published: True when ``--sign``, ``--creator`` and ``--previous`` say how it is published.
    """

    what: str
    write: Callable[[Wanted], Any]
    into: Into = Into.PIPE
    counted: str = "records"
    variants: tuple[str, ...] = ()
    of_sources: bool = False
    published: bool = False


def _bibliography(wanted: Wanted) -> Text:
    from evidencekb.exports import bibliography

    made = bibliography(wanted.kb, wanted.form, wanted.sources or None)
    return Text([made.text], made.losses)


def _json(wanted: Wanted) -> Text:
    from evidencekb.exports.whole import pack_json

    return Text(pack_json(wanted.kb, progress=wanted.tell))


def _shapes(wanted: Wanted) -> Text:
    from evidencekb.rdf import shapes

    return Text([shapes(sparql=wanted.variant == "sparql")])


def _csv(wanted: Wanted) -> Text:
    from evidencekb.exports.frames import estimates_csv

    return Text(estimates_csv(wanted.kb, progress=wanted.tell))


def _bulk(wanted: Wanted) -> Any:
    from evidencekb.exports import export_pack

    return export_pack(wanted.kb, wanted.target, wanted.form, progress=wanted.tell)


def _tables(wanted: Wanted) -> Any:
    from evidencekb.exports import export_tables

    return export_tables(wanted.kb, wanted.target, progress=wanted.tell)


def _nanopub(wanted: Wanted) -> Any:
    from evidencekb.engines.signing import LOCKED
    from evidencekb.rdf import write_nanopubs

    said, passphrase = wanted.publishing, None
    while True:
        try:
            return write_nanopubs(
                wanted.kb, wanted.target, creator=said.creator or "", key=said.key, passphrase=passphrase,
                previous=said.previous, progress=wanted.tell,
            )  # fmt: skip
        except SignatureError as problem:
            if problem.problem != LOCKED or passphrase is not None or not sys.stdin.isatty():
                raise
            passphrase = typer.prompt(f"Passphrase of {said.key}", hide_input=True, err=True)


def _rdf(wanted: Wanted) -> Any:
    from evidencekb.rdf import write_rdf
    from evidencekb.rdf.writing import fitting_workers

    form = "jsonld" if wanted.form == "jsonld" else wanted.variant
    named, workers = None if form == _BY_ENDING else form, fitting_workers(wanted.kb)
    return write_rdf(wanted.kb, wanted.target, named, workers=workers, progress=wanted.tell)


def _vocabulary(wanted: Wanted) -> Text:
    from evidencekb.rdf import vocabulary

    return Text([vocabulary()])


def _fhir_out(wanted: Wanted) -> Text:
    from evidencekb.exports.fhir import fhir_bundle, fhir_losses

    return Text(fhir_bundle(wanted.kb, progress=wanted.tell), tuple(fhir_losses(wanted.kb)))


def _dataset(wanted: Wanted) -> Text:
    from evidencekb.exports import dataset_jsonld

    return Text([dataset_jsonld(wanted.kb), "\n"])


def _cff(wanted: Wanted) -> Text:
    from evidencekb.exports import citation_cff

    return Text([citation_cff(wanted.kb, sources=wanted.variant == "sources")])


def _crate(wanted: Wanted) -> Any:
    from evidencekb.exports import write_crate

    return write_crate(wanted.kb, wanted.target, progress=wanted.tell)


EXPORTS: dict[str, ExportForm] = {
    "bibtex": ExportForm("the sources, for BibTeX", _bibliography, of_sources=True),
    "biblatex": ExportForm("the sources, for biblatex", _bibliography, of_sources=True),
    "ris": ExportForm("the sources, for reference managers", _bibliography, of_sources=True),
    "csl": ExportForm("the sources, for citation processors (CSL-JSON)", _bibliography, of_sources=True),
    "json": ExportForm("all records as one JSON document", _json),
    "jsonl": ExportForm("all records as a pack in bulk, a record a line", _bulk, Into.FOLDER),
    "parquet": ExportForm("all records as a pack in bulk, as Parquet", _bulk, Into.FOLDER),
    "tables": ExportForm("the tables of the sealed file, as Parquet", _tables, Into.FOLDER, "tables"),
    "rdf": ExportForm(
        "all records as RDF; the file's ending says how: .ttl, .trig, .nq or .jsonld",
        _rdf,
        Into.FILE,
        variants=(_BY_ENDING, "turtle", "trig", "nquads", "jsonld"),
    ),
    "jsonld": ExportForm("all records as JSON-LD, its context in the file", _rdf, Into.FILE),
    "vocabulary": ExportForm("the terms of our own in RDF, as OWL and SKOS", _vocabulary),
    "fhir": ExportForm("a Bundle of FHIR R5: Evidence, EvidenceVariable, Citation", _fhir_out, counted="findings"),
    "csv": ExportForm("a row for each estimate, with unit, interval, n, flags and citation", _csv, counted="findings"),
    "dataset": ExportForm("what the pack is, as a schema.org Dataset (JSON-LD)", _dataset),
    "cff": ExportForm(
        "how to cite the pack, as CITATION.cff; --as sources lists its primary sources too",
        _cff,
        variants=("pack", "sources"),
    ),
    "ro-crate": ExportForm(
        "the sealed file with all that describes it, as an RO-Crate: a folder, or a .zip", _crate, Into.FOLDER
    ),
    "nanopub": ExportForm(
        "a nanopublication for each finding, and an index of them", _nanopub, Into.FOLDER, "findings", published=True
    ),
    "shapes": ExportForm("what RDF of a pack must hold, as SHACL", _shapes, variants=("core", "sparql")),
}
"""The forms of ``export``, by name."""


@dataclass(frozen=True, slots=True)
class ImportLayout:
    """A kind of file that comes in.

    Attributes:
        what: What such a file is, for the help.
        read: Takes the file into the folder of a pack; with ``dry`` it only reports. Gives a report that prints itself and
            knows whether all is well as ``ok``.
        counted: What its progress counts.
    """

    what: str
    read: Callable[[Path, Path, bool, Tell], Any]
    counted: str = "records"


def _works(file: Path, folder: Path, dry: bool, tell: Tell) -> Any:
    from evidencekb.curating import import_file

    return import_file(folder, file, dry=dry, progress=tell)


def _forrt(file: Path, folder: Path, dry: bool, tell: Tell) -> Any:
    from evidencekb.curating import import_replications

    return import_replications(file, into=folder, dry=dry, progress=tell)


def _nanopubs(file: Path, folder: Path, dry: bool, tell: Tell) -> Any:
    from evidencekb.rdf import import_nanopubs

    return import_nanopubs(file, into=folder, dry=dry, progress=tell)


def _read_rdf(file: Path, folder: Path, dry: bool, tell: Tell) -> Any:
    from evidencekb.rdf import read_rdf

    return read_rdf(file, None if dry else folder)


def _candidates(layout: str) -> Callable[[Path, Path, bool, Tell], Any]:
    def read(file: Path, folder: Path, dry: bool, tell: Tell) -> Any:
        from evidencekb.curating import import_candidates

        return import_candidates(file, layout, into=folder, dry=dry, progress=tell)

    return read


IMPORTS: dict[str, ImportLayout] = {
    "works": ImportLayout("a bibliography: .bib, .ris, .nbib or CSL-JSON", _works, "entries"),
    "forrt": ImportLayout("replications in the layout of the FORRT database", _forrt, "characters"),
    "nanopub": ImportLayout(
        "nanopublications, as TriG, TriX, N-Quads or JSON-LD, or a folder of them", _nanopubs, "files"
    ),
    "rdf": ImportLayout("a whole pack that was written as RDF, into a folder of its own", _read_rdf),
    "owid": ImportLayout("origins and indicators of Our World in Data, a file or a folder", _candidates("owid")),
    "fhir": ImportLayout("FHIR Evidence, EvidenceVariable and Citation, a file or a folder", _candidates("fhir")),
    "civic": ImportLayout("evidence items of CIViC or MOAlmanac, a file or a folder", _candidates("civic")),
}
"""The layouts of ``import``, by name."""


def _help(text: str, names: str, rows: Iterable[tuple[str, str]]) -> str:
    """A help text and a table of names below it; blank lines keep them apart where it is printed."""
    return "\n\n".join([cleandoc(text), names, *(f"{name}: {what}." for name, what in rows)])


def _known(kind: str, asked: str, names: Iterable[str]) -> None:
    """Refuse a name that is none of those.

    Raises:
        UnknownIdError: If it is close to one of them.
        QuestionError: If it is close to none; all are named.
    """
    if asked in names:
        return
    if close := near(asked, names):
        raise UnknownIdError(kind, asked, close)
    raise QuestionError(f"there is no {kind} {asked!r}; there are {', '.join(names)}")


@app.command(
    name="import",
    help=_help(
        """Take a file of another program or database into a pack.

    What is in it is added, merged into the record that is there (which gets the fields it lacks, and keeps those it has), or
    skipped, and the report says why. Entries of a .bib file are copied word for word. Every new source has the vendor flag
    unknown, so that what rests on it is refused until a person has decided. All is written, or nothing. Exit 1 when a part of
    the file could not be taken, or shows that a correction in the pack no longer holds.

    Example: evidencekb import library.bib --pack my-pack

    Example: evidencekb import fred.csv --as forrt --pack my-pack

    Example: evidencekb import nanopubs --as nanopub --pack my-pack
    """,
        "What --as may say:",
        ((name, layout.what) for name, layout in IMPORTS.items()),
    ),
)
def import_command(
    file: Annotated[Path, typer.Argument(help="The file, or the folder of a layout that says so.")],
    pack: Folder = None,
    layout: Annotated[str, typer.Option("--as", metavar="LAYOUT", help="What it holds; see above.")] = "works",
    dry: Annotated[
        bool, typer.Option("--dry-run", help="Report what would become of each record; write nothing.")
    ] = False,
    output: Output = Format.TEXT,
) -> None:
    """Take a file of another program or database into a pack."""
    with failures(output):
        _known("layout of imports", layout, IMPORTS)
        folder = folder_of(pack)
        chosen = IMPORTS[layout]
        with _stoppable(), advancing(chosen.counted) as tell:
            report = chosen.read(file, folder, dry, tell)
        emit(report, output)
        if not report.ok:
            sys.exit(VIOLATIONS)


@app.command(
    help=_help(
        """Write a pack, or its sources, in a form for other programs.

    What the form has no place for is named beside the output; with --format json it is all part of the output. Files and
    folders are written whole, or not at all.

    Example: evidencekb export biblatex -o references.bib

    Example: evidencekb export jsonl -o bulk --pack evidence.ekb

    Example: evidencekb export nanopub -o nanopubs --creator https://orcid.org/0000-0002-1825-0097 --sign key.pem
    """,
        "The forms:",
        ((name, form.what) for name, form in EXPORTS.items()),
    )
)
def export(
    form: Annotated[str, typer.Argument(metavar="FORM", help="One of the forms above.")],
    source: Annotated[
        list[str] | None, typer.Option(help="Of a bibliography: a source, by key; may be repeated. Default: all.")
    ] = None,
    variant: Annotated[
        str | None, typer.Option("--as", metavar="VARIANT", help="Of a form that has several: which.")
    ] = None,
    out_file: Annotated[
        Path | None, typer.Option("-o", "--out", help="The file or folder to write. Default: the pipe.")
    ] = None,
    sign: Annotated[
        Path | None, typer.Option("--sign", metavar="KEY", help="Of nanopub: a private RSA key to sign each with.")
    ] = None,
    creator: Annotated[
        str | None, typer.Option(metavar="IRI", help="Of nanopub: who publishes, such as an ORCID address.")
    ] = None,
    previous: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Of nanopub: earlier ones, which these replace where they differ."),
    ] = None,
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Write a pack, or its sources, in a form for other programs."""
    import evidencekb as ekb

    with failures(output):
        _known("form of exports", form, EXPORTS)
        chosen = EXPORTS[form]
        publishing = Publishing(sign, creator, previous)
        _askable(form, chosen, source, variant, out_file)
        if publishing != Publishing() and not chosen.published:
            able = ", ".join(name for name, other in EXPORTS.items() if other.published)
            raise QuestionError(f"--sign, --creator and --previous are for what is published: {able}; leave them out")
        with progress("opening the pack"):
            kb = ekb.load(pack)
        named = variant or next(iter(chosen.variants), "")
        into = None if chosen.into is Into.FOLDER else out_file
        with _room(into), _stoppable(), advancing(chosen.counted) as tell:
            made = chosen.write(Wanted(kb, form, out_file, named, source, tell, publishing))
            if not isinstance(made, Text):
                done = made
            elif out_file is not None:
                _write(made, out_file)
            elif output is Format.JSON:
                made = Text(["".join(made.parts)], made.losses)
        if isinstance(made, Text):
            _tell(made, form, out_file, output)
        else:
            emit(asdict(done) if output is Format.JSON else done, output)


@app.command(name="nanopub-check")
def nanopub_check(
    files: Annotated[list[Path], typer.Argument(help="Files of TriG, TriX, N-Quads or JSON-LD, or folders of them.")],
    output: Output = Format.TEXT,
) -> None:
    """Check nanopublications: their form, their trusty IRIs, their signatures.

    Nothing is fetched. A folder stands for the files of these forms in it. Whose the key of a signature is, the reader must know.

    Exit 1 when one is not valid.

    Example: evidencekb nanopub-check nanopubs
    """
    from evidencekb.rdf import check_nanopub
    from evidencekb.rdf.nano.reading import nanopub_files

    with failures(output):
        checks = [check_nanopub(path) for file in files for path in nanopub_files(file)]
        if output is Format.JSON:
            emit([check.to_dict() for check in checks], output)
        else:
            emit("\n".join(map(str, checks)), output)
        if not all(check.ok for check in checks):
            sys.exit(VIOLATIONS)


def _askable(form: str, chosen: ExportForm, source: list[str] | None, variant: str | None, out: Path | None) -> None:
    """Whether what was asked fits the form.

    Raises:
        QuestionError: If it does not.
        UnknownIdError: If there is no such variant.
    """
    if chosen.into is not Into.PIPE and out is None:
        raise QuestionError(f"{form} is written into a {chosen.into}: name it with -o")
    if source and not chosen.of_sources:
        chosing = ", ".join(name for name, other in EXPORTS.items() if other.of_sources)
        raise QuestionError(f"--source chooses among the sources of a bibliography: {chosing}; {form} takes none")
    if variant is not None:
        if not chosen.variants:
            raise QuestionError(f"{form} has one variant alone; leave --as out")
        _known(f"variant of {form}", variant, chosen.variants)


def _write(made: Text, out: Path) -> None:
    """Write a text into a file, whole or not at all."""
    with whole_file(out) as new, new.open("w", encoding="utf-8", newline="") as file:
        file.writelines(made.parts)


@contextmanager
def _room(out: Path | None) -> Iterator[None]:
    """Folders that lead to a file, made where they are not there; gone again when it could not be written."""
    if out is None:
        yield
        return
    with ExitStack() as stack:
        with suppress(FileExistsError):  # it is no folder, which is told where the file is written
            stack.enter_context(room_for(out))
        yield


def _tell(made: Text, form: str, out: Path | None, output: Format) -> None:
    """Print a text that goes into the pipe, and what was lost."""
    if output is Format.JSON:
        losses = [{"source": id, **asdict(loss)} for id, loss in made.losses]
        said = {"text": "".join(made.parts)} if out is None else {"file": str(out)}
        emit({"form": form, **said, "losses": losses}, output)
        return
    if out is None:
        sys.stdout.writelines(part.replace("\r\n", "\n") for part in made.parts)
        sys.stdout.flush()
    lines = [f"not written: {id}: {loss}" for id, loss in made.losses]
    if len(lines) > _SHOWN:
        lines[_SHOWN:] = [f"and {len(lines) - _SHOWN} more that {form} has no place for"]
    for line in lines:
        err().print(line, markup=False)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Say what a person who stops the work must know, and end with the code for it."""
    try:
        yield
    except KeyboardInterrupt:
        err().print("stopped; nothing was written")
        sys.exit(STOPPED)
