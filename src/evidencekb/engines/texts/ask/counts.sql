-- How many findings answer each question directly, in part, nearly, or give context alone; a question that has none is a gap.
SELECT q.question,
  COALESCE(SUM(CASE WHEN t.best < 2 AND t.known = q.subjects AND t.worst < 2 THEN 1 ELSE 0 END), 0) AS direct,
  COALESCE(SUM(CASE WHEN t.best < 2 AND (t.known < q.subjects OR t.worst > 1) THEN 1 ELSE 0 END), 0) AS partial,
  COALESCE(SUM(CASE WHEN t.best > 1 AND t.best < 4 THEN 1 ELSE 0 END), 0) AS near,
  COALESCE(SUM(CASE WHEN t.best = 4 THEN 1 ELSE 0 END), 0) AS context
FROM (SELECT a.question, COUNT(*) AS subjects FROM asked a WHERE a.dimension <> 'vendors' GROUP BY a.question) q
LEFT JOIN (
  SELECT b.question, b.finding, MIN(b.weight) AS best, MAX(b.weight) AS worst, COUNT(*) AS known
  FROM bearing b GROUP BY b.question, b.finding
) t ON t.question = q.question
GROUP BY q.question
