"""What a pack is, told to those who never open it: its name, size and sources, who keeps it, and on which terms.

The words of a licence, a citation file, a description for search engines and a crate all come from here, so that they agree.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from evidencekb.answers.naming import counted, joined
from evidencekb.answers.numbers import closed
from evidencekb.vocab import VendorFlag

if TYPE_CHECKING:
    from evidencekb.answers.records import Reference
    from evidencekb.kb import KnowledgeBase

SHORTEST, LONGEST = 50, 5_000
"""How long a description may be for those who list datasets."""
_SPDX = "https://spdx.org/licenses/"
_WORD = re.compile(r"[A-Za-z0-9.+-]+")
_OPERATORS = frozenset({"AND", "OR", "WITH"})
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_JOINTS = "/#:?=&"
_BODIES = frozenset("co co. corp corp. gmbh inc inc. llc ltd ltd. plc".split())
_MEASURED = "nature IN ('observed', 'reported') AND since <> '' AND until <> ''"


@dataclass(frozen=True, slots=True)
class Maintainer:
    """Who keeps a pack.

    Attributes:
        name: The name as people write it.
        family: The family name of a person; '' for a body.
        given: The given names of a person.
    """

    name: str
    family: str = ""
    given: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What a pack is.

    Attributes:
        name: Its name.
        version: Its version.
        title: Its title; the name when it has none.
        description: Its size and its sources by vendor flag, in sentences.
        licence: The SPDX expression of its licence; '' when none is given.
        base: What the IRIs of its records begin with; '' when its manifest gives no base that is an absolute IRI.
        digest: The digest of its records.
        built_on: The day on which the sealed file was built.
        maintainers: Who keeps it, in the order of the manifest.
        outcomes: What its figures are about, by id: the label.
        covers: First and last day of the periods that its measured findings name; '' when none names one.
    """

    name: str
    version: str
    title: str
    description: str
    licence: str
    base: str
    digest: str
    built_on: str
    maintainers: tuple[Maintainer, ...]
    outcomes: dict[str, str]
    covers: str

    @property
    def licences(self) -> tuple[str, ...]:
        """The addresses of the licences in the expression, as the SPDX list has them."""
        return tuple(_SPDX + id for id in licence_ids(self.licence) if not id.startswith("LicenseRef-"))

    @property
    def licence_note(self) -> str:
        """On which terms the pack may be used, in a sentence, and where the texts of its licences are."""
        named = f"{self.title} ({self.name} {self.version})"
        if not self.licence:
            return f"{named} gives no licence. Ask those who keep it before you use more than the law allows.\n"
        told = f"{named} is licensed under {self.licence}."
        return "\n".join([f"{told} The text:" if self.licences else told, *self.licences, ""])

    def iri(self, kind: str, id: str) -> str:
        """The IRI of a record; its id alone when the pack has no base."""
        return f"{self.base}{kind}/{quote(id, safe='')}" if self.base else id


def about(kb: KnowledgeBase) -> About:
    """What a pack is.

    Examples:
        >>> from evidencekb import load
        >>> with load() as kb:
        ...     told = about(kb)
        >>> told.title, told.licences, [keeper.name for keeper in told.maintainers]
        ('AI in hiring, skills and work', ('https://spdx.org/licenses/CC-BY-4.0',), ['evidencekb maintainers'])
    """
    meta = dict(kb.rows("SELECT name, value FROM meta WHERE name IN ('title', 'licence')"))
    title, licence = meta.get("title") or kb.name, meta.get("licence") or ""
    outcomes = kb.rows("SELECT id, label FROM concept WHERE id IN (SELECT outcome FROM estimate) ORDER BY id")
    ((first, last),) = kb.rows(f"SELECT MIN(since), MAX(until) FROM finding WHERE {_MEASURED}")
    return About(
        name=kb.name,
        version=kb.version,
        title=title,
        description=_description(kb, title, licence),
        licence=licence,
        base=base_of(kb),
        digest=kb.digest,
        built_on=kb.built_on,
        maintainers=tuple(map(maintainer, maintainers_of(kb))),
        outcomes=dict(outcomes),
        covers=f"{first}/{last}" if first else "",
    )


def base_of(kb: KnowledgeBase) -> str:
    """What the IRIs of the records of a pack begin with; '' when its manifest gives no base that is an absolute IRI."""
    rows = kb.rows("SELECT value FROM meta WHERE name = 'base'")
    base = str(rows[0][0] or "") if rows else ""
    return (base if base[-1] in _JOINTS else f"{base}/") if _ABSOLUTE.fullmatch(base) else ""


def maintainers_of(kb: KnowledgeBase) -> list[str]:
    """Who keeps a pack, as its manifest says; none of a file that was built before files said so."""
    rows = kb.rows("SELECT value FROM meta WHERE name = 'maintainers'")
    return [str(name) for name in json.loads(rows[0][0])] if rows else []


def maintainer(text: str) -> Maintainer:
    """A maintainer from the manifest: a person is written ``Family, Given``, and a body by its name.

    Examples:
        >>> maintainer("Doe, Jane")
        Maintainer(name='Jane Doe', family='Doe', given='Jane')
        >>> maintainer("Example Statistics, Ltd.")
        Maintainer(name='Example Statistics, Ltd.', family='', given='')
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 2 or not all(parts) or parts[1].casefold() in _BODIES:
        return Maintainer(text)
    return Maintainer(f"{parts[1]} {parts[0]}", *parts)


def licence_ids(expression: str) -> tuple[str, ...]:
    """The licences that an SPDX expression names.

    Examples:
        >>> licence_ids("(MIT OR Apache-2.0) AND CC-BY-4.0")
        ('MIT', 'Apache-2.0', 'CC-BY-4.0')
        >>> licence_ids("GPL-2.0-only WITH Classpath-exception-2.0")
        ('GPL-2.0-only',)
    """
    words = _WORD.findall(expression)
    return tuple(dict.fromkeys(
        word for before, word in zip(["", *words], words, strict=False) if word not in _OPERATORS and before != "WITH"
    ))  # fmt: skip


def primary_keys(kb: KnowledgeBase) -> tuple[str, ...]:
    """Keys of the sources that findings come from, sorted; those that only repeat a figure are not among them."""
    return tuple(
        key for (key,) in kb.rows("SELECT DISTINCT source FROM citation WHERE role = 'primary' ORDER BY source")
    )


def source_references(kb: KnowledgeBase) -> Iterator[Reference]:
    """The primary sources of a pack as references, by key."""
    from evidencekb.queries.desk import desk_of

    yield from desk_of(kb).references(primary_keys(kb))


def _description(kb: KnowledgeBase, title: str, licence: str) -> str:
    """What is in a pack, in sentences of which each is true of any pack."""
    ((findings, estimates, dated),) = kb.rows(
        "SELECT (SELECT COUNT(*) FROM finding), (SELECT COUNT(*) FROM estimate), "
        f"(SELECT COUNT(*) FROM finding WHERE {_MEASURED})"
    )
    keys = len(primary_keys(kb))
    flags = dict(
        kb.rows(
            "SELECT vendor, COUNT(*) FROM source "
            "WHERE id IN (SELECT source FROM citation WHERE role = 'primary') GROUP BY vendor"
        )
    )
    shares = [f"{flags[flag]} {flag}" for flag in map(str, VendorFlag) if flag in flags]
    told = joined([shares[0].replace(" ", " flagged ", 1), *shares[1:]]) if shares else ""
    held = f"{counted(findings, 'finding')} with {counted(estimates, 'estimate')}"
    parts = [
        closed(title),
        f"The evidencekb pack {kb.name} {kb.version} holds {held}, each with the citations that lead to its primary source.",
        f"Each source says who gains from its figures: of {counted(keys, 'primary source')}, {told}." if told else "",
        f"{counted(dated, 'measured finding')} {'names its' if dated == 1 else 'name their'} period." if dated else "",
        f"Licence: {licence}." if licence else "No licence is given.",
        "What is not known in it is missing in the pack, not in the world.",
    ]
    return " ".join(part for part in parts if part)[:LONGEST]
