"""Checkpoint -> results: what the backbone is worth on other tasks (sections 3.2 and 4 of the paper)."""
