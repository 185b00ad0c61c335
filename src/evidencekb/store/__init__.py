"""Pack files in and out: text to raw records with their places, and records to canonical text."""

MANIFEST = "pack.yaml"
"""The file that makes a folder a pack."""
