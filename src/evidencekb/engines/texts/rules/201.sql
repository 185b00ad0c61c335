-- A source without a flag, or whose flag nobody set although a finding rests on it.
SELECT 'source' AS kind, s.id, 'vendor' AS path,
  CASE WHEN NOT EXISTS (SELECT 1 FROM citation c WHERE c.source = s.id AND c.role = 'primary') THEN 'relay'
    WHEN s.vendor = '' THEN 'missing' ELSE 'unknown' END AS variant,
  s.vendor AS item
FROM source s
WHERE s.vendor = ''
  OR (s.vendor = 'unknown' AND EXISTS (SELECT 1 FROM citation c WHERE c.source = s.id AND c.role = 'primary'))
