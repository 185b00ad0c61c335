-- A single experiment, audit or survey whose interval includes no effect, or that is small and has no interval. What another
-- work has tried too, and what a pool includes, is not single.
SELECT 'finding' AS kind, w.finding AS id, 'estimates.' || CAST(w.position AS VARCHAR(9)) AS path,
  CASE w.why WHEN 'few' THEN 'few' ELSE 'unclear' END AS variant, w.estimate AS item, w.found AS found
FROM weak w
WHERE w.why <> 'unknown' AND NOT EXISTS (SELECT 1 FROM tried t WHERE t.finding = w.finding)
