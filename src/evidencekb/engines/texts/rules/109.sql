-- An untraced claim named where a finding belongs.
SELECT r.kind, r.id, r.path, 'cited' AS variant, r.target AS item
FROM reference r
WHERE r.target_kind = 'finding'
  AND EXISTS (SELECT 1 FROM known u WHERE u.kind = 'untraced' AND u.id = r.target)
  AND NOT EXISTS (SELECT 1 FROM known k WHERE k.kind = 'finding' AND k.id = r.target)
