"""Posts -> vocabulary -> training set (section 2 of the paper)."""
