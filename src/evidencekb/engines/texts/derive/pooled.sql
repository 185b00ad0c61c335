-- Studies that pool others, by their names in study, over as many steps as it takes: in a count of both, only what is pooled counts.
SELECT DISTINCT h.strict AS study, m.strict AS held
FROM reach r
JOIN study h ON h.finding = r.origin
JOIN study m ON m.finding = r.target
WHERE r.kind = 'pool' AND h.strict <> m.strict
