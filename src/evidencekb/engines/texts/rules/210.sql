-- A claim whose supporting estimates all come from vendors or interested parties; a finding without any counts by its sources.
SELECT 'claim' AS kind, c.id, 'supports' AS path, 'tied' AS variant, '' AS item
FROM claim c
WHERE EXISTS (
    SELECT 1 FROM support s JOIN carried k ON k.finding = s.finding AND (s.estimate = '' OR s.estimate = k.estimate)
    WHERE s.claim = c.id AND s.stance = 'supports'
  )
  AND NOT EXISTS (
    SELECT 1 FROM support s JOIN carried k ON k.finding = s.finding AND (s.estimate = '' OR s.estimate = k.estimate)
    WHERE s.claim = c.id AND s.stance = 'supports' AND k.vendor NOT IN ('vendor', 'interested')
  )
  AND NOT EXISTS (
    SELECT 1 FROM support s JOIN vendors n ON n.finding = s.finding LEFT JOIN estimate e ON e.finding = s.finding
    WHERE s.claim = c.id AND s.stance = 'supports' AND e.finding IS NULL AND n.flag NOT IN ('vendor', 'interested')
  )
