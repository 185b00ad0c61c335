"""Pack files in and out: text to raw records with their places, and records to canonical text."""
