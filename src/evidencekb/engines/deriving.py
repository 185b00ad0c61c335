"""What is worked out from the base tables, in which order, on any engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidencekb.engines.schema import BY_NAME
from evidencekb.engines.studies import studies
from evidencekb.engines.texts import text

if TYPE_CHECKING:
    from evidencekb.engines.adapter import Engine

MAX_HOPS = 33
DERIVED_BEFORE_RULES = (
    "dangling", "closure", "state", "withdrawn", "carried", "vendors", "replication", "measured", "joined", "behind",
    "bond", "tried", "alike", "contest", "contender", "conflict",
)  # fmt: skip
FOR_RULES = ("edge", "reach", *DERIVED_BEFORE_RULES, "study")
DERIVED_FOR_QUESTIONS = ("ranked", "left_out", "single", "wide", "pair", "answering")


def derive_links(engine: Engine) -> None:
    """Work out what rules read: what reaches what, which primaries carry which estimate, what is one study."""
    engine.keep("edge", text("derive/edge"))
    engine.follow()
    for table in DERIVED_BEFORE_RULES:
        engine.keep(table, text(f"derive/{table}"))
    bonds = engine.select("SELECT b.finding, b.kind, b.mark, b.certain FROM bond b")
    classes = [*studies((b["finding"], b["kind"], b["mark"], b["certain"]) for b in bonds)]
    engine.load(BY_NAME["study"], classes)  # a list, since an engine that takes rows gives none meanwhile


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
