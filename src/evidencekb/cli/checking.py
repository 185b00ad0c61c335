"""The commands that ask what became of sources: ``standing`` and ``links``.

Exit codes: 0 when all is settled, 1 when something is to be done or an answer is missing, 2 misuse, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evidencekb.cli.app import Output, Pack, app
from evidencekb.cli.asking import CacheFolder, Mailto, NoCache, Offline, asker, cache_of
from evidencekb.cli.output import STOPPED, VIOLATIONS, Format, advancing, emit, err, failures, progress

if TYPE_CHECKING:
    from evidencekb import KnowledgeBase
    from evidencekb.curating.standing import Recorded
    from evidencekb.sources.keeping import Keeping
    from evidencekb.sources.standing.report import StandingReport

_SHOWN = 10

SourceIds = Annotated[
    list[str] | None, typer.Argument(metavar="SOURCE", help="Sources, by id; all of the pack when left out.")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Exit 1 also for what only a person can settle, or nobody can check.")
]


@app.command()
def standing(
    sources: SourceIds = None,
    pack: Pack = None,
    retraction_watch: Annotated[
        Path | None, typer.Option("--retraction-watch", metavar="CSV", help="Retraction Watch's list.")
    ] = None,
    zotero: Annotated[
        Path | None, typer.Option("--zotero", metavar="FILE", help="Zotero's list, retractions.json of a profile.")
    ] = None,
    offline: Offline = False,
    mailto: Mailto = None,
    cache: CacheFolder = None,
    no_cache: NoCache = False,
    write: Annotated[
        bool, typer.Option("--write", help="Write what is suggested into the records; --pack is a folder then.")
    ] = False,
    strict: Strict = False,
    output: Output = Format.TEXT,
) -> None:
    """What happened to sources since they came out.

    Asks Crossref about each work and about notices of it, and looks into the lists that are given. Prints what changed and
    who says so, the standing to paste into the record, what a person has to look at, what could not be checked and why,
    and the findings and claims that rest on what changed, as its primary source or through relays.

    Exit 1 when the pack does not record an event yet, when a correction in it no longer fits what Crossref has, or when a
    place did not answer; a source that no place can know, for want of a DOI for example, is named and does not count. With
    --strict everything counts that is not settled.

    Example: evidencekb standing --pack data --mailto me@example.org --retraction-watch retraction_watch.csv
    """
    import evidencekb as ekb
    from evidencekb.sources.standing.retraction_watch import read_retraction_watch
    from evidencekb.sources.standing.zotero import read_zotero_list

    with failures(output):
        kept = cache_of(cache, no_cache=no_cache)
        folder = _folder(pack) if write else None
        kb = _opened(pack, sources)
        watched = read_retraction_watch(retraction_watch) if retraction_watch else None
        listed = read_zotero_list(zotero) if zotero else None
        with asker(mailto, cache=kept, offline=offline) as client, _stoppable("sources", kept) as tell:
            report = ekb.standing(kb, sources, client=client, retraction_watch=watched, zotero=listed, progress=tell)
        recorded = _write(folder, report) if folder else None
        _print_standing(kb, report, recorded, output)
        written = recorded.written if recorded else ()
        to_do = (
            kb.report.errors
            or report.unanswered
            or any(row.corrections for row in report.sources)
            or any(row.source not in written for row in report.to_record)
        )
        if to_do or (strict and not all(row.settled for row in report.sources)):
            sys.exit(VIOLATIONS)


@app.command()
def links(
    sources: SourceIds = None,
    pack: Pack = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask nobody; recorded copies are compared all the same.")
    ] = False,
    mailto: Mailto = None,
    copies: Annotated[
        Path | None,
        typer.Option("--copies", metavar="DIR", help="Keep a copy of each source there, under its SHA-256."),
    ] = None,
    strict: Strict = False,
    allow_loopback: Annotated[
        bool, typer.Option("--allow-loopback", help="Let addresses of this machine pass too, for tests.")
    ] = False,
    output: Output = Format.TEXT,
) -> None:
    """Whether the addresses of sources still lead somewhere.

    Opens DOI and URL of each source, and asks arXiv and PubMed about their numbers: over http and https, on the public web
    alone, within bounds of size, time and redirects. Nothing is answered from what was kept: the question is how it is now.

    With --copies a copy is kept of each source that answers and has none, copies that its record names are compared with
    their SHA-256, and where nothing is left the Wayback Machine is asked.

    Exit 1 when an address leads nowhere, did not answer or could not be asked, or a copy is not what its record says. What
    moved, looks empty or refuses programs is named and does not count. With --strict it does.

    Example: evidencekb links --pack data --copies copies
    """
    import evidencekb as ekb
    from evidencekb.sources.keeping import keep_copies
    from evidencekb.sources.links import LinkState

    with failures(output):
        kb = _opened(pack, sources)
        with asker(mailto, offline=offline, loopback=allow_loopback) as client:
            with _stoppable("sources") as tell:
                report = ekb.links(kb, sources, client=client, progress=tell)
            kept: tuple[Keeping, ...] = ()
            if copies is not None:
                records = {link.source: kb.record("source", link.source) for link in report.links}
                with _stoppable("copies") as tell:
                    kept = keep_copies(records.values(), report, copies.resolve(), client=client, progress=tell)
        if output is Format.JSON:
            about = {"pack": kb.stamp, "left_out": list(map(str, kb.report.errors))}
            emit({**about, **report.to_dict(), "copies": [keeping.to_dict() for keeping in kept]}, output)
        else:
            counts = Counter(keeping.state for keeping in kept)
            said = ", ".join(f"{number} {state.replace('_', ' ')}" for state, number in counts.items())
            lines = [*map(str, kept), "", str(report), f"copies: {said}"] if kept else [str(report)]
            emit("\n".join([*_left_out(kb), *lines]), output)
        harmless = () if strict else (LinkState.MOVED, LinkState.ALIAS, LinkState.LOOKS_GONE, LinkState.REFUSED)
        bad = kb.report.errors or [link for link in report.links if link.state not in (LinkState.REACHED, *harmless)]
        if bad or any(not keeping.ok for keeping in kept):
            sys.exit(VIOLATIONS)


def _opened(pack: Path | None, sources: Sequence[str] | None) -> KnowledgeBase:
    """The pack without what has errors: a pack in which a claim rests on a withdrawn source is one to look at here."""
    import evidencekb as ekb

    with progress("opening the pack"):
        kb = ekb.load(pack, check=False)
    for violation in kb.report.errors:
        if violation.subject.kind == "source" and violation.subject.id in (sources or ()):
            raise ekb.QuestionError(f"{violation}; mend it first")
    return kb


def _folder(pack: Path | None) -> Path:
    import evidencekb as ekb

    if pack is None or not pack.is_dir():
        raise ekb.QuestionError("--write changes records in files; name the pack's folder with --pack")
    return pack


@contextmanager
def _stoppable(what: str, cache: Path | None = None) -> Iterator[Callable[[int, int], None]]:
    """Progress of a long work that a person may stop: then it is said how far it came, and what of it is kept."""
    from evidencekb.sources.caching import FILE

    reached = (0, 0)
    with advancing(what) as show:

        def tell(done: int, total: int) -> None:
            nonlocal reached
            reached = done, total
            show(done, total)

        try:
            yield tell
            return
        except KeyboardInterrupt:
            pass
    how_far = (
        f"stopped after {reached[0]} of {reached[1]} {what}" if reached[1] else "stopped before the first was done"
    )
    if cache is not None and (cache / FILE).is_file():
        kept = f"the answers so far are kept in {cache / FILE}: run it again, and only the rest is asked"
    else:
        kept = "no answers are kept" + (", copies made so far are" if what == "copies" else "")
    err().print(f"{how_far}; {kept}", markup=False)
    sys.exit(STOPPED)


def _write(folder: Path, report: StandingReport) -> Recorded:
    from evidencekb.curating.standing import record_standing

    return record_standing(folder, report.sources)


def _print_standing(kb: KnowledgeBase, report: StandingReport, recorded: Recorded | None, output: Format) -> None:
    if output is Format.JSON:
        written = recorded and {
            "sources": list(recorded.written),
            "files": list(recorded.files),
            "left": [{"source": source, "why": why} for source, why in recorded.left],
        }
        about = {"pack": kb.stamp, "left_out": list(map(str, kb.report.errors))}
        emit({**about, **report.to_dict(), "written": written}, output)
        return
    lines = [*_left_out(kb), str(report)]
    if recorded is not None:
        lines += [f"left alone: {source}: {why}" for source, why in recorded.left]
        lines += [f"changed: {file}" for file in recorded.files]
        number = len(recorded.written)
        lines.append(f"{number} record{'' if number == 1 else 's'} written, {len(recorded.left)} left alone")
    emit("\n".join(lines), output)


def _left_out(kb: KnowledgeBase) -> Iterator[str]:
    """Of a pack with errors, what is left out and so was not looked at."""
    if errors := kb.report.errors:
        yield "left out, with all that rests on it, since the pack has errors:"
        yield from (f"  {error}" for error in errors[:_SHOWN])
        if len(errors) > _SHOWN:
            yield f"  and {len(errors) - _SHOWN} more; `evidencekb check` shows all"
        yield ""
