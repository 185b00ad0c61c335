-- A claim that rests on nothing, on nothing that supports it, or on a finding without naming its estimates.
SELECT 'claim' AS kind, c.id, 'supports' AS path, 'none' AS variant, '' AS item
FROM claim c
WHERE c.supports = 0
UNION ALL
SELECT 'claim', c.id, 'supports', 'unsupported', ''
FROM claim c
WHERE c.supports > 0 AND NOT EXISTS (SELECT 1 FROM support s WHERE s.claim = c.id AND s.stance = 'supports')
UNION ALL
SELECT 'claim', s.claim, 'supports.' || CAST(s.position AS VARCHAR(9)), 'estimates', s.finding
FROM support s
WHERE s.estimate = '' AND EXISTS (SELECT 1 FROM estimate e WHERE e.finding = s.finding)
UNION ALL
SELECT 'claim', t.claim, 'supports.' || CAST(t.position AS VARCHAR(9)), 'torn', t.finding || ' (' || t.estimate || ')'
FROM support s JOIN support t ON t.claim = s.claim AND t.finding = s.finding AND t.estimate = s.estimate
WHERE s.stance = 'supports' AND t.stance = 'disputes'
