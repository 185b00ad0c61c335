-- Records of the packs that this one extends.
SELECT r.kind, r.id
FROM record r
WHERE r.pack <> (SELECT m.value FROM meta m WHERE m.name = 'pack')
