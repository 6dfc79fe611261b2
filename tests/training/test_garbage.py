import gc

import pytest

from weakly.training.garbage import EVERY, Garbage


@pytest.fixture
def collections(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    found: list[int] = []
    monkeypatch.setattr(gc, "collect", lambda generation=2: found.append(generation))
    return found


def test_it_collects_at_fixed_steps_alone(collections: list[int]) -> None:
    with Garbage() as garbage:
        assert not gc.isenabled()
        for step in range(1, 2 * EVERY + 1):
            garbage.collect(step, everything=step == EVERY + 3)
    assert collections == [1, 2, 1]
    assert gc.isenabled()


def test_pythons_own_collector_is_given_back_as_it_was() -> None:
    with pytest.raises(ZeroDivisionError), Garbage():
        raise ZeroDivisionError
    assert gc.isenabled()
    gc.disable()
    try:
        with Garbage():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
