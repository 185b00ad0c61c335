-- Replications of each finding by how they came out; two papers of one work count once, a withdrawn one not at all.
SELECT k.target AS finding,
  COUNT(DISTINCT CASE WHEN k.outcome = 'successful' THEN k.work END) AS successful,
  COUNT(DISTINCT CASE WHEN k.outcome = 'failed' THEN k.work END) AS failed,
  COUNT(DISTINCT CASE WHEN k.outcome NOT IN ('successful', 'failed') THEN k.work END) AS other
FROM (
  SELECT l.target, l.outcome, COALESCE(MIN(CASE WHEN s.work <> '' THEN s.work ELSE s.id END), l.finding) AS work
  FROM finding_link l
  JOIN finding f ON f.id = l.target
  LEFT JOIN citation c ON c.finding = l.finding AND c.role = 'primary'
  LEFT JOIN source s ON s.id = c.source
  WHERE l.type = 'replicates' AND NOT EXISTS (SELECT 1 FROM withdrawn w WHERE w.finding = l.finding)
  GROUP BY l.finding, l.target, l.outcome
) k
GROUP BY k.target
