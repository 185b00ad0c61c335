"""From files to a knowledge base: check a pack, build a sealed file, load either.

``check`` reports, ``build`` writes, ``load`` gives a :class:`~evidencekb.kb.KnowledgeBase`. Loading a sealed file imports
nothing that reads text files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidencekb.loading.opening import load

if TYPE_CHECKING:
    from evidencekb.loading.building import build, check

__all__ = ["build", "check", "load"]


def __getattr__(name: str) -> Any:
    """``build`` and ``check`` bring the readers of text files; they come when they are used."""
    if name in ("build", "check"):
        from evidencekb.loading import building

        return getattr(building, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
