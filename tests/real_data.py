"""Where the real data lies: tests that need it skip without it, and no test names a place."""

import os
from pathlib import Path

import pytest

VARIABLE = "WEAKLY_DATA"


def real_data(path: str) -> Path:
    """A file or folder of the real data, by its path inside `$WEAKLY_DATA`; skips the test that has none."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        pytest.skip(f"set {VARIABLE} to the folder that holds {path}")
    found = Path(folder).resolve() / path
    if not found.exists():
        pytest.skip(f"{VARIABLE} is {folder}, where there is no {path}")
    return found
