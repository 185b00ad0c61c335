-- An estimate that no primary citation with a basis carries; a finding without any primary citation.
SELECT 'finding' AS kind, c.finding AS id, 'citations.' || CAST(c.position AS VARCHAR(9)) AS path, 'basis' AS variant, c.source AS item
FROM citation c
WHERE c.role = 'primary' AND c.basis = ''
UNION ALL
SELECT 'finding', f.id, 'citations', 'none', ''
FROM finding f
WHERE NOT EXISTS (SELECT 1 FROM citation c WHERE c.finding = f.id AND c.role = 'primary')
UNION ALL
SELECT 'finding', e.finding, 'estimates.' || CAST(e.position AS VARCHAR(9)), 'estimate', e.estimate
FROM estimate e
WHERE EXISTS (SELECT 1 FROM citation c WHERE c.finding = e.finding AND c.role = 'primary')
  AND NOT EXISTS (SELECT 1 FROM citation c WHERE c.finding = e.finding AND c.role = 'primary' AND c.lists = 0)
  AND NOT EXISTS (
    SELECT 1 FROM citation c JOIN prints p ON p.finding = c.finding AND p.position = c.position
    WHERE c.finding = e.finding AND c.role = 'primary' AND p.item = e.estimate
  )
