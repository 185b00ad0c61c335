"""The SELECTs that the desk asks, over the tables of a sealed file.

CROSS JOIN keeps SQLite, which counts no rows, to the order written: from what was asked to what is filed under it; and INDEXED BY
to the index, where it would go through the whole hierarchy.
"""

from __future__ import annotations

# How findings stand to a subject: ask/bearing for one subject, with those that are left out.
BEARING = """
    SELECT k.rank, MIN(k.weight), k.gone FROM (
      SELECT s.rank, CASE WHEN s.weight = 0 AND c.steps > 0 THEN 1 ELSE s.weight END AS weight, s.gone
      FROM closure c CROSS JOIN single s
      WHERE c.kind = :kind AND c.broad = :subject AND s.kind IN (:kind, :also) AND s.subject = c.narrow
      UNION ALL
      SELECT s.rank, CASE WHEN s.weight < 2 THEN 2 ELSE s.weight END, s.gone
      FROM closure c INDEXED BY closure_kind_narrow CROSS JOIN single s
      WHERE c.kind = :kind AND c.narrow = :subject AND c.steps > 0
        AND s.kind IN (:kind, :also) AND s.subject = c.broad AND s.weight < 4
    ) k
    GROUP BY k.rank ORDER BY k.rank
"""
# How many nodes lie below one, itself counted, and how many of them are of another kind.
REACH = """
    SELECT COUNT(*), COUNT(CASE WHEN :kind = 'concept' AND k.kind <> :of THEN 1 END)
    FROM closure c LEFT JOIN concept k ON k.id = c.narrow WHERE c.kind = :kind AND c.broad = :subject
"""
FILED_COUNT = """
    SELECT COUNT(*) FROM closure c CROSS JOIN single s WHERE s.kind = ? AND s.subject = c.narrow AND c.kind = ? AND c.broad = ?
"""
# Subjects that findings bear on, by their own tags and what lies above and below these.
# Each subject is followed once, of however many findings it is one.
LISTS = """
    WITH tagged(concept, measured) AS (
      SELECT a.concept, MAX(a.how <> 'mentioned') FROM json_each(:findings) f
      JOIN finding_concept a ON a.finding = f.value GROUP BY a.concept
    ), counted(outcome) AS (
      SELECT DISTINCT e.outcome FROM json_each(:findings) f JOIN estimate e ON e.finding = f.value
    ), filed(cohort) AS (
      SELECT DISTINCT a.cohort FROM json_each(:findings) f JOIN finding_cohort a ON a.finding = f.value
    )
    SELECT p.kind, p.id FROM tagged t JOIN closure c ON c.kind = 'concept' AND c.narrow = t.concept
    JOIN concept p ON p.id = c.broad
    UNION
    SELECT p.kind, p.id FROM tagged t JOIN closure c ON t.measured = 1 AND c.kind = 'concept' AND c.broad = t.concept
    JOIN concept p ON p.id = c.narrow
    UNION
    SELECT 'outcome', c.broad FROM counted e JOIN closure c ON c.kind = 'concept' AND c.narrow = e.outcome
    UNION
    SELECT 'outcome', c.narrow FROM counted e JOIN closure c ON c.kind = 'concept' AND c.broad = e.outcome
    UNION
    SELECT 'cohort', c.broad FROM filed a JOIN closure c ON c.kind = 'cohort' AND c.narrow = a.cohort
    UNION
    SELECT 'cohort', c.narrow FROM filed a JOIN closure c ON c.kind = 'cohort' AND c.broad = a.cohort
"""
AT = "SELECT rank, finding FROM ranked WHERE rank IN (SELECT value FROM json_each(?))"
ANSWERING = "SELECT DISTINCT r.rank FROM answering a JOIN ranked r ON r.finding = a.finding WHERE a.aspect = ?"
# What lies between a subject and what findings are linked to, below it and above it.
LINKED_BELOW = """
    SELECT c.narrow FROM closure c WHERE c.kind = ? AND c.broad = ? AND EXISTS (
      SELECT 1 FROM closure d CROSS JOIN single s
      WHERE d.kind = c.kind AND d.broad = c.narrow
        AND s.kind IN (c.kind, CASE c.kind WHEN 'concept' THEN 'outcome' ELSE c.kind END) AND s.subject = d.narrow
    )
"""
LINKED_ABOVE = """
    SELECT c.broad FROM closure c WHERE c.kind = ? AND c.narrow = ? AND EXISTS (
      SELECT 1 FROM closure d CROSS JOIN single s
      WHERE d.kind = c.kind AND d.narrow = c.broad
        AND s.kind IN (c.kind, CASE c.kind WHEN 'concept' THEN 'outcome' ELSE c.kind END) AND s.subject = d.broad
    )
"""
OUTCOMES = """
    SELECT DISTINCT c.narrow FROM aspect_outcome o JOIN closure c ON c.kind = 'concept' AND c.broad = o.outcome
    WHERE o.aspect = ? AND EXISTS (
      SELECT 1 FROM closure d CROSS JOIN single s
      WHERE d.kind = 'concept' AND d.broad = c.narrow AND s.kind IN ('concept', 'outcome') AND s.subject = d.narrow
    )
"""
# Newer versions that alone keep an older one off the page: were they withdrawn, it would come back.
VERSIONS = """
    SELECT DISTINCT c.finding, c.source FROM ranked b
    JOIN left_out o ON o.finding = b.finding
    JOIN finding_link l ON l.finding = o.because AND l.target = o.finding AND l.type = 'supersedes'
    JOIN citation c ON c.finding IN (o.because, o.finding) AND c.role = 'primary'
    WHERE b.rank IN (SELECT value FROM json_each(?))
      AND NOT EXISTS (SELECT 1 FROM left_out p WHERE p.finding = o.finding AND p.because <> o.because)
"""
UNTRACED = """
    SELECT DISTINCT u.untraced FROM closure c CROSS JOIN untraced_about u ON u.kind = c.kind AND u.subject = c.narrow
    WHERE c.kind = ? AND c.broad = ? ORDER BY u.untraced
"""
UNTRACED_ABOVE = """
    SELECT DISTINCT u.untraced FROM closure c CROSS JOIN untraced_about u ON u.kind = c.kind AND u.subject = c.broad
    WHERE c.kind = 'cohort' AND c.narrow = ? ORDER BY u.untraced
"""
GAPS = """
    SELECT DISTINCT g.gap, g.subject FROM closure c JOIN gap_about g ON g.subject = c.broad
    WHERE c.kind = ? AND c.narrow = ?
      AND (c.kind = 'concept' OR NOT EXISTS (SELECT 1 FROM concept k WHERE k.id = g.subject))
    ORDER BY g.gap, g.subject
"""
# Those that answer with a leading figure, which their title is about, come first.
STRONGEST = """
    SELECT a.finding FROM answering a JOIN ranked r ON r.finding = a.finding
    JOIN estimate e ON e.finding = a.finding AND e.estimate = a.estimate
    WHERE a.aspect = ? AND r.standing = 0
      AND (? = '' OR EXISTS (
        SELECT 1 FROM finding_cohort f JOIN cohort c ON c.id = f.cohort WHERE f.finding = a.finding AND c.unit = ?
      ))
      AND NOT EXISTS (SELECT 1 FROM left_out o WHERE o.finding = a.finding)
      AND NOT EXISTS (
        SELECT 1 FROM finding_link l WHERE l.type = 'reanalyses' AND l.target = a.finding
    ) AND NOT EXISTS (
      SELECT 1 FROM finding_concept t JOIN concept k ON k.id = t.concept
        WHERE t.finding = a.finding AND k.kind IN ('role', 'skill') AND t.how <> 'mentioned'
      )
    GROUP BY a.finding, r.rank
    ORDER BY MIN(a.wanted), MIN(CASE WHEN e.main = 1 OR e.position = 0 THEN 0 ELSE 1 END), r.rank LIMIT 24
"""
BESIDE = """
    SELECT c.narrow, CASE WHEN c.steps = 0 THEN 'asked' ELSE 'narrower' END AS relation FROM closure c
    WHERE c.kind = 'cohort' AND c.broad = :asked
    UNION
    SELECT o.other, 'overlapping' FROM cohort_overlap o
    WHERE o.cohort = :asked AND o.other NOT IN (SELECT narrow FROM closure WHERE kind = 'cohort' AND broad = :asked)
    UNION
    SELECT o.cohort, 'overlapping' FROM cohort_overlap o
    WHERE o.other = :asked AND o.cohort NOT IN (SELECT narrow FROM closure WHERE kind = 'cohort' AND broad = :asked)
    ORDER BY relation, 1
"""
MEASURED = """
    SELECT r.finding FROM ranked r JOIN finding d ON d.id = r.finding
    WHERE r.standing = 0 AND r.finding IN (
      SELECT f.finding FROM closure c JOIN finding_cohort f ON f.cohort = c.narrow
      WHERE c.kind = 'cohort' AND c.broad = ? AND f.fit <> 'broader'
    ) AND NOT EXISTS (SELECT 1 FROM left_out o WHERE o.finding = r.finding)
    ORDER BY CASE WHEN d.design = 'legal_document' THEN 1 ELSE 0 END, r.rank LIMIT 24
"""
FILED = """
    SELECT r.finding FROM ranked r JOIN finding d ON d.id = r.finding
    WHERE r.standing = 0 AND r.finding IN (SELECT f.finding FROM finding_cohort f WHERE f.cohort = ?)
      AND NOT EXISTS (SELECT 1 FROM left_out o WHERE o.finding = r.finding)
    ORDER BY CASE WHEN d.design = 'legal_document' THEN 1 ELSE 0 END, r.rank LIMIT 24
"""
COHORT_DEFINITIONS = """
    SELECT d.id FROM closure c JOIN definition d ON d.subject = c.narrow
    WHERE c.kind = 'cohort' AND c.broad = ? ORDER BY d.id
"""
