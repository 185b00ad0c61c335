-- Each cohort and concept with all that lies below it, itself at 0 steps.
SELECT 'cohort' AS kind, c.id AS broad, c.id AS narrow, 0 AS steps FROM cohort c
UNION ALL
SELECT 'concept', c.id, c.id, 0 FROM concept c
UNION ALL
SELECT r.kind, r.target, r.origin, r.steps FROM reach r
WHERE r.kind IN ('cohort', 'concept') AND r.origin <> r.target
