import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.training.test_loop import options
from weakly.errors import InputError
from weakly.sampling.crops import Box, crop_box
from weakly.training import checkpoint
from weakly.training.loop import pretrain


def test_crops_are_as_large_as_asked(
    colour_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boxes: list[Box] = []

    def watched(*given: Any) -> Box:
        boxes.append(crop_box(*given))
        return boxes[-1]

    monkeypatch.setattr("weakly.sampling.loader.crop_box", watched)
    given = options(colour_set, tmp_path / "run", min_crop_area=0.9, images=64, passes=None)
    run = pretrain(given)
    assert len(boxes) == 64
    # A photo of 24 x 24 to 28 has 576 pixels at least; sides are rounded to whole pixels.
    assert min(height * width for _, _, height, width in boxes) > 0.85 * 576
    assert checkpoint.load_pretrained(run).config["min_crop_area"] == 0.9
    with pytest.raises(InputError, match=r"--min-crop-area was 0\.9, now 0\.08"):
        pretrain(replace(given, resume=True, min_crop_area=0.08))


def test_a_run_older_than_an_option_resumes_with_its_default(colour_set: Path, tmp_path: Path) -> None:
    given = options(colour_set, tmp_path / "run", images=64, passes=None, resume=True)
    pretrain(given)
    manifest = json.loads((given.out / "manifest.json").read_text())
    del manifest["options"]["min_crop_area"]
    (given.out / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(InputError, match=r"--min-crop-area was 0\.08, now 0\.5"):
        pretrain(replace(given, min_crop_area=0.5))
    assert pretrain(given) == given.out
