-- Two sources with the same identifier, version and title.
SELECT DISTINCT 'source' AS kind, b.id, i.scheme AS path,
  CASE WHEN EXISTS (SELECT 1 FROM citation c WHERE c.source = a.id OR c.source = b.id) THEN 'twice' ELSE 'idle' END AS variant,
  i.scheme AS scheme, a.id AS other
FROM identifier i
JOIN identifier j ON j.scheme = i.scheme AND j.value = i.value AND j.source <> i.source
JOIN source b ON b.id = i.source
JOIN source a ON a.id = j.source
WHERE a.version_key = b.version_key AND a.title_key = b.title_key
