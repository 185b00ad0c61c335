-- Findings that a page leaves out: withdrawn ones, reversed ones, and a superseded version when the newer one was read at least
-- as closely and is not withdrawn itself. because is the finding that pushes it out; empty when its source was withdrawn.
SELECT w.finding, '' AS because FROM withdrawn w
UNION
SELECT l.target, l.finding FROM finding_link l JOIN finding f ON f.id = l.target
WHERE l.type = 'reverses' AND l.finding <> l.target
UNION
SELECT l.target, l.finding FROM finding_link l
JOIN ranked newer ON newer.finding = l.finding
JOIN ranked older ON older.finding = l.target
WHERE l.type = 'supersedes' AND l.finding <> l.target AND newer.seen <= older.seen AND newer.standing < 2
