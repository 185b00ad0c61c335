"""The commands for references: print them in a citation style, and say how to cite a figure."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from evidencekb.cli.app import Output, Pack, app, load_pack
from evidencekb.cli.output import Format, emit, failures

StyleName = Annotated[
    str,
    typer.Option(
        help="apa, chicago-author-date, ieee, nature, vancouver, a style that the pack names, or the path of a .csl file."
    ),
]


class Form(StrEnum):
    """The form in which references are printed."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"
    SHORT = "short"


@app.command()
def references(
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ID",
            help="Keys of sources; or findings or claims, which stand for their primary sources. Default: all sources.",
        ),
    ] = None,
    style: StyleName = "apa",
    form: Annotated[Form, typer.Option("--as", help="The form; short is how running text mentions them.")] = Form.TEXT,
    locale: Annotated[str, typer.Option(help="The language of the words between.")] = "en-US",
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Print references in a citation style.

    One a line, in the order asked; numbers and letters after years tell those of one call apart. Text shows who gains from
    a source, and what happened to it, in square brackets behind.

    Example: evidencekb references noy2023experimental --style ieee --as markdown
    """
    import evidencekb as ekb

    with failures(output):
        found = ekb.references(load_pack(pack), ids or None, style=style, locale=locale)
        if output is Format.JSON:
            emit([reference.to_dict() for reference in found], output)
        elif form is Form.TEXT:
            emit("\n".join(map(str, found)), output)
        else:
            emit("\n".join(str(getattr(reference, form.value)) for reference in found), output)


@app.command()
def cite(
    id: Annotated[str, typer.Argument(help="A finding, or one figure of it as finding#estimate.")],
    style: StyleName = "apa",
    address: Annotated[str | None, typer.Option(help="Where the figure or the pack can be seen.")] = None,
    seen: Annotated[str | None, typer.Option(help="The day it was seen, YYYY-MM-DD; default: today.")] = None,
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Say how to cite a figure.

    The source that produced it comes first, the pack that holds it second.

    Example: evidencekb cite noy-zhang-2023-writing-speed-quality#time --style chicago-author-date
    """
    import evidencekb as ekb

    with failures(output):
        emit(ekb.how_to_cite(load_pack(pack), id, style=style, address=address, seen=seen), output)
