-- How each finding stands to each subject that was asked about: the weaker of its own link and of the hierarchy.
-- weight 0 exact, 1 narrower, 2 broader, 3 proxy, 4 mentioned; a mention of what lies above says nothing of what lies below.
SELECT k.question, k.dimension, k.finding, k.rank, MIN(k.weight) AS weight
FROM (
  SELECT a.question, a.dimension, s.finding, s.rank, CASE WHEN s.weight = 0 AND c.steps > 0 THEN 1 ELSE s.weight END AS weight
  FROM asked a
  JOIN closure c ON c.kind = CASE a.dimension WHEN 'cohort' THEN 'cohort' ELSE 'concept' END AND c.broad = a.subject
  JOIN single s ON s.subject = c.narrow AND (s.kind = c.kind OR (s.kind = 'outcome' AND a.dimension = 'outcome'))
  WHERE s.gone = 0
  UNION ALL
  SELECT a.question, a.dimension, s.finding, s.rank, CASE WHEN s.weight < 2 THEN 2 ELSE s.weight END
  FROM asked a
  JOIN closure c ON c.kind = CASE a.dimension WHEN 'cohort' THEN 'cohort' ELSE 'concept' END AND c.narrow = a.subject AND c.steps > 0
  JOIN single s ON s.subject = c.broad AND (s.kind = c.kind OR (s.kind = 'outcome' AND a.dimension = 'outcome'))
  WHERE s.gone = 0 AND s.weight < 4
) k
GROUP BY k.question, k.dimension, k.finding, k.rank
