"""Bibliographic records in and out, one module for each format or service."""
