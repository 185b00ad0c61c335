-- Links by which one finding tries another again, on new data or on the same: the work each rests on, of several the first by
-- name, and whether it was withdrawn.
SELECT l.target AS finding, l.finding AS other, l.position, l.type, l.outcome,
  COALESCE(MIN(CASE WHEN s.work <> '' THEN s.work ELSE s.id END), l.finding) AS work,
  CASE WHEN EXISTS (SELECT 1 FROM withdrawn w WHERE w.finding = l.finding) THEN 1 ELSE 0 END AS gone
FROM finding_link l
JOIN finding f ON f.id = l.target
LEFT JOIN citation c ON c.finding = l.finding AND c.role = 'primary'
LEFT JOIN source s ON s.id = c.source
WHERE l.type IN ('replicates', 'reanalyses') AND l.finding <> l.target
GROUP BY l.target, l.finding, l.position, l.type, l.outcome
