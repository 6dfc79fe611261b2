"""Options that make no run are refused before anything is read or written, each by its flag."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from weakly.errors import InputError
from weakly.training.options import PretrainOptions

GOOD = PretrainOptions(Path("training_set"), Path("run"))
NAN, INFINITE = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"passes": 1.0, "images": 5}, "and --images both say how long"),
        *(({name: 0}, "expected a number above 0") for name in ("passes", "lr", "save_minutes")),
        *(({name: 0}, "0: expected 1 or more") for name in ("images", "batch", "size", "log_every", "keep")),
        *(({name: NAN}, "nan: expected a number above 0") for name in ("passes", "lr", "save_minutes")),
        *(({name: INFINITE}, "inf: expected") for name in ("passes", "lr", "save_minutes", "weight_decay")),
        *(({name: -1}, "-1: expected 0 or") for name in ("warmup", "halvings", "weight_decay", "workers")),
        *(({"momentum": value}, "expected 0 or more, and less than 1") for value in (-0.1, 1.0, NAN)),
        *(({"corrupt_limit": value}, "expected a share from 0 to 1") for value in (-0.1, 1.1, NAN)),
        *(({"seed": value}, "expected -9,223,372,036,854,775,808 to") for value in (1 << 63, -(1 << 63) - 1)),
    ],
)
def test_what_makes_no_run_is_refused(changes: dict[str, Any], words: str) -> None:
    flag = f"--{next(iter(changes)).replace('_', '-')} "
    with pytest.raises(InputError, match=rf"^{flag}.*{words}"):
        replace(GOOD, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"warmup": 0, "halvings": 0, "weight_decay": 0.0, "workers": 0, "momentum": 0.0},
        {"corrupt_limit": 0.0, "seed": (1 << 63) - 1},
        {"corrupt_limit": 1.0, "seed": -1},
    ],
)
def test_what_is_at_the_edge_of_its_range_is_a_run(changes: dict[str, Any]) -> None:
    assert replace(GOOD, **changes) != GOOD or not changes
