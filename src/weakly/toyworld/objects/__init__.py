"""The drawings of the toy world."""
