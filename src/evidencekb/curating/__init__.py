"""Changing a pack's files: sources from identifiers and bibliographies, with everything known filled in.

The vendor flag is never guessed. What is known of money stands beside it as hints, and ``check`` refuses the source
until a person has decided.
"""
