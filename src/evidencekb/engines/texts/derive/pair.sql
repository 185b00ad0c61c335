-- Findings that bear on both a role and a skill, best tier first: 0 direct, 1 partial, 2 near, 3 context.
SELECT k.role, k.skill, k.tier, k.rank, k.finding
FROM (
  SELECT a.subject AS role, b.subject AS skill, r.rank, a.finding,
    CASE WHEN a.weight <= 1 AND b.weight <= 1 THEN 0
      WHEN a.weight <= 1 OR b.weight <= 1 THEN 1
      WHEN a.weight <= 3 OR b.weight <= 3 THEN 2 ELSE 3 END AS tier
  FROM bearing a
  JOIN concept c ON c.id = a.subject AND c.kind = 'role'
  JOIN bearing b ON b.kind = 'concept' AND b.finding = a.finding
  JOIN concept d ON d.id = b.subject AND d.kind = 'skill'
  JOIN ranked r ON r.finding = a.finding
  WHERE a.kind = 'concept'
) k
