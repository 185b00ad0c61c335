-- How each finding stands to each cohort and concept, by the kind of concept: the weaker of its own link and of the hierarchy.
-- weight 0 exact, 1 narrower, 2 broader, 3 proxy, 4 mentioned; a mention of what lies above says nothing of what lies below.
SELECT k.kind, k.subject, k.finding, MIN(k.weight) AS weight
FROM (
  SELECT p.kind, c.broad AS subject, a.finding,
    CASE a.how WHEN 'measured' THEN CASE WHEN c.steps = 0 THEN 0 ELSE 1 END
      WHEN 'includes' THEN 2 WHEN 'proxy' THEN 3 ELSE 4 END AS weight
  FROM finding_concept a
  JOIN closure c ON c.kind = 'concept' AND c.narrow = a.concept
  JOIN concept p ON p.id = c.broad
  UNION ALL
  SELECT p.kind, c.narrow, a.finding, CASE a.how WHEN 'proxy' THEN 3 ELSE 2 END
  FROM finding_concept a
  JOIN closure c ON c.kind = 'concept' AND c.broad = a.concept AND c.steps > 0
  JOIN concept p ON p.id = c.narrow
  WHERE a.how <> 'mentioned'
  UNION ALL
  SELECT 'outcome', c.broad, e.finding, CASE WHEN c.steps = 0 THEN 0 ELSE 1 END
  FROM estimate e JOIN closure c ON c.kind = 'concept' AND c.narrow = e.outcome
  UNION ALL
  SELECT 'outcome', c.narrow, e.finding, 2
  FROM estimate e JOIN closure c ON c.kind = 'concept' AND c.broad = e.outcome AND c.steps > 0
  UNION ALL
  SELECT 'cohort', c.broad, f.finding,
    CASE f.fit WHEN 'exact' THEN CASE WHEN c.steps = 0 THEN 0 ELSE 1 END
      WHEN 'narrower' THEN 1 WHEN 'broader' THEN 2 ELSE 3 END
  FROM finding_cohort f JOIN closure c ON c.kind = 'cohort' AND c.narrow = f.cohort
  UNION ALL
  SELECT 'cohort', c.narrow, f.finding, CASE WHEN f.fit IN ('simulated', 'analogous') THEN 3 ELSE 2 END
  FROM finding_cohort f JOIN closure c ON c.kind = 'cohort' AND c.broad = f.cohort AND c.steps > 0
) k
GROUP BY k.kind, k.subject, k.finding
