"""Captions to hashtags to numbers."""
