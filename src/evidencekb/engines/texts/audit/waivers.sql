-- The waivers of the pack itself; those of packs that it extends speak for these alone.
SELECT r.id, r.body
FROM record r JOIN meta m ON m.name = 'pack' AND m.value = r.pack
WHERE r.kind = 'waiver'
