-- A source that nobody can find: no identifier, no address, no container with volume and pages.
SELECT 'source' AS kind, s.id, '' AS path, 'lost' AS variant, '' AS item
FROM source s
WHERE s.located = 0
