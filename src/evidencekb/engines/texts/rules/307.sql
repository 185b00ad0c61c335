-- A single experiment, audit or survey whose interval includes no effect, or that is small and has no interval. What another
-- work has tried too, and what a pool includes, is not single. Estimates that rest on one count are one line.
SELECT 'finding' AS kind, w.finding AS id, w.path, CASE w.why WHEN 'few' THEN 'few' ELSE 'unclear' END AS variant,
  MIN(w.estimate) AS item, w.found AS found, COUNT(*) AS estimates
FROM weak w
WHERE w.why <> 'unknown' AND NOT EXISTS (SELECT 1 FROM tried t WHERE t.finding = w.finding)
GROUP BY w.finding, w.path, w.why, w.found
