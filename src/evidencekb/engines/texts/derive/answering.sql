-- Estimates that answer an aspect: the outcome is one of its outcomes or lies below one, and the number is of a sort it wants.
SELECT o.aspect, e.finding, e.estimate, MIN(w.position) AS wanted
FROM aspect_outcome o
JOIN closure c ON c.kind = 'concept' AND c.broad = o.outcome
JOIN estimate e ON e.outcome = c.narrow
JOIN aspect_wanted w ON w.aspect = o.aspect AND w.wanted = e.wanted
GROUP BY o.aspect, e.finding, e.estimate
