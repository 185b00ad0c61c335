"""The commands about a pack over time: what changed, what rests on a source, whether a file is whole, and who signed it.

Exit codes of ``diff``: 0 whether something differs or not, as ``git diff`` has it, since a difference is no violation; 1 when
a part of a side cannot be read, or with ``--exit-code`` when something differs; 2 misuse.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from evidencekb.cli.app import Output, Pack, app, load_pack
from evidencekb.cli.output import VIOLATIONS, Format, emit, err, failures, progress


class DiffFormat(StrEnum):
    """How a comparison is printed."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="A folder, a sealed file, git:REV, or REV:path.")],
    new: Annotated[str, typer.Argument(help="What it is compared with.")],
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit 1 when something differs.")] = False,
    form: Annotated[
        DiffFormat, typer.Option("--format", help="text for people, markdown for a pull request, json for programs.")
    ] = DiffFormat.TEXT,
) -> None:
    """What changed between two states of a pack, in words of findings.

    Worst first: figures that pages print, then flags, standing and what claims rest on, then wording and details; with the cards
    and claims that each change concerns. Neither side is checked against the rules.

    git:REV is the folder it is compared with, or else the pack here, at a revision of git. REV:path is told from the root of the
    repository.

    Exit 0 whether something differs or not; 1 when a part of a side cannot be read, or with --exit-code when something differs.

    Example: evidencekb diff git:HEAD~1 data

    Example: evidencekb diff v1.0:data v1.1:data --format markdown
    """
    import evidencekb as ekb

    output = Format.JSON if form is DiffFormat.JSON else Format.TEXT
    with failures(output):
        with progress(f"comparing {old} with {new}"):
            found = ekb.diff(old, new)
        emit(found.to_markdown() if form is DiffFormat.MARKDOWN else found, output)
        if not found.complete or (exit_code and found.changes):
            sys.exit(VIOLATIONS)


@app.command()
def impact(
    source: Annotated[str, typer.Argument(metavar="ID", help="A source, by its key.")],
    pack: Pack = None,
    output: Output = Format.TEXT,
) -> None:
    """All that rests on a source, for the day on which it is retracted.

    Findings with and without another primary source, claims and whether an independent one is left, relays, replications, and
    what else names it.

    Example: evidencekb impact noy2023experimental
    """
    import evidencekb as ekb

    with failures(output):
        emit(ekb.impact(load_pack(pack), source), output)


@app.command()
def verify(
    path: Annotated[Path, typer.Argument(help="A sealed file.")],
    signed_by: Annotated[
        Path | None,
        typer.Option(
            "--signed-by", metavar="KEYS", help="Public keys of SSH, one a line; one of them must have signed."
        ),
    ] = None,
    output: Output = Format.TEXT,
) -> None:
    """Check a sealed file to the last byte.

    Its records against their digests, its tables against theirs, then every byte; says which record or table was changed, as far
    as that can be known. With --signed-by the signature FILE.sig too, which `evidencekb sign` or `ssh-keygen -Y sign -n file`
    writes.

    Exit 1 when anything was changed after the build, or the signature is none of the keys'.

    Example: evidencekb verify evidence.ekb

    Example: evidencekb verify evidence.ekb --signed-by maintainers.pub
    """
    import evidencekb as ekb

    with failures(output):
        try:
            found = ekb.verify(path, signed_by=signed_by)
        except (ekb.SealedFileError, ekb.SignatureError) as problem:
            if output is Format.JSON:
                emit({"file": str(path), "ok": False, "problem": problem.problem}, output)
            else:
                err().print(str(problem), markup=False)
            sys.exit(VIOLATIONS)
        emit({"ok": True, **found.to_dict()} if output is Format.JSON else found, output)


@app.command()
def sign(
    path: Annotated[Path, typer.Argument(help="A sealed file.")],
    key: Annotated[Path, typer.Option("--key", help="A private key of SSH, such as ~/.ssh/id_ed25519.")],
    output: Output = Format.TEXT,
) -> None:
    """Sign a sealed file with a key of SSH.

    Writes FILE.sig beside it, which `evidencekb verify --signed-by` and `ssh-keygen -Y verify -n file` check. A passphrase is
    asked for.

    Example: evidencekb sign evidence.ekb --key ~/.ssh/id_ed25519
    """
    import evidencekb as ekb
    from evidencekb.engines.signing import LOCKED

    with failures(output):
        try:
            made = ekb.sign(path, key)
        except ekb.SignatureError as problem:
            if problem.problem != LOCKED or not sys.stdin.isatty():
                raise
            passphrase = typer.prompt(f"Passphrase of {key}", hide_input=True, err=True)
            made = ekb.sign(path, key, passphrase=passphrase)
        emit({"file": str(path), "signature": str(made)} if output is Format.JSON else f"{made}: written", output)
