-- Findings that bear on a question, in the order of a page: tier (0 direct, 1 partial, 2 near, 3 context), closeness, strength.
SELECT t.question, ROW_NUMBER() OVER (PARTITION BY t.question ORDER BY t.tier, t.closeness, t.rank) AS place,
  t.finding, t.tier, t.closeness
FROM (
  SELECT b.question, b.finding, b.rank,
    CASE WHEN MIN(b.weight) > 1 THEN CASE WHEN MIN(b.weight) < 4 THEN 2 ELSE 3 END
      WHEN COUNT(*) = q.subjects AND MAX(b.weight) < 2 THEN 0 ELSE 1 END AS tier,
    SUM(CASE WHEN b.dimension = 'cohort' AND b.weight = 3 THEN 2 ELSE b.weight END) + 4 * (q.subjects - COUNT(*)) AS closeness
  FROM bearing b
  JOIN (
    SELECT a.question, COUNT(*) AS subjects FROM asked a WHERE a.dimension <> 'vendors' GROUP BY a.question
  ) q ON q.question = b.question
  GROUP BY b.question, b.finding, b.rank, q.subjects
) t
