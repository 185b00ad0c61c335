"""The command that asks a pack in SPARQL."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evidencekb.cli.app import Pack, app, load_pack
from evidencekb.cli.output import Format, emit, failures
from evidencekb.errors import QuestionError

if TYPE_CHECKING:
    from evidencekb.rdf import Published


class TableFormat(StrEnum):
    """How a table is printed."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"

    @property
    def output(self) -> Format:
        """How what is said beside it is printed."""
        return Format.JSON if self is TableFormat.JSON else Format.TEXT


@app.command()
def sparql(
    query: Annotated[
        str | None,
        typer.Argument(
            metavar="[TEXT|FILE|NAME]",
            help="A query, a file that holds one, - for the pipe, or the name of a published one. Default: list those.",
        ),
    ] = None,
    value: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="A value of a published query; may be repeated.")
    ] = None,
    timeout: Annotated[float, typer.Option(help="Stop after so many seconds.")] = 10.0,
    limit: Annotated[int, typer.Option(help="At most so many rows.")] = 10_000,
    text: Annotated[
        bool, typer.Option("--text", help="Print a published query with its values, for another engine; ask nothing.")
    ] = False,
    pack: Pack = None,
    output: Annotated[
        TableFormat, typer.Option("--format", help="text for people, json or csv for programs.")
    ] = TableFormat.TEXT,
) -> None:
    """Ask a pack in SPARQL.

    All statements are asked, recorded and derived ones. Nothing is changed, and nothing outside of the pack is read.

    Example: evidencekb sparql findings-for --value skill=pytorch --value without=vendor

    Example: evidencekb sparql "SELECT ?f WHERE { ?f a ekb:Finding } LIMIT 5"
    """
    import evidencekb as ekb
    from evidencekb.rdf import published, query_text
    from evidencekb.rdf.querytexts import named

    with failures(output.output):
        if query is None:
            if value or text:
                raise QuestionError("--value and --text are for a published query: name one")
            _list(list(published().values()), output)
            return
        values = dict(map(_pair, value or ()))
        if len(values) < len(value or ()):
            raise QuestionError("a value is given twice; give each name once")
        asked = _read(query, frozenset(published()))
        if values and named(asked) is None:
            raise QuestionError("--value is for a published query; in a text of your own, write the value itself")
        kb = load_pack(pack)
        if text:
            emit(query_text(kb, asked, **values), Format.TEXT)
            return
        try:
            found = ekb.sparql(kb, asked, timeout=timeout, limit=limit, **values)
        finally:
            kb.close()
        if output is TableFormat.CSV:
            sys.stdout.write(found.to_csv().replace("\r\n", "\n"))
            if not found.complete:
                raise QuestionError(f"there are more than {limit:,} rows; ask for more with --limit")
        else:
            emit(found, output.output)


def _list(known: list[Published], output: TableFormat) -> None:
    """Print the published queries, and the values that each takes."""
    if output is TableFormat.JSON:
        rows = [
            {"name": one.name, "answers": one.answers, "values": {v.name: v.kind for v in one.values.values()}}
            for one in known
        ]
        emit(rows, Format.JSON)
        return
    width = max(len(one.name) for one in known)
    lines = []
    for one in known:
        takes = f" [{', '.join(one.values)}]" if one.values else ""
        lines.append(f"{one.name:<{width}}  {one.answers}{takes}")
    emit("\n".join(lines), Format.TEXT)


def _pair(given: str) -> tuple[str, str]:
    name, sign, held = given.partition("=")
    if not sign or not name or not held:
        raise QuestionError(f"--value is {given!r}; write it as role=data-scientist")
    return name, held


def _read(query: str, known: frozenset[str]) -> str:
    """The query itself, from where it stands."""
    from evidencekb.rdf.queryguard import LONGEST

    if query == "-":
        return sys.stdin.read(LONGEST + 1)
    if query in known or "{" in query or "\n" in query:
        return query
    file = Path(query)
    if file.suffix not in (".rq", ".sparql") and not file.is_file():
        return query
    with file.open(encoding="utf-8", errors="replace") as text:
        return text.read(LONGEST + 1)
