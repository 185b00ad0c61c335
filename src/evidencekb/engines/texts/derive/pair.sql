-- Findings filed under a role and a skill, in the strength order, once for each of their cohorts.
SELECT a.concept AS role, b.concept AS skill, r.rank, COALESCE(f.cohort, '') AS cohort, r.vendor, r.finding
-- CROSS JOIN keeps SQLite to this order: along the findings, each with its few tags.
FROM ranked r
CROSS JOIN finding_concept a
CROSS JOIN concept p
CROSS JOIN finding_concept b
CROSS JOIN concept q
LEFT JOIN finding_cohort f ON f.finding = r.finding
WHERE a.finding = r.finding AND p.id = a.concept AND p.kind = 'role'
  AND b.finding = r.finding AND q.id = b.concept AND q.kind = 'skill'
  AND r.standing < 2 AND NOT EXISTS (SELECT 1 FROM wide w WHERE w.finding = r.finding)
ORDER BY role, skill, r.rank, cohort
