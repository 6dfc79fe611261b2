from pathlib import Path

import pytest

from tests.transfer.conftest import write_target


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set of 6 classes, 12 + 4 images each; tests must not write in it."""
    return write_target(tmp_path_factory.mktemp("targets") / "colours")
