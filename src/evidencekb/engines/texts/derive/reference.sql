-- Every id that a record refers to, and the field it stands in: of findings and sources from their rows, of others as kept.
SELECT p.kind, p.id, p.path, p.target_kind, p.target FROM pointer p
UNION ALL
SELECT 'finding', c.finding, 'citations.' || CAST(c.position AS VARCHAR(9)) || '.source', 'source', c.source FROM citation c
UNION ALL
SELECT 'finding', c.finding, 'citations.' || CAST(c.position AS VARCHAR(9)) || '.names', 'source', c.names FROM citation c
WHERE c.names NOT IN ('', 'none_named', 'unknown')
UNION ALL
SELECT 'finding', c.finding, 'citations.' || CAST(c.position AS VARCHAR(9)) || '.taken_from', 'source', c.taken_from FROM citation c
WHERE c.taken_from NOT IN ('', 'none_named', 'unknown')
UNION ALL
SELECT 'finding', e.finding, 'estimates.' || CAST(e.position AS VARCHAR(9)) || '.outcome', 'concept', e.outcome FROM estimate e
UNION ALL
SELECT 'finding', e.finding, 'estimates.' || CAST(e.position AS VARCHAR(9)) || '.definition', 'definition', e.definition FROM estimate e
WHERE e.definition <> ''
UNION ALL
SELECT 'finding', a.finding, 'about.' || CAST(a.position AS VARCHAR(9)) || '.concept', 'concept', a.concept FROM finding_concept a
WHERE a.position >= 0
UNION ALL
SELECT 'finding', p.finding, 'products.' || CAST(p.position AS VARCHAR(9)) || '.product', 'concept', p.product FROM finding_product p
UNION ALL
SELECT 'finding', f.finding, 'cohorts.' || CAST(f.position AS VARCHAR(9)) || '.cohort', 'cohort', f.cohort FROM finding_cohort f
UNION ALL
SELECT 'finding', d.finding, 'definitions.' || CAST(d.position AS VARCHAR(9)), 'definition', d.definition FROM finding_definition d
UNION ALL
SELECT 'finding', l.finding, 'links.' || CAST(l.position AS VARCHAR(9)) || '.target', 'finding', l.target FROM finding_link l
UNION ALL
SELECT 'finding', l.finding, 'links.' || CAST(l.position AS VARCHAR(9)) || '.asserted_by', 'source', l.asserted_by FROM finding_link l
WHERE l.asserted_by NOT IN ('', 'curator')
UNION ALL
SELECT 'finding', g.finding, 'legal.body', 'organization', g.body FROM legal g
UNION ALL
SELECT 'source', i.source, 'interests.' || CAST(i.position AS VARCHAR(9)) || '.organization', 'organization', i.organization FROM interest i
WHERE i.part = 0
UNION ALL
SELECT 'source', i.source, 'interests.' || CAST(i.position AS VARCHAR(9)) || '.sells', 'concept', i.sells FROM interest i
WHERE i.part = 0 AND i.sells <> ''
UNION ALL
SELECT 'source', i.source, 'interests.' || CAST(i.position AS VARCHAR(9)) || '.scope.' || CAST(i.part AS VARCHAR(9)), 'finding', i.finding
FROM interest i
WHERE i.finding <> ''
UNION ALL
SELECT 'source', t.source, 'standing.events.' || CAST(t.position AS VARCHAR(9)) || '.affects.' || CAST(t.part AS VARCHAR(9)), 'finding', t.finding
FROM standing t
WHERE t.finding <> ''
