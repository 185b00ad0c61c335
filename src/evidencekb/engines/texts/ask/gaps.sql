-- Recorded gaps that speak of a question: each of their subjects was asked about, or holds what was.
SELECT m.question, m.gap
FROM (
  SELECT DISTINCT a.question, g.gap, g.subject
  FROM asked a
  JOIN closure c ON c.kind = CASE a.dimension WHEN 'cohort' THEN 'cohort' ELSE 'concept' END AND c.narrow = a.subject
  JOIN gap_about g ON g.subject = c.broad
  WHERE a.dimension <> 'vendors'
    AND (c.kind = 'concept' OR NOT EXISTS (SELECT 1 FROM concept k WHERE k.id = g.subject))
) m
GROUP BY m.question, m.gap
HAVING COUNT(*) = (SELECT COUNT(*) FROM gap_about h WHERE h.gap = m.gap)
