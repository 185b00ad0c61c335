-- Replications of each finding by how they came out. What is one study counts once, whatever its versions, rows and findings:
-- under its outcome, or under other when its findings disagree. What was withdrawn and what is not apart from the original
-- counts not at all.
SELECT k.finding,
  SUM(CASE WHEN k.outcome = 'successful' THEN 1 ELSE 0 END) AS successful,
  SUM(CASE WHEN k.outcome = 'failed' THEN 1 ELSE 0 END) AS failed,
  SUM(CASE WHEN k.outcome IN ('successful', 'failed') THEN 0 ELSE 1 END) AS other
FROM (
  SELECT r.finding, r.strict,
    CASE WHEN COUNT(DISTINCT CASE WHEN r.outcome <> '' THEN r.outcome END) > 1 THEN 'mixed' ELSE MAX(r.outcome) END AS outcome
  FROM replicating r
  WHERE r.type = 'replicates' AND r.because = ''
  GROUP BY r.finding, r.strict
) k
GROUP BY k.finding
