-- Findings filed under a concept, an outcome or a cohort itself, in the strength order; what lies above and below is for closure.
-- weight 0 exact, 1 narrower, 2 broader, 3 proxy, 4 mentioned; gone 1 left out of pages, 2 withdrawn.
SELECT k.kind, k.subject, r.rank, k.weight, r.vendor,
  CASE WHEN r.standing = 2 THEN 2
    WHEN EXISTS (SELECT 1 FROM left_out o WHERE o.finding = r.finding) THEN 1 ELSE 0 END AS gone,
  r.finding
FROM (
  SELECT 'concept' AS kind, a.concept AS subject, a.finding,
    CASE a.how WHEN 'measured' THEN 0 WHEN 'includes' THEN 2 WHEN 'proxy' THEN 3 ELSE 4 END AS weight
  FROM finding_concept a
  UNION ALL
  SELECT DISTINCT 'outcome', e.outcome, e.finding, 0 FROM estimate e
  UNION ALL
  SELECT 'cohort', f.cohort, f.finding,
    CASE f.fit WHEN 'exact' THEN 0 WHEN 'narrower' THEN 1 WHEN 'broader' THEN 2 ELSE 3 END
  FROM finding_cohort f
) k
JOIN ranked r ON r.finding = k.finding
ORDER BY k.kind, k.subject, r.rank
