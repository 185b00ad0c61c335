-- The three strongest findings filed under all that each question names, or under what lies below it; withdrawn ones excepted.
SELECT t.question, t.place, t.finding
FROM (
  SELECT m.question, m.finding, ROW_NUMBER() OVER (PARTITION BY m.question ORDER BY m.rank) AS place
  FROM (
    SELECT a.question, s.finding, s.rank, COUNT(DISTINCT a.dimension) AS named
    FROM asked a
    JOIN closure c ON c.kind = CASE a.dimension WHEN 'cohort' THEN 'cohort' ELSE 'concept' END AND c.broad = a.subject
    JOIN single s ON s.subject = c.narrow AND s.kind = CASE a.dimension WHEN 'cohort' THEN 'cohort' WHEN 'outcome' THEN 'outcome' ELSE 'concept' END
    WHERE a.dimension <> 'vendors' AND s.gone < 2
      AND (s.vendor = 0 OR NOT EXISTS (SELECT 1 FROM asked v WHERE v.question = a.question AND v.dimension = 'vendors'))
    GROUP BY a.question, s.finding, s.rank
  ) m
  JOIN (
    SELECT n.question, COUNT(*) AS subjects FROM asked n WHERE n.dimension <> 'vendors' GROUP BY n.question
  ) q ON q.question = m.question AND q.subjects = m.named
) t
WHERE t.place <= 3
