-- Findings whose primary source was retracted, disavowed or overturned, and not reinstated since.
SELECT DISTINCT c.finding, c.source, t.status
FROM citation c
JOIN standing t ON t.source = c.source AND (t.finding = '' OR t.finding = c.finding)
WHERE c.role = 'primary' AND t.status IN ('retracted', 'disavowed', 'overturned')
  AND NOT EXISTS (
    SELECT 1 FROM standing u
    WHERE u.source = t.source AND (u.finding = '' OR u.finding = c.finding) AND u.position > t.position
      AND u.status IN ('reinstated', 'retracted', 'disavowed', 'overturned')
  )
