"""What is worked out from the base tables, in which order, on any engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evidencekb.engines.retrying import tries
from evidencekb.engines.schema import BY_NAME
from evidencekb.engines.studies import Bond, studies
from evidencekb.engines.texts import text

if TYPE_CHECKING:
    from evidencekb.engines.adapter import Engine

MAX_HOPS = 33
DERIVED_BEFORE_RULES = (
    "dangling", "closure", "state", "withdrawn", "carried", "vendors", "measured", "joined", "behind",
    "bond", "tried", "alike", "contest", "contender", "conflict",
)  # fmt: skip
FOR_RULES = ("edge", "reach", *DERIVED_BEFORE_RULES, "study", "replicating", "replication")
DERIVED_FOR_QUESTIONS = ("ranked", "left_out", "single", "wide", "pair", "answering")


def derive_links(engine: Engine) -> None:
    """Work out what rules read: what reaches what, which primaries carry which estimate, what is one study, who tried again."""
    engine.keep("edge", text("derive/edge"))
    engine.follow()
    for table in DERIVED_BEFORE_RULES:
        engine.keep(table, text(f"derive/{table}"))
    # Lists, since an engine that takes rows gives none meanwhile.
    engine.load(BY_NAME["study"], [*studies(_bonds(engine, _COUNTED))])
    engine.load(BY_NAME["replicating"], tries([*engine.select(text("derive/tries"))], _bonds(engine, _TRYING)))
    engine.keep("replication", text("derive/replication"))


_COUNTED = "SELECT s.finding FROM support s UNION SELECT j.finding FROM joined j UNION SELECT j.target FROM joined j"
_TRYING = " UNION ".join(
    f"SELECT l.{end} AS finding FROM finding_link l WHERE l.type IN ('replicates', 'reanalyses')"
    for end in ("finding", "target")
)


def _bonds(engine: Engine, findings: str) -> Iterator[Bond]:
    rows = engine.select(
        f"SELECT b.finding, b.kind, b.mark, b.certain FROM bond b JOIN ({findings}) k ON k.finding = b.finding"
    )
    return ((b["finding"], b["kind"], b["mark"], b["certain"]) for b in rows)


def derive_order(engine: Engine) -> None:
    """Work out what questions read: the strength order, and what is filed under subjects in that order."""
    for table in DERIVED_FOR_QUESTIONS:
        engine.keep(table, text(f"derive/{table}"))


def follow(engine: Engine) -> None:
    """Follow every edge to its end, breadth first, so that each pair is kept with its fewest steps.

    A loop ends because a pair is kept once; what is deeper than :data:`MAX_HOPS` is cut, and rules 102 and 402 say so.
    """
    engine.swap("frontier", "SELECT DISTINCT kind, scope, origin, target FROM edge")
    for steps in range(1, MAX_HOPS + 1):
        engine.keep("reach", f"SELECT kind, scope, origin, target, {steps} AS steps FROM frontier")
        engine.swap("frontier", text("derive/hop"))
        if not next(engine.select("SELECT COUNT(*) AS waiting FROM frontier"))["waiting"]:
            break
    engine.drop("frontier")
