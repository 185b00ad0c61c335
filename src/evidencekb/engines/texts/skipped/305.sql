-- Estimates of findings that should be past, with a period or without, whose time cannot be judged.
SELECT 'finding' AS kind, f.id, CASE WHEN e.until = '' THEN 'estimates without a period' ELSE 'estimates whose source has no date' END AS why,
  COUNT(*) AS parts
FROM finding f
JOIN estimate e ON e.finding = f.id
WHERE f.nature IN ('observed', 'reported', 'alleged', 'decided')
  AND (e.until = '' OR NOT EXISTS (
    SELECT 1 FROM citation c JOIN source s ON s.id = c.source
    WHERE c.finding = f.id AND c.role = 'primary' AND s.until <> ''
  ))
GROUP BY f.id, CASE WHEN e.until = '' THEN 'estimates without a period' ELSE 'estimates whose source has no date' END
