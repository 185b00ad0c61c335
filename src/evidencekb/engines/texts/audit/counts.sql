-- How many records of each kind the pack itself has.
SELECT r.kind, COUNT(*) AS records
FROM record r JOIN meta m ON m.name = 'pack' AND m.value = r.pack
GROUP BY r.kind
