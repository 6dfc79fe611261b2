"""Batches -> checkpoint: models, loss, schedule and the loop (section 3.1 of the paper)."""
