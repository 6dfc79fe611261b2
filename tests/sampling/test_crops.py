import numpy as np
import pytest
import torch
from torchvision.transforms import RandomResizedCrop

from weakly.sampling.crops import crop_box, crop_draws, flips

N = 4000


def our_boxes(height, width, *min_area, n=N):
    return np.array([crop_box(height, width, draws, *min_area) for draws in crop_draws(0, np.arange(n))])


def torchvision_boxes(height, width, min_area=0.08, n=N):
    torch.manual_seed(0)
    image = torch.empty(3, height, width)
    boxes = [RandomResizedCrop.get_params(image, [min_area, 1.0], [3 / 4, 4 / 3]) for _ in range(n)]
    return np.array(boxes)


@pytest.mark.parametrize("min_area", [(), (0.35,), (0.9,)])
@pytest.mark.parametrize(("height", "width"), [(64, 64), (375, 500), (100, 310), (480, 120)])
def test_boxes_are_distributed_as_torchvisions(height, width, min_area):
    ours, theirs = our_boxes(height, width, *min_area), torchvision_boxes(height, width, *min_area)
    for top, left, box_height, box_width in (*ours[:200].tolist(), *ours[-200:].tolist()):
        assert 0 <= top <= height - box_height
        assert 0 <= left <= width - box_width

    def figures(boxes):
        top, left, h, w = boxes.T.astype(float)
        room_down, room_right = np.maximum(height - h, 1), np.maximum(width - w, 1)
        return {
            "area": h * w / (height * width),
            "log ratio": np.log(w / h),
            "top": top / room_down,
            "left": left / room_right,
        }

    for (name, a), b in zip(figures(ours).items(), figures(theirs).values(), strict=True):
        # Two samples of one distribution: the largest gap of their cumulative shares (Kolmogorov-Smirnov) is
        # beyond 1.95 * sqrt(2 / N) once in a thousand.
        grid = np.concatenate([a, b])
        gap = np.abs(
            np.searchsorted(np.sort(a), grid, side="right") - np.searchsorted(np.sort(b), grid, side="right")
        )
        assert gap.max() / N < 1.95 * (2 / N) ** 0.5, name


def test_no_fitting_box_gives_torchvisions_central_one():
    for height, width in ((10, 4000), (4000, 10)):
        boxes = our_boxes(height, width)
        central = [
            box for box in torchvision_boxes(height, width) if box[2] * box[3] == boxes[0][2] * boxes[0][3]
        ]
        assert len(central) > N // 2
        assert (boxes == central[0]).all(axis=1).mean() > 0.5


def test_draws_are_a_function_of_seed_and_position():
    positions = np.array([5, 10**12, 0])
    draws = crop_draws(3, positions)
    assert draws.shape == (3, 10, 4)
    assert np.array_equal(draws[1], crop_draws(3, np.array([10**12]))[0])
    assert len(np.unique(draws)) == draws.size
    assert not np.array_equal(draws, crop_draws(4, positions))


def test_half_of_the_images_are_mirrored():
    mirrored = flips(0, np.arange(10_000))
    assert mirrored.mean() == pytest.approx(0.5, abs=0.025)
    assert (mirrored[1:] == mirrored[:-1]).mean() == pytest.approx(0.5, abs=0.025)


def test_crops_never_change():
    # Written down once: a run of an older version must resume on the same pixels.
    assert crop_box(375, 500, crop_draws(1, np.array([2]))[0]) == (5, 118, 353, 313)
    assert flips(1, np.arange(8)).tolist() == [False, True, True, True, False, True, True, False]
