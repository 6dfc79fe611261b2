"""Which hashtags are labels."""
