"""Posts in Parquet, JSON lines, CSV, TSV and WebDataset tars -> one stream of Arrow batches."""
