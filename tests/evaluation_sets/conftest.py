from tests.transfer.conftest import target

__all__ = ["target"]
