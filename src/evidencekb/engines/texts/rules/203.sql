-- A flag that the ties of a source do not bear out: see derive/verdict for the table, its lines and what decides.
SELECT 'source' AS kind, v.source AS id, 'vendor' AS path, v.variant, v.flag, v.gives, v.line, v.words, v.who
FROM verdict v
WHERE v.variant IN ('sells', 'stake', 'likely', 'strict', 'relay')
