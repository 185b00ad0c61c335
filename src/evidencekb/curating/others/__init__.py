"""Records of other databases as candidates: Our World in Data, FHIR, CIViC and what is laid out like it."""
