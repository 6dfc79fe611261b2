"""The whole pipeline on a small drawn world."""
