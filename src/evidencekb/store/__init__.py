"""Pack files in and out: text to raw records with their places, and records to canonical text."""

MANIFEST = "pack.yaml"
"""The file that makes a folder a pack."""

MAX_RECORD = 1_048_576
"""Bytes of JSON text that a record has at most: a line of a JSONL file, or a row of a Parquet file."""
