"""dependence_of: what a page names in depends_on when it rests on a record."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from evidencekb.queries import statements
from evidencekb.queries.subjects import one

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase


def dependence_of(kb: KnowledgeBase, record: str) -> frozenset[str]:
    """What ``depends_on`` of a page holds if the page rests on a record.

    That is the record itself, and for a finding, or a source that is primary for one, the lists in which the finding stands. A
    page that shows only the first of a long list depends on the list as a whole: ``findings:role:nurse``.

    Args:
        kb: The knowledge base. After a change ask the new one as well as the old one.
        record: A record as ``kind:id``; it need not exist.

    Returns:
        Entries of ``depends_on``. A page that shares none with them does not change with the record.

    Examples:
        >>> from evidencekb import brief, load
        >>> kb = load()
        >>> page = brief(kb, skill="pytorch", cards=0)
        >>> sorted(page.depends_on & dependence_of(kb, "finding:pytorch-2024-share"))
        ['findings:skill:pytorch']
    """
    kind, _, id = one("record", record).partition(":")
    findings = [id] if kind == "finding" else []
    if kind == "source":
        rows = kb.rows("SELECT DISTINCT finding FROM citation WHERE role = 'primary' AND source = ?", (id,))
        findings = [finding for (finding,) in rows]
    lists = kb.rows(statements.LISTS, {"findings": json.dumps(findings)}) if findings else ()
    return frozenset((record, *(f"findings:{kind}:{id}" for kind, id in lists)))
