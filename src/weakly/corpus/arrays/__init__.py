"""Compiled loops, ragged arrays and views of Arrow columns."""
