"""Artifacts and results -> one page a person can read."""
