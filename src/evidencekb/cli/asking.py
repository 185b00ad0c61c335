"""Options of commands that ask services and pages, and the client that they make."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evidencekb.errors import QuestionError

if TYPE_CHECKING:
    from evidencekb.sources.client import Client

Offline = Annotated[bool, typer.Option("--offline", help="Ask nobody; use what is kept from earlier times.")]
Mailto = Annotated[
    str | None, typer.Option("--mailto", help="Your mail address, so that services can write instead of blocking.")
]
CacheFolder = Annotated[
    Path | None, typer.Option("--cache", metavar="DIR", help="Where answers are kept; default: the user's cache.")
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Ask for everything anew, and keep no answer.")]


def cache_of(cache: Path | None, *, no_cache: bool) -> Path | None:
    """The folder in which answers are kept, or None.

    Raises:
        QuestionError: If a folder was named and none is wanted.
    """
    from evidencekb.loading.caching import cache_folder

    if no_cache and cache is not None:
        raise QuestionError("--cache and --no-cache exclude each other; give one of them")
    return None if no_cache else cache or cache_folder()


def asker(mailto: str | None, *, cache: Path | None = None, offline: bool = False, loopback: bool = False) -> Client:
    """Who asks.

    Raises:
        QuestionError: If the mail address is none.
    """
    from evidencekb.sources.client import Client

    try:
        return Client(mailto=mailto, cache=cache, offline=offline, loopback=loopback)
    except ValueError as wrong:
        raise QuestionError(str(wrong)) from wrong
