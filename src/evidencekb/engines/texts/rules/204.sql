-- A source that nobody can find: no identifier, no address, no place in a container, no publisher of a book.
SELECT 'source' AS kind, s.id, '' AS path,
  CASE WHEN EXISTS (SELECT 1 FROM citation c WHERE c.source = s.id) THEN 'lost' ELSE 'idle' END AS variant, '' AS item
FROM source s
WHERE s.located = 0
