-- What bodies speak for: the subjects that their records name, and all below them. A set, so that an engine makes it first.
SELECT DISTINCT q.id AS organization, k.kind, q.target AS subject, k.narrow AS thing
FROM pointer q
JOIN closure k ON k.broad = q.target
WHERE q.kind = 'organization' AND SUBSTR(q.path, 1, 10) = 'advocates.'
