-- Findings whose primary source was retracted, disavowed or overturned, and not reinstated since.
SELECT t.finding, t.source, t.state AS status
FROM state t
WHERE t.state IN ('retracted', 'disavowed', 'overturned')
