"""The rules and the question as one would write them in SQL; SQLite and DuckDB run the same texts."""

from __future__ import annotations

from benchmarks.engines.packs import Question

TABLES = {
    "source": "id VARCHAR, vendor VARCHAR",
    "concept": "id VARCHAR",
    "cohort": "id VARCHAR",
    "definition": "id VARCHAR",
    "finding": "id VARCHAR",
    "finding_concept": "finding VARCHAR, concept VARCHAR",
    "finding_cohort": "finding VARCHAR, cohort VARCHAR",
    "citation": "finding VARCHAR, source VARCHAR, role VARCHAR, basis VARCHAR, taken VARCHAR",
    "estimate": (
        "finding VARCHAR, outcome VARCHAR, definition VARCHAR, measure VARCHAR, value DOUBLE, lower DOUBLE, upper DOUBLE"
    ),
}
"""What the rules read; ``taken`` is where a hop leads, or NULL."""

RULES = {
    "EKB101": """
        SELECT f.id FROM finding f WHERE NOT EXISTS (
            SELECT 1 FROM citation c WHERE c.finding = f.id AND c.role = 'primary' AND c.basis IS NOT NULL)
    """,
    # A loop never ends, so it is as deep as the walk goes; so is what leads into it.
    "EKB102": """
        WITH RECURSIVE walk(finding, target, hops) AS (
            SELECT finding, taken, 1 FROM citation WHERE taken IS NOT NULL
            UNION ALL
            SELECT w.finding, c.taken, w.hops + 1 FROM walk w
            JOIN citation c ON c.finding = w.finding AND c.source = w.target
            WHERE c.taken IS NOT NULL AND w.hops < 33
        )
        SELECT DISTINCT finding FROM walk WHERE hops = 33
    """,
    "EKB103": """
        SELECT c.finding FROM citation c WHERE NOT EXISTS (SELECT 1 FROM source s WHERE s.id = c.source)
        UNION
        SELECT a.finding FROM finding_concept a WHERE NOT EXISTS (SELECT 1 FROM concept c WHERE c.id = a.concept)
        UNION
        SELECT a.finding FROM finding_cohort a WHERE NOT EXISTS (SELECT 1 FROM cohort c WHERE c.id = a.cohort)
        UNION
        SELECT e.finding FROM estimate e
        WHERE NOT EXISTS (SELECT 1 FROM concept c WHERE c.id = e.outcome)
           OR NOT EXISTS (SELECT 1 FROM definition d WHERE d.id = e.definition)
    """,
    "EKB201": """
        SELECT s.id FROM source s WHERE s.vendor IN ('', 'unknown') AND EXISTS (
            SELECT 1 FROM citation c WHERE c.source = s.id AND c.role = 'primary')
    """,
    "EKB301": """
        SELECT DISTINCT e.finding FROM estimate e
        WHERE (e.measure = 'percent_change' AND e.value < -100)
           OR (e.measure = 'proportion' AND (e.value < 0 OR e.value > 1)) OR e.value < e.lower OR e.value > e.upper
    """,
}

FILED = {
    "item": "number INTEGER PRIMARY KEY, id VARCHAR, vendor INTEGER",
    "filed": "subject VARCHAR, number INTEGER, PRIMARY KEY (subject, number)",
    "closure": "broad VARCHAR, narrow VARCHAR, PRIMARY KEY (broad, narrow)",
}
"""What the question reads: findings by their number in the strength order, what they are filed under, what lies below what."""


def question(asked: Question) -> str:
    """The SELECT for a question of that shape; its parameters are the ids that are given."""
    under = "i.number IN (SELECT f.number FROM closure c JOIN filed f ON f.subject = c.narrow WHERE c.broad = ?)"
    kept = " AND ".join(["i.vendor = 0", *(under for _ in asked.given)])
    return f"SELECT i.id FROM item i WHERE {kept} ORDER BY i.number LIMIT 3"
