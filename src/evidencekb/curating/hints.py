"""What is known of money around a work: a hint for the person who sets the vendor flag, never the flag itself.

Bodies that a work names, or that a registry names for it (publisher, funders, employers of authors), are looked up among
the pack's organisations, by their ROR id or their name; what these sell, or what their owners sell, is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from evidencekb.engines.rows import text_key
from evidencekb.model import Organization

_LONGEST = 1500
_PARTS = re.compile(r"[,;()]|\s[-\u2013|]\s")
UNDECIDED = "undecided"
"""How a reason begins that nobody has written yet; rule 202 refuses it."""

_FORMS = frozenset(
    "inc incorporated corp corporation co company ltd limited llc llp plc gmbh ag sa sas bv nv ab oy as kg se the".split()
)


@dataclass(frozen=True, slots=True)
class Body:
    """A body tied to a work.

    Attributes:
        name: As it stands there.
        tie: What ties it, a term of :class:`~evidencekb.vocab.Tie`, or ``"author"`` for a body that wrote it.
        ror: Its ROR id, when a registry gives one.
    """

    name: str
    tie: str
    ror: str | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """A body around a work, and what the pack knows of it.

    Attributes:
        body: The body as named.
        organization: Its id in the pack; None when the pack has no such organisation.
        sells: What it sells, itself or through those who own it: concept ids, sorted.
        advocates: What it speaks for: concept and cohort ids, sorted.
        through: The owners passed on the way, nearest first.
    """

    body: Body
    organization: str | None = None
    sells: tuple[str, ...] = ()
    advocates: tuple[str, ...] = ()
    through: tuple[str, ...] = ()

    def __str__(self) -> str:
        role = f"{self.body.tie.replace('_', ' ')} {self.body.name}"
        if self.organization is None:
            return f"{role} (no organisation of this pack)"
        owners = f", part of {' and '.join(self.through)}," if self.through else ""
        sells = f"sells {', '.join(self.sells)}" if self.sells else "sells nothing that this pack knows of"
        speaks = f" and speaks for {', '.join(self.advocates)}" if self.advocates else ""
        return f"{role} ({self.organization}{owners} {sells}{speaks})"


def hints_for(bodies: Iterable[Body], organizations: Mapping[str, Organization]) -> tuple[Hint, ...]:
    """What the pack knows of each body; sellers first, then the other known ones, each body once for each tie."""
    by_ror = {organization.ror: id for id, organization in organizations.items() if organization.ror}
    by_name = {name_key(organization.name): id for id, organization in organizations.items()}
    found: dict[tuple[str, str], Hint] = {}
    for body in bodies:
        id = by_ror.get(body.ror or "") or next(filter(None, map(by_name.get, _names(body))), None)
        found.setdefault((body.tie, id or name_key(body.name)), _hint(body, id, organizations))
    return tuple(sorted(found.values(), key=lambda hint: (not hint.sells, hint.organization is None)))


def reason_of(hints: Iterable[Hint]) -> str:
    """Hints as the text that stands where the reason is to be written."""
    said: list[str] = []
    held = list(map(str, hints))
    while held and sum(map(len, said)) < _LONGEST:
        said.append(held.pop(0))
    if held:
        said.append(f"and {len(held)} more bodies")
    return f"{UNDECIDED}: {'; '.join(said) or 'nothing is known of who publishes, pays or sells'}"


def name_key(name: str) -> str:
    """A body's name for comparing: legal forms aside.

    Examples:
        >>> name_key("Example Software, Inc.") == name_key("The Example Software")
        True
    """
    words = text_key(name).split()
    return " ".join(word for word in words if word not in _FORMS) or " ".join(words)


def _names(body: Body) -> Iterator[str]:
    """A body's name for comparing; of an employer also each part, since addresses follow and departments stand before."""
    yield name_key(body.name)
    if body.tie == "author_employer":
        yield from (key for part in _PARTS.split(body.name) if (key := name_key(part)))


def _hint(body: Body, id: str | None, organizations: Mapping[str, Organization]) -> Hint:
    if id is None:
        return Hint(body)
    line = list(_owners(id, organizations))
    sells = {product for owner in line for product in organizations[owner].sells}
    advocates = {subject for owner in line for subject in organizations[owner].advocates}
    return Hint(body, id, tuple(sorted(sells)), tuple(sorted(advocates)), tuple(line[1:]))


def _owners(id: str, organizations: Mapping[str, Organization]) -> Iterator[str]:
    """The organisation and those it is part of, as far as the pack knows them; a loop ends where it begins."""
    seen: set[str] = set()
    at: str | None = id
    while at is not None and at not in seen and at in organizations:
        seen.add(at)
        yield at
        at = organizations[at].part_of
