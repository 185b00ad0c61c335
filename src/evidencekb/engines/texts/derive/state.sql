-- What happened to each primary source, for each finding that rests on it: withdrawn and not reinstated since, else the last
-- event that concerns the finding, else nothing_known when somebody looked, else not_checked.
SELECT DISTINCT c.finding, c.source,
  COALESCE((
    SELECT t.status FROM standing t
    WHERE t.source = c.source AND (t.finding = '' OR t.finding = c.finding)
      AND t.status IN ('retracted', 'disavowed', 'overturned')
      AND NOT EXISTS (
        SELECT 1 FROM standing u
        WHERE u.source = t.source AND (u.finding = '' OR u.finding = c.finding) AND u.position > t.position
          AND u.status IN ('reinstated', 'retracted', 'disavowed', 'overturned')
      )
    ORDER BY t.position LIMIT 1
  ), (
    SELECT t.status FROM standing t
    WHERE t.source = c.source AND (t.finding = '' OR t.finding = c.finding)
      AND NOT EXISTS (
        SELECT 1 FROM standing u
        WHERE u.source = t.source AND (u.finding = '' OR u.finding = c.finding) AND u.position > t.position
      )
    ORDER BY t.position LIMIT 1
  ), CASE WHEN s.checked_on <> '' THEN 'nothing_known' ELSE 'not_checked' END) AS state
FROM citation c JOIN source s ON s.id = c.source
WHERE c.role = 'primary'
