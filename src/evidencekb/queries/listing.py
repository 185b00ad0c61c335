"""Finding records by words or by subject, and the primary sources of findings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from evidencekb.answers import Hit, Ref, Reference
from evidencekb.errors import QuestionError
from evidencekb.names import nearest
from evidencekb.queries.desk import desk_of
from evidencekb.queries.limits import merged
from evidencekb.queries.subjects import as_text, count, flag, many
from evidencekb.vocab import TRACEABLE

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase
    from evidencekb.model import Claim

_MOST_HITS = 10_000
_TERM = re.compile(r'"([^"]+)"|(\w[\w\'’.-]*)')


def search(
    kb: KnowledgeBase, text: str, *, kind: str | Iterable[str] | None = None, limit: int = 20
) -> tuple[Hit, ...]:
    """Findings, claims and untraced claims that hold the words, best first.

    Words are stemmed ("callbacks" finds "callback"); words in double quotes must stand together. When no record holds all
    words, those that hold most of them come instead.

    Args:
        kb: The knowledge base.
        text: What to find.
        kind: finding, claim or untraced; one or several.
        limit: At most so many hits.

    Raises:
        QuestionError: If the text holds no word, a kind is not searched, or the limit is below one.

    Examples:
        >>> from evidencekb import load
        >>> "pytorch-2024-share" in {hit.ref.id for hit in search(load(), "pytorch", kind="finding")}
        True
    """
    kinds = many("kind", kind)
    for each in kinds:
        if each not in TRACEABLE:
            raise QuestionError(
                f"kind {each!r} is not searched{nearest(each, TRACEABLE)}; known are {', '.join(TRACEABLE)}"
            )
    most = count("limit", limit, most=_MOST_HITS)
    expression = match_expression(text)
    found = _hits(kb, expression, kinds, most)
    if not found and " AND " in expression:
        found = _hits(kb, expression.replace(" AND ", " OR "), kinds, most)
    return found


def match_expression(text: str) -> str:
    """The words of a person as a full-text expression: every word quoted, so that none is an operator.

    Raises:
        QuestionError: If there is no word.

    Examples:
        >>> match_expression('callbacks "older women"')
        '"callbacks" AND "older women"'
    """
    terms = [phrase or word for phrase, word in _TERM.findall(_plain(text))]
    if not terms:
        raise QuestionError(f"{text!r} holds no word to search for")
    return " AND ".join('"' + term.replace('"', "") + '"' for term in terms)


def _plain(text: str) -> str:
    """The text with what no word holds taken out."""
    return "".join(sign if sign.isprintable() else " " for sign in as_text("text", text, "words to search for"))


def _hits(kb: KnowledgeBase, expression: str, kinds: tuple[str, ...], limit: int) -> tuple[Hit, ...]:
    only = f" AND x.kind IN ({', '.join('?' for _ in kinds)})" if kinds else ""
    rows = kb.rows(
        "SELECT x.kind, x.id, x.headline, snippet(words, -1, '*', '*', '…', 24), bm25(words, 0, 0, 4.0, 1.0, 2.0) AS score "
        f"FROM words x WHERE words MATCH ?{only} ORDER BY score, x.id LIMIT ?",
        (expression, *kinds, limit),
    )
    return tuple(Hit(Ref(kind, id, headline), snippet, round(score, 4)) for kind, id, headline, snippet, score in rows)


def claims_about(kb: KnowledgeBase, subject: str | Iterable[str], *, narrower: bool = True) -> tuple[Claim, ...]:
    """Claims about a concept or cohort, or resting on a finding, by id.

    Args:
        kb: The knowledge base.
        subject: Ids of concepts, cohorts or findings; one or several.
        narrower: Also claims about what lies below a concept or cohort.

    Raises:
        UnknownIdError: If no record has the id.
        QuestionError: If the record is neither a concept, a cohort nor a finding.

    Examples:
        >>> from evidencekb import load
        >>> len(claims_about(load(), "ai-productivity")) > 0
        True
    """
    found: set[str] = set()
    steps = "" if flag("narrower", narrower) else " AND c.steps = 0"
    for id in many("subject", subject):
        if (kind := kb.kind_of(id)) not in ("finding", "concept", "cohort"):
            raise QuestionError(f"{id!r} is a {kind}; claims are about concepts and cohorts, and rest on findings")
        rows = kb.rows(
            "SELECT a.claim FROM claim_about a JOIN closure c ON c.narrow = a.subject "
            f"WHERE c.broad = ?{steps} UNION SELECT s.claim FROM support s WHERE s.finding = ?",
            (id, id),
        )
        found.update(claim for (claim,) in rows)
    return tuple(kb.claim(id) for id in sorted(found))


def references_of(kb: KnowledgeBase, ids: Iterable[str]) -> tuple[Reference, ...]:
    """The primaries of findings that are known to exist."""
    return merged(list(desk_of(kb).known(dict.fromkeys(ids)).values()))
