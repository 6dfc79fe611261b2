"""The packaged nouns, and other lexicons."""
