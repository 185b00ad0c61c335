"""Seeds: defects planted on purpose, to see whether the rules find them and nothing else.

A seed is a tiny pack that breaks one rule in one place, with its sound twin, or a near miss that must stay silent. Those of
the library stand in ``texts/NNN.yaml``, one file a rule; those of a pack's own rules in its folder ``rules/seeds``.
"""

from __future__ import annotations

from evidencekb.seeds.report import SeedOutcome, SeedReport, SeedResult
from evidencekb.seeds.running import selftest

__all__ = ["SeedOutcome", "SeedReport", "SeedResult", "selftest"]
