-- A claim that rests on nothing, or names a finding but none of its estimates.
SELECT 'claim' AS kind, c.id, 'supports' AS path, 'none' AS variant, '' AS item
FROM claim c
WHERE c.supports = 0
UNION ALL
SELECT 'claim', s.claim, 'supports.' || CAST(s.position AS VARCHAR(9)), 'estimates', s.finding
FROM support s
WHERE s.estimate = '' AND EXISTS (SELECT 1 FROM estimate e WHERE e.finding = s.finding)
