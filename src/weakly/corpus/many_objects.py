"""Python objects by the hundred thousand, as a lexicon and its labels are made of."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def many_objects() -> Iterator[None]:
    """Make many objects that stay, in the block, without the collector looking at them again and again.

    What is there at the end of the block is looked at no more, also later: it goes when nothing refers to it,
    but not where its objects refer to each other in a circle.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
