-- A flag without a reason, with hints in place of one, or one reason text for sources of many publishers.
SELECT 'source' AS kind, s.id, 'vendor_reason' AS path,
  CASE WHEN EXISTS (SELECT 1 FROM citation c WHERE c.source = s.id AND c.role = 'primary') THEN 'missing' ELSE 'relay' END AS variant,
  '' AS item
FROM source s
WHERE s.reason_key = ''
UNION ALL
SELECT 'source', s.id, 'vendor_reason', 'undecided', ''
FROM source s
WHERE SUBSTR(s.reason_key, 1, 9) = 'undecided'
UNION ALL
SELECT 'source', s.id, 'vendor_reason', 'shared', CAST(k.sources AS VARCHAR(9))
FROM source s
JOIN (
  SELECT t.reason_key, COUNT(*) AS sources, COUNT(DISTINCT t.publisher_key) AS publishers
  FROM source t
  WHERE t.reason_key <> ''
    AND NOT (t.vendor = 'unknown' AND NOT EXISTS (SELECT 1 FROM citation c WHERE c.source = t.id AND c.role = 'primary'))
  GROUP BY t.reason_key
) k ON k.reason_key = s.reason_key
WHERE k.sources > 3 AND k.publishers > 1
  AND NOT (s.vendor = 'unknown' AND NOT EXISTS (SELECT 1 FROM citation c WHERE c.source = s.id AND c.role = 'primary'))
