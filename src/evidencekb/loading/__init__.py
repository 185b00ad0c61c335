"""From files to a knowledge base: check a pack, build a sealed file, load either.

``check`` reports, ``build`` writes, ``load`` gives a :class:`~evidencekb.kb.KnowledgeBase`, ``audit`` checks what was built
on another engine, ``verify`` and ``sign`` see to sealed files. Loading a sealed file imports nothing that reads text files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidencekb.loading.opening import load
from evidencekb.loading.verifying import sign, verify

if TYPE_CHECKING:
    from evidencekb.loading.auditing import audit
    from evidencekb.loading.building import build, check

__all__ = ["audit", "build", "check", "load", "sign", "verify"]


def __getattr__(name: str) -> Any:
    """``build`` and ``check`` bring the readers of text files, ``audit`` the rules; they come when they are used."""
    if name == "audit":
        from evidencekb.loading import auditing

        return auditing.audit
    if name in ("build", "check"):
        from evidencekb.loading import building

        return getattr(building, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
