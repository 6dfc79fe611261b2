"""Training set -> batches: resampling, order, decoding (sections 2.2 and 3.1 of the paper)."""
