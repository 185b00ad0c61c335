-- Where the records stand that a report names.
SELECT p.kind, p.id, p.file, p.line
FROM named n JOIN place p ON p.kind = n.kind AND p.id = n.id
