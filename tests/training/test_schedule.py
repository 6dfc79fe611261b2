import pytest

from weakly.training.schedule import Schedule

# Section 3.1: 336 GPUs of 24 images, from 0.1 to 0.1 / 256 * 8064 = 3.15, halved ten times.
PAPER = Schedule(base=0.1, batch=8064, images=7_000_000_000, warmup=350_000_000)


def test_rates_of_the_paper() -> None:
    assert PAPER.rate(0) == pytest.approx(0.1)
    assert PAPER.rate(175_000_000) == pytest.approx((0.1 + 3.15) / 2)
    assert PAPER.rate(350_000_000) == pytest.approx(3.15)
    piece = 7_000_000_000 / 11
    for halvings in range(1, 11):
        assert PAPER.rate(int(piece * halvings) - 8064) == pytest.approx(3.15 / 2 ** (halvings - 1))
        assert PAPER.rate(int(piece * halvings) + 8064) == pytest.approx(3.15 / 2**halvings)
    assert PAPER.rate(7_000_000_000) == pytest.approx(3.15 / 1024)


def test_small_batches_climb_from_a_tenth_of_their_peak() -> None:
    schedule = Schedule(base=0.1, batch=128, images=1000, warmup=80)
    assert [schedule.rate(images) for images in (0, 40, 80)] == pytest.approx([0.005, 0.0275, 0.05])


def test_cosine_falls_from_peak_to_zero() -> None:
    schedule = Schedule(base=0.1, batch=256, images=1000, warmup=0, kind="cosine")
    assert schedule.rate(0) == pytest.approx(0.1)
    assert schedule.rate(500) == pytest.approx(0.05)
    assert schedule.rate(1000) == pytest.approx(0)


@pytest.mark.parametrize("kind", ["halving", "cosine"])
def test_no_warm_up_is_no_division_by_zero(kind: str) -> None:
    schedule = Schedule(base=0.1, batch=512, images=1000, warmup=0, kind=kind)  # pyright: ignore[reportArgumentType]
    assert schedule.rate(0) == pytest.approx(0.2)
