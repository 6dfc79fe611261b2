"""What `benchmarks/corpus.py` runs: the posts it makes, the task, and one module a contestant."""
