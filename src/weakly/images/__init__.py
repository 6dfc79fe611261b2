"""From a place in a file to pixels."""
