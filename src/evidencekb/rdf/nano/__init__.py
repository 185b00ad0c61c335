"""Nanopublications: read, checked, made, signed, and taken in as candidates."""
