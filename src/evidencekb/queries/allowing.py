"""What whoever pools lets pass, each with a reason that is printed beside the number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from evidencekb.answers.comparability import ASPECTS, Reason
from evidencekb.answers.pooled import Allowed
from evidencekb.errors import QuestionError
from evidencekb.names import nearest

if TYPE_CHECKING:
    from evidencekb.queries.sides import Side

Pair = tuple[str, str]


class Allowances:
    """Reasons given for pooling what would be refused, and the pairs that each let through.

    Args:
        given: Aspects of a comparison, or pairs of findings or estimates, each with a reason.
        sides: The estimates that are pooled.

    Raises:
        QuestionError: If an aspect or a pair is none, or a reason says nothing.
    """

    def __init__(self, given: Mapping[Any, str] | None, sides: Sequence[Side]) -> None:
        self._kinds: dict[str, str] = {}
        self._pairs: dict[frozenset[str], tuple[str, str]] = {}
        self._used: dict[str, tuple[str, list[Pair], dict[str, str]]] = {}
        if given is not None and not isinstance(given, Mapping):
            raise QuestionError(f"allow is {given!r}; give kinds of reasons, each with why it is allowed")
        self._twice: set[str] = set()
        names = {side.name for side in sides} | {side.finding for side in sides}
        for key, reason in (given or {}).items():
            self._take(key, reason, names)

    def _take(self, key: Any, reason: Any, names: set[str]) -> None:
        if not isinstance(reason, str) or not any(map(str.isalpha, reason)):
            raise QuestionError(
                f"allow={{{key!r}: {reason!r}}} gives no reason; say why, since it is printed with the result"
            )
        reason = " ".join(reason.split())
        if isinstance(key, str) and key in ASPECTS:
            self._kinds[key] = reason
            return
        parts = tuple(part.strip() for part in key.split(",")) if isinstance(key, str) else key
        if not isinstance(parts, tuple) or len(parts) != 2:
            near = nearest(key, ASPECTS) if isinstance(key, str) else ""
            raise QuestionError(f"allow names {key!r}{near}; it takes {', '.join(ASPECTS)}, or a pair of estimates")
        for part in parts:
            if part not in names:
                raise QuestionError(f"allow names {part!r}, which is not among the estimates to be pooled")
        self._pairs[frozenset(parts)] = (" and ".join(parts), reason)

    def refused(self, a: Side, b: Side, reasons: Sequence[Reason]) -> tuple[Reason, ...]:
        """The reasons that nobody allowed; what was allowed is noted. No reason makes two kinds of number one."""
        pair = next(
            (
                self._pairs[key]
                for first in (a.name, a.finding)
                for second in (b.name, b.finding)
                if (key := frozenset((first, second))) in self._pairs
            ),
            None,
        )
        left = []
        for reason in reasons:
            named = (reason.aspect, self._kinds[reason.aspect]) if reason.aspect in self._kinds else pair
            if named is None or _is_hard(a, b, reason):
                left.append(reason)
            else:
                _, pairs, texts = self._used.setdefault(named[0], (named[1], [], {}))
                texts.setdefault(reason.aspect, reason.text)
                if reason.aspect == "overlap" or (reason.aspect == "version" and a.origins.works & b.origins.works):
                    self._twice.add(named[0])
                if (a.name, b.name) not in pairs:
                    pairs.append((a.name, b.name))
        return tuple(left)

    @property
    def used(self) -> tuple[Allowed, ...]:
        """What was allowed and needed."""
        return tuple(
            Allowed(kind, why, tuple(pairs), kind in self._twice, " ".join(texts.values()))
            for kind, (why, pairs, texts) in self._used.items()
        )


def _is_hard(a: Side, b: Side, reason: Reason) -> bool:
    """True where two numbers cannot be brought to one scale, whatever anybody says."""
    if reason.aspect == "measure":
        return a.kind.measure != b.kind.measure or a.kind.measure == "other"
    return reason.aspect == "unit" and a.kind.unit != b.kind.unit
