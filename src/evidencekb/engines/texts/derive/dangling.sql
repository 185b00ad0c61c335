-- Ids that are referred to and that no record has. Each is looked for once, however often it is referred to.
SELECT k.target_kind, k.target
FROM (
  SELECT DISTINCT p.target_kind, p.target FROM pointer p
  UNION ALL
  SELECT DISTINCT 'source', c.source FROM citation c
  UNION ALL
  SELECT DISTINCT 'source', c.names FROM citation c WHERE c.names NOT IN ('', 'none_named', 'unknown')
  UNION ALL
  SELECT DISTINCT 'source', c.taken_from FROM citation c WHERE c.taken_from NOT IN ('', 'none_named', 'unknown')
  UNION ALL
  SELECT DISTINCT 'concept', e.outcome FROM estimate e
  UNION ALL
  SELECT DISTINCT 'definition', e.definition FROM estimate e WHERE e.definition <> ''
  UNION ALL
  SELECT DISTINCT 'concept', a.concept FROM finding_concept a
  UNION ALL
  SELECT DISTINCT 'cohort', f.cohort FROM finding_cohort f
  UNION ALL
  SELECT DISTINCT 'definition', d.definition FROM finding_definition d
  UNION ALL
  SELECT DISTINCT 'finding', l.target FROM finding_link l
  UNION ALL
  SELECT DISTINCT 'source', l.asserted_by FROM finding_link l WHERE l.asserted_by NOT IN ('', 'curator')
  UNION ALL
  SELECT DISTINCT 'organization', g.body FROM legal g
  UNION ALL
  SELECT DISTINCT 'organization', i.organization FROM interest i
  UNION ALL
  SELECT DISTINCT 'concept', i.sells FROM interest i WHERE i.sells <> ''
  UNION ALL
  SELECT DISTINCT 'finding', i.finding FROM interest i WHERE i.finding <> ''
  UNION ALL
  SELECT DISTINCT 'finding', t.finding FROM standing t WHERE t.finding <> ''
) k
WHERE NOT EXISTS (SELECT 1 FROM known n WHERE n.kind = k.target_kind AND n.id = k.target)
GROUP BY k.target_kind, k.target
