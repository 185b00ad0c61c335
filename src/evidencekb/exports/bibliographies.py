"""The sources of a pack as a bibliography for other programs: BibTeX, biblatex, RIS or CSL-JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evidencekb.errors import UnknownIdError
from evidencekb.names import near
from evidencekb.sources import bibwriting, csljson, ris
from evidencekb.sources.fields import item_of
from evidencekb.sources.items import Item, Loss

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase


@dataclass(frozen=True, slots=True)
class Exported:
    """Sources in a format of another program.

    Attributes:
        text: What to write; lines of RIS end in CR LF, so open its file with ``newline=""``.
        losses: By source, what the format has no place for.
    """

    text: str
    losses: tuple[tuple[str, Loss], ...]


def bibliography(kb: KnowledgeBase, form: str, sources: str | Iterable[str] | None = None) -> Exported:
    """The sources of a pack for another program.

    Args:
        kb: The knowledge base.
        form: One of :data:`FORMS`.
        sources: Keys of sources, one or several, in the order wanted; default: all of them, sorted.

    Raises:
        UnknownIdError: If there is no such source or format.

    Examples:
        >>> import evidencekb as ekb
        >>> print(bibliography(ekb.load(), "bibtex", ["noy2023experimental"]).text.splitlines()[0])
        @article{noy2023experimental,
    """
    if form not in _WRITERS:
        raise UnknownIdError("format of bibliographies", form, near(form, FORMS))
    write, lost = _WRITERS[form]
    given = (sources,) if isinstance(sources, str) else sources
    wanted = kb.ids("source") if given is None else dict.fromkeys(given)
    items = [item_of(kb.record("source", id)) for id in wanted]
    return Exported(write(items), tuple((str(item["id"]), loss) for item in items for loss in lost(item)))


def _bibtex(items: Iterable[Item]) -> str:
    return bibwriting.write_bibtex(items, dialect="bibtex")


def _bibtex_losses(item: Item) -> tuple[Loss, ...]:
    return bibwriting.unwritten(item, dialect="bibtex")


def _nothing(_: Item) -> tuple[Loss, ...]:
    return ()


_WRITERS: dict[str, tuple[Callable[[Iterable[Item]], str], Callable[[Item], tuple[Loss, ...]]]] = {
    "biblatex": (bibwriting.write_bibtex, bibwriting.unwritten),
    "bibtex": (_bibtex, _bibtex_losses),
    "csl": (csljson.write_csl, _nothing),
    "ris": (ris.write_ris, ris.unwritten),
}

FORMS = tuple(_WRITERS)
"""The formats that can be written."""
