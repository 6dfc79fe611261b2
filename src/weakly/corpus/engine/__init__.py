"""Units of work that can be gone on with, and who does them."""
