-- Findings that answer a question about a role and a skill directly (tier 0) or in part (tier 1), those left out excepted. A
-- finding that bears on one of the two alone answers in part too: it is found in bearing.
SELECT a.subject AS role, b.subject AS skill, CASE WHEN a.weight <= 1 AND b.weight <= 1 THEN 0 ELSE 1 END AS tier, r.rank, a.finding
FROM bearing a
JOIN bearing b ON b.finding = a.finding AND b.kind = 'skill'
JOIN ranked r ON r.finding = a.finding
WHERE a.kind = 'role' AND (a.weight <= 1 OR b.weight <= 1)
  AND NOT EXISTS (SELECT 1 FROM left_out o WHERE o.finding = a.finding)
