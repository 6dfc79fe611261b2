"""Posts and a vocabulary to a training set."""
