-- One step further from the frontier; run again until it gives nothing new.
SELECT DISTINCT f.kind, f.scope, f.origin, e.target
FROM frontier f
JOIN edge e ON e.kind = f.kind AND e.scope = f.scope AND e.origin = f.target
WHERE NOT EXISTS (
  SELECT 1 FROM reach r
  WHERE r.kind = f.kind AND r.scope = f.scope AND r.origin = f.origin AND r.target = e.target
)
