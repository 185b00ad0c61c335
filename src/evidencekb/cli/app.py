"""The commands. Each asks one question; ``--help`` of each has an example."""

from __future__ import annotations

import io
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evidencekb.__about__ import __version__
from evidencekb.cli.output import (
    STOPPED,
    VIOLATIONS,
    BriefFormat,
    Format,
    counting,
    emit,
    emit_all,
    emit_report,
    err,
    failures,
    out,
    progress,
)
from evidencekb.errors import UnknownIdError
from evidencekb.names import near

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evidencekb import KnowledgeBase, Question

app = typer.Typer(
    name="evidencekb",
    help="A citation-managed evidence knowledge base: every figure resolves to a primary source that carries a vendor flag.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Output = Annotated[Format, typer.Option("--format", help="text for people, json for programs.")]
Pack = Annotated[
    Path | None, typer.Option("--pack", help="A sealed file or a pack's folder; default: the shipped pack.")
]


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that has no "−" still gets the answer
    app()


def _version(asked: bool) -> None:
    if asked:
        out().print(f"evidencekb {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A citation-managed evidence knowledge base."""


Role = Annotated[str | None, typer.Option("--role", help="A role, by concept id.")]
Skill = Annotated[str | None, typer.Option("--skill", help="A skill.")]
CohortId = Annotated[str | None, typer.Option("--cohort", help="A cohort.")]
Topic = Annotated[str | None, typer.Option("--topic", help="A topic.")]
Outcome = Annotated[str | None, typer.Option("--outcome", help="An outcome.")]
Product = Annotated[str | None, typer.Option("--product", help="A product.")]
Instrument = Annotated[str | None, typer.Option("--instrument", help="An instrument.")]
Workers = Annotated[
    int | None,
    typer.Option(min=1, help="Processes that read large files. Default: one a core when there is much to read."),
]


@app.command()
def brief(
    role: Role = None,
    skill: Skill = None,
    cohort: CohortId = None,
    topic: Topic = None,
    outcome: Outcome = None,
    product: Product = None,
    instrument: Instrument = None,
    aspect: Annotated[
        list[str] | None, typer.Option(help="An aspect to ask; may be repeated. Default: all of the pack.")
    ] = None,
    headlines: Annotated[int, typer.Option(min=0, help="At most so many cards at the top.")] = 3,
    pin: Annotated[list[str] | None, typer.Option(help="A finding to show whatever its fit; may be repeated.")] = None,
    cards: Annotated[int, typer.Option(min=0, help="At most so many findings that bear on the question.")] = 30,
    all_: Annotated[bool, typer.Option("--all", help="The briefs of all questions that deserve a page.")] = False,
    to: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            help="With --all: the folder to write into, one file a question; of jsonl and parquet the file.",
        ),
    ] = None,
    of: Annotated[
        list[str] | None, typer.Option(help="With --all: a dimension to mix; default: role and skill.")
    ] = None,
    at_least: Annotated[str, typer.Option(help="With --all: the tier that a page needs.")] = "partial",
    workers: Annotated[
        int | None,
        typer.Option(
            min=1, help="With --all: so many processes. Default: one for each processor when the questions are many."
        ),
    ] = None,
    pack: Pack = None,
    form: Annotated[
        BriefFormat, typer.Option("--format", help="text and markdown are one; jsonl is a line, parquet is for --all.")
    ] = BriefFormat.TEXT,
) -> None:
    """What is known about a subject.

    A subject is a role, skill, cohort, topic, outcome, product or instrument, or a mix of them. Text is Markdown.

    Example: evidencekb brief --role machine-learning-engineer --skill pytorch

    With --all, one file for every question that deserves a page; a later run writes only what changed.

    Example: evidencekb brief --all -o pages --format json

    With --all and jsonl or parquet, all of them in one file, which is there when it is whole.

    Example: evidencekb brief --all -o pages.jsonl --format jsonl
    """
    import evidencekb as ekb

    subjects: dict[str, Any] = {
        "role": role, "skill": skill, "cohort": cohort, "topic": topic,
        "outcome": outcome, "product": product, "instrument": instrument,
    }  # fmt: skip
    options: dict[str, Any] = {"aspects": aspect, "headlines": headlines, "pin": pin, "cards": cards}
    with failures(form.output):
        if all_ or to or of or workers:
            if any(subjects.values()) or not all_ or to is None:
                raise ekb.QuestionError(
                    "all briefs need --all and -o FOLDER (jsonl and parquet: -o FILE), and no subject; one brief needs neither"
                )
            kb = load_pack(pack)
            asked = ekb.questions(kb, of=of or ("role", "skill"), at_least=at_least)
            _all_briefs(kb, asked, to, form, workers=workers, **options)
            return
        if form is BriefFormat.PARQUET:
            raise ekb.QuestionError("parquet holds all briefs: give --all and -o; one brief is text, json or html")
        page = ekb.brief(load_pack(pack), **subjects, **options)
        if form is BriefFormat.JSONL:
            emit(page.to_json(indent=None), Format.TEXT)
        elif form is BriefFormat.HTML:
            from evidencekb.answers.html import brief_document

            emit(brief_document(page), Format.TEXT)
        else:
            emit(page, form.output)


def _all_briefs(kb: KnowledgeBase, asked: Iterable[Question], to: Path, form: BriefFormat, **options: Any) -> None:
    """Write all briefs, into a folder or a file, and say what was written."""
    from evidencekb.exports import write_briefs, write_briefs_file

    one = form in (BriefFormat.JSONL, BriefFormat.PARQUET)
    try:
        with counting("briefs") as tell:
            if one:
                made = write_briefs_file(kb, asked, to, form.value, progress=tell, **options)
            else:
                done = write_briefs(kb, asked, to, suffix=_SUFFIXES.get(form, ".md"), progress=tell, **options)
    except KeyboardInterrupt:
        err().print(
            "stopped; nothing was written" if one else "stopped; what was written is whole, and the next run goes on"
        )
        sys.exit(STOPPED)
    if one:
        emit(f"{to}: {made:,} briefs", Format.TEXT)
    else:
        emit({"folder": str(to), **asdict(done)} if form is BriefFormat.JSON else f"{to}: {done}", form.output)


_SUFFIXES = {BriefFormat.JSON: ".json", BriefFormat.HTML: ".html"}


@app.command()
def answer(
    aspect: Annotated[str, typer.Argument(help="An aspect, by id.")],
    role: Role = None,
    skill: Skill = None,
    cohort: CohortId = None,
    topic: Topic = None,
    outcome: Outcome = None,
    product: Product = None,
    instrument: Instrument = None,
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Answer one aspect of a subject.

    The answer with its figures, or the gap that says what is not known.

    Example: evidencekb answer callbacks --role machine-learning-engineer --skill pytorch
    """
    import evidencekb as ekb

    with failures(output):
        found = ekb.answer(
            load_pack(pack), aspect, role=role, skill=skill, cohort=cohort, topic=topic,
            outcome=outcome, product=product, instrument=instrument,
        )  # fmt: skip
        emit(found, output)


@app.command()
def check(
    path: Annotated[
        str, typer.Argument(help="The pack's folder; with --engine, a sealed file or a folder of Parquet tables.")
    ],
    strict: Annotated[bool, typer.Option("--strict", help="Count warnings as errors.")] = False,
    workers: Workers = None,
    engine: Annotated[
        str | None,
        typer.Option(help="sqlite, duckdb, a postgresql:// or spark:// URL, or local[4] for Spark on this machine."),
    ] = None,
    scratch: Annotated[
        str | None, typer.Option(metavar="DIR", help="For Spark: a folder or URL that all workers see.")
    ] = None,
    output: Output = Format.TEXT,
) -> None:
    """Run every rule on a pack.

    All problems are reported at once; exit 1 when there are errors. With --engine a sealed pack is checked again there: all
    that a build works out is worked out anew, and the rules that cross records are asked.

    Example: evidencekb check data
    """
    import evidencekb as ekb

    with failures(output):
        with progress(f"checking {path}") as tell:
            report = (
                ekb.audit(path, engine, scratch=scratch, progress=tell)
                if engine
                else ekb.check(path, progress=tell, workers=workers)
            )
        report = report.strict() if strict else report
        emit_report(report, output)
        if not report.ok:
            sys.exit(VIOLATIONS)


@app.command()
def trace(
    id: Annotated[str, typer.Argument(help="A finding, claim or untraced claim.")],
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Follow a figure to its primary source.

    Shows every hand it passed through, and what each changed.

    Example: evidencekb trace noy-zhang-2023-writing-speed-quality
    """
    import evidencekb as ekb

    with failures(output):
        emit(ekb.trace(load_pack(pack), id), output)


@app.command()
def show(
    id: Annotated[str, typer.Argument(help="A record of any kind.")],
    kind: Annotated[str | None, typer.Option(help="finding, source, concept … when an id names several.")] = None,
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Show a record, and where it stands.

    In canonical form, with what a .bib file adds to it.

    Example: evidencekb show kline-rose-walters-2022-21pp
    """
    with failures(output):
        kb = load_pack(pack)
        if kind is not None and kind not in kb.kinds:
            raise UnknownIdError("kind of record", kind, near(kind, kb.kinds))
        kind = kind or kb.kind_of(id)
        record = kb.record(kind, id)
        if output is Format.JSON:
            emit({"kind": kind, "record": record}, output)
            return
        from evidencekb.store.dumping import record_text

        place = kb.place(kind, id)
        emit(f"# {place}\n" * (place is not None) + record_text(kind, record), output)


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="Words to find; words in double quotes stand together.")],
    kind: Annotated[list[str] | None, typer.Option(help="finding, claim or untraced; may be repeated.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many hits.")] = 20,
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Find findings and claims by words.

    Untraced claims are searched too; the best come first.

    Example: evidencekb search "callbacks older women"
    """
    import evidencekb as ekb

    with failures(output):
        hits = ekb.search(load_pack(pack), text, kind=kind, limit=limit)
        emit_all(hits, output, none=f"nothing holds {text!r}")


@app.command()
def build(
    path: Annotated[Path, typer.Argument(help="The pack's folder.")],
    out_file: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write, by custom NAME.ekb.")],
    workers: Workers = None,
    output: Output = Format.TEXT,
) -> None:
    """Check a pack and seal it into a file.

    Nothing is written when it has errors.

    Example: evidencekb build data evidence.ekb
    """
    import evidencekb as ekb

    with failures(output):
        with progress(f"building {out_file}") as tell:
            report = ekb.build(path, out_file, progress=tell, workers=workers)
        with ekb.load(out_file) as kb:
            made = {"file": str(out_file), "bytes": out_file.stat().st_size, **kb.stamp}
        if output is Format.JSON:
            emit({**made, "report": report.to_dict()}, output)
        else:
            emit(f"{report.summary}\n{out_file}: {made['bytes']:,} bytes, {made['digest']}", output)


@app.command(name="format")
def format_command(
    path: Annotated[Path, typer.Argument(help="The pack's folder.")],
    check_only: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 when something would change.")
    ] = False,
    output: Output = Format.TEXT,
) -> None:
    """Bring files into canonical form.

    Records, words and comments stay.

    Example: evidencekb format data
    """
    from evidencekb.store import MANIFEST
    from evidencekb.store.writing import format_pack

    with failures(output):
        if path.is_dir() and not (path / MANIFEST).exists():
            raise FileNotFoundError(f"{path} holds no {MANIFEST}, so it is no pack; nothing was formatted")
        results = format_pack(path, check=check_only)
        changed = [result.file for result in results if result.changed]
        problems = [(r.file, r.problem) for r in results if r.problem is not None]
        if output is Format.JSON:
            unread = [{"file": file, "line": p.line, "column": p.column, "message": p.message} for file, p in problems]
            emit({"files": len(results), "changed": changed, "problems": unread}, output)
        else:
            word = "would change" if check_only else "changed"
            lines = [f"{word}: {file}" for file in changed]
            lines += [f"{file}:{p.line}:{p.column}: left alone: {p.message}" for file, p in problems]
            emit(
                "\n".join([*lines, f"{len(results)} files, {len(changed)} {word}, {len(problems)} left alone"]), output
            )
        if problems or (check_only and changed):
            sys.exit(VIOLATIONS)


@app.command()
def rule(
    asked: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CODE]...", help="101 or EKB101; without it, all rules. With --selftest also a pack's folder."
        ),
    ] = None,
    selftest: Annotated[
        bool,
        typer.Option("--selftest", help="Plant known defects, and see whether the rules find them and nothing else."),
    ] = False,
    output: Output = Format.TEXT,
) -> None:
    """Explain a rule, or try rules out.

    What it asks and why, with a record it refuses and its sound twin.

    With --selftest, the rules are tried on seeds: tiny packs that break one rule in one place, their sound twins, and near
    misses. With a pack's folder, the pack's own rules are tried, with the seeds in its rules/seeds. Exit 1 when a defect is
    missed, something sound is refused, or a rule has no seeds.

    Example: evidencekb rule 101

    Example: evidencekb rule 403 --selftest
    """
    if selftest:
        from evidencekb.cli.seeding import try_rules

        try_rules(asked or (), output)
        return
    from evidencekb.rules.rule import rule as find_rule
    from evidencekb.rules.rule import rules

    with failures(output):
        if asked:
            found = [find_rule(code) for code in asked]
            if output is Format.JSON:
                emit(found[0] if len(found) == 1 else [one.to_dict() for one in found], output)
            else:
                emit("\n\n\n".join(one.explain() for one in found), output)
        elif output is Format.JSON:
            emit([known.to_dict() for known in rules().values()], output)
        else:
            emit("\n".join(f"{known.code}  {known.severity:<7}  {known.title}" for known in rules().values()), output)


def load_pack(pack: Path | None) -> KnowledgeBase:
    """Open the pack that ``--pack`` names."""
    import evidencekb as ekb

    with progress("opening the pack"):
        return ekb.load(pack)
