"""Loops over bytes and numbers, compiled to machine code by Numba when they are first called.

What is compiled is kept beside the source, or in the user's cache, so that only the first process waits, some
seconds in all. Where neither can be written, every process compiles for itself.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numpy as np
from numba import njit

Arrays = tuple[np.ndarray, ...]
_P = ParamSpec("_P")
_R = TypeVar("_R")


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile a function of arrays, tuples of them, and numbers. No index is checked.

    What else it names is constant, and of its own file: what is kept is made anew when that file changes.
    """
    try:
        return njit(cache=True, nogil=True)(function)
    except RuntimeError:  # there is no place to keep it
        return njit(nogil=True)(function)
