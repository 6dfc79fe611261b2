"""A small drawn world of hashtagged photos whose truth is known: for the demo, tests and benchmarks."""
