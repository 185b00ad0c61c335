-- Findings filed under so many roles and skills that each mix of the two would be too many rows.
SELECT a.finding
FROM finding_concept a JOIN concept p ON p.id = a.concept
WHERE a.finding IN (SELECT m.finding FROM finding_concept m GROUP BY m.finding HAVING COUNT(*) > 16)
GROUP BY a.finding
HAVING SUM(CASE p.kind WHEN 'role' THEN 1 ELSE 0 END) * SUM(CASE p.kind WHEN 'skill' THEN 1 ELSE 0 END) > 64
