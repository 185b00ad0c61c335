"""Commands that judge support: how many studies there are, and where all that is listed comes from."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from evidencekb.cli.app import Output, Pack, app, load_pack
from evidencekb.cli.output import Format, emit, failures


class Picture(StrEnum):
    """How origins are shown."""

    TEXT = "text"
    MERMAID = "mermaid"
    SVG = "svg"


@app.command()
def support(
    claim: Annotated[str, typer.Argument(help="A claim.")],
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Count the studies behind a claim.

    Findings that share data, people, a work, or authors and setting count once; each stance apart, each join with its reason.

    Example: evidencekb support experienced-developers-slower-with-ai
    """
    import evidencekb as ekb

    with failures(output):
        emit(ekb.independent_support(load_pack(pack), claim), output)


@app.command()
def origins(
    id: Annotated[str, typer.Argument(help="A claim, finding or untraced claim.")],
    form: Annotated[Picture, typer.Option("--as", help="The form; svg is a picture.")] = Picture.TEXT,
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """Show where all that is listed comes from.

    Many citers may have one origin, pages may take a figure from each other, and a chain may end before any data.

    Example: evidencekb origins unresolved-dol-bad-hire-30pct --as svg > origins.svg
    """
    import evidencekb as ekb

    with failures(output):
        found = ekb.origins_of(load_pack(pack), id)
        forms = {Picture.MERMAID: found.to_mermaid, Picture.SVG: found.to_svg}
        emit(found if output is Format.JSON or form is Picture.TEXT else forms[form](), output)
