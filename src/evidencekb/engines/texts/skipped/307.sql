-- Estimates of single experiments, audits and surveys that say neither how closely they were measured nor that few were.
SELECT 'finding' AS kind, w.finding AS id, 'power cannot be known: no interval, standard error, p value or small sample' AS why,
  COUNT(*) AS parts
FROM weak w
WHERE w.why = 'unknown' AND NOT EXISTS (SELECT 1 FROM tried t WHERE t.finding = w.finding)
GROUP BY w.finding
