"""What frozen features are worth: a linear classifier on them (section 3 of the paper, "feature transfer").

In: a checkpoint and data sets. Out: a `Result` for each, in RUN/results. The features are standardised, an
L2-regularised logistic regression is fitted for each C of a grid to nine tenths of the training images, the C
that is right most often on the other tenth is taken, fitted again to all, and judged once on the test part.
"""

import math
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from weakly.artifacts import fingerprint, make_folder
from weakly.errors import InputError
from weakly.evaluation_sets.class_folders import HELD_OUT_SHARE, Example, Target, hold_out, open_target
from weakly.images.transform import Transform
from weakly.machine import choose_device, computing_threads, default_threads
from weakly.training.checkpoint import FOLDER as CHECKPOINTS
from weakly.training.checkpoint import Pretrained, load_pretrained
from weakly.training.recipe import default_workers
from weakly.transfer import results
from weakly.transfer.accuracy import TOP5_CLASSES, Accuracy, TopCounter
from weakly.transfer.features import Features, extract, resized
from weakly.transfer.inference import Network
from weakly.transfer.intervals import of_share, standard_error
from weakly.transfer.options import ProbeOptions
from weakly.transfer.penalty import GRID, Selection, select
from weakly.transfer.results import Result

METRIC = "top-1"
_NAMED = 5
"""How many unreadable images a result names."""


@dataclass(frozen=True)
class _Measurement:
    """A data set, how its images are prepared, and what its result says before it is measured."""

    target: Target
    transform: Transform
    draft: Result


def probe(options: ProbeOptions) -> list[Result]:
    """Measure a checkpoint on every data set named, in order; each result is saved and printed.

    Raises:
        InputError: a data set is not whole, the checkpoint or the device is missing, or a result of the same
            name was measured otherwise: all of these before any image is read. Or nothing can be learned from
            the images that can be read.
    """
    targets = _open_all(options.to)
    device = choose_device(options.device)
    pretrained = load_pretrained(options.run, untrained=options.untrained)
    folder = options.results or _run_folder(pretrained.folder) / results.FOLDER
    make_folder(folder, "--results")
    measurements = [_prepare(options, pretrained, target, device) for target in targets]
    for measurement in measurements:
        results.result_path(measurement.draft, folder)
    found = []
    for measurement in measurements:
        with computing_threads(options.threads or default_threads()):
            result = _measure(options, pretrained, measurement, device)
        path = results.save_result(result, folder)
        _report(result, path)
        found.append(result)
    return found


def _open_all(texts: tuple[str, ...]) -> list[Target]:
    if not texts:
        raise InputError("--to names no data set; expected at least one, such as folder:DIR")
    targets = [open_target(text) for text in texts]
    for name, times in Counter(target.name for target in targets).items():
        if times > 1:
            raise InputError(
                f"--to: {times} data sets are called {name}; expected different names: rename one"
            )
    return targets


def _run_folder(checkpoint: Path) -> Path:
    """The run that a checkpoint belongs to; the checkpoint itself where it was taken out of its run."""
    around = checkpoint.resolve().parent
    return around.parent if around.name == CHECKPOINTS else checkpoint


def _prepare(
    options: ProbeOptions, pretrained: Pretrained, target: Target, device: torch.device
) -> _Measurement:
    transform = resized(pretrained.transform, options.size)
    protocol = "probe" if transform == pretrained.transform else f"probe-{transform.size}px"
    config = fingerprint(
        {
            "target": target.fingerprint,
            "transform": asdict(transform),
            "precision": options.precision,
            "seed": options.seed,
            "grid": GRID,
            "held_out": HELD_OUT_SHARE,
        }
    )
    draft = Result(
        task=target.name,
        protocol=protocol,
        metric=METRIC,
        value=math.nan,
        n=0,
        seed=options.seed,
        checkpoint=pretrained.fingerprint,
        images_seen=pretrained.images_seen,
        untrained=options.untrained,
        config=config,
        seconds=0.0,
        machine=results.describe_machine(device),
    )
    return _Measurement(target, transform, draft)


def _measure(
    options: ProbeOptions, pretrained: Pretrained, measurement: _Measurement, device: torch.device
) -> Result:
    began = time.monotonic()
    target, classes = measurement.target, len(measurement.target.classes)
    network = Network(pretrained, device, transform=measurement.transform, precision=options.precision)
    train, test = (
        extract(
            network,
            [path for path, _ in examples],
            title=f"{target.name}, features of {part}",
            batch=options.batch,
            workers=default_workers(device) if options.workers is None else options.workers,
        )
        for part, examples in (("train", target.train), ("test", target.test))
    )
    extracted = time.monotonic()
    selection = _learn(target, train, options.seed, device)
    accuracy = _judge(selection, target, test, device)
    unreadable = (_faults(target, target.train, train), _faults(target, target.test, test))
    share = accuracy.share(1)
    details = {
        "top5": accuracy.share(5) if classes >= TOP5_CLASSES else None,
        "standard_error": standard_error(share, accuracy.n),
        "interval": list(of_share(share, accuracy.n)),
        "classes": classes,
        "train": len(target.train) - len(train.faults),
        "train_unreadable": unreadable[0],
        "test_unreadable": unreadable[1],
        "not_images": target.skipped,
        **selection.details(),
        "per_class": dict(zip(target.classes, accuracy.per_class(), strict=True)),
        "model": pretrained.config["model"],
        "model_seed": pretrained.config["seed"],
        "size": measurement.transform.size,
        "precision": options.precision,
        "feature_length": train.values.shape[1],
        "seconds_on_features": round(extracted - began, 2),
        "warnings": [*_warnings(target, *unreadable), *selection.warnings()],
    }
    seconds = round(time.monotonic() - began, 2)
    return replace(measurement.draft, value=share, n=accuracy.n, seconds=seconds, details=details)


def _learn(target: Target, train: Features, seed: int, device: torch.device) -> Selection:
    """Choose and fit on the training images that can be read."""
    rows = train.readable().nonzero()[:, 0].tolist()
    examples = [target.train[row] for row in rows]
    labels = torch.tensor([label for _, label in examples])
    for label, name in enumerate(target.classes):
        if not (labels == label).any():
            raise InputError(
                f"{target.root / 'train' / name}: no image can be read; expected at least one: mend it"
            )
    held_out = torch.from_numpy(
        hold_out([target.relative(path) for path, _ in examples], labels.numpy(), seed)
    )
    if not held_out.any():
        raise InputError(
            f"{target.root / 'train'} has one image a class, so none can be held out to choose the penalty "
            "by; expected at least two in some class: add images"
        )
    features = train.values[rows]
    return select(features.to(device), labels.to(device), held_out.to(device), len(target.classes))


def _judge(selection: Selection, target: Target, test: Features, device: torch.device) -> Accuracy:
    """Count over every test image; one that cannot be read is an error."""
    counter = TopCounter(len(target.classes))
    readable = test.readable()
    labels = torch.tensor([label for _, label in target.test])
    features = selection.standardiser.apply(test.values[readable].to(device))
    counter.add(selection.classifier.scores(features), labels[readable].to(device))
    counter.add_errors(labels[~readable])
    return counter.total()


def _faults(target: Target, examples: tuple[Example, ...], features: Features) -> dict[str, Any]:
    """Unreadable images: how many, by kind, and the first few by name."""
    kinds = {row: fault.kind for row, fault in features.faults.items()}
    named = [f"{target.relative(examples[row].path)}: {kinds[row]}" for row in list(kinds)[:_NAMED]]
    return {"n": len(kinds), "kinds": dict(Counter(kinds.values())), "first": named}


def _warnings(target: Target, train: dict[str, Any], test: dict[str, Any]) -> list[str]:
    found = [
        f"{what}: {faults['n']} ({', '.join(faults['first'])})"
        for what, faults in (
            ("training images that cannot be read, left out", train),
            ("test images that cannot be read, counted as errors", test),
        )
        if faults["n"]
    ]
    if target.skipped:
        found.append(f"files in the class folders that are no images by their names: {target.skipped}")
    return found


def _report(result: Result, path: Path) -> None:
    """Print a result on standard output, and what must be known about it on standard error."""
    details = result.details
    low, high = details["interval"]
    top5 = "" if details["top5"] is None else f", top-5 {details['top5']:.1%}"
    trained = "untrained" if result.untrained else f"{result.images_seen:,} images seen"
    print(
        f"{result.task}: top-1 {result.value:.1%} (95% interval {low:.1%} to {high:.1%}){top5} "
        f"on {result.n:,} test images, {details['classes']} classes; {details['model']}, {trained}; "
        f"C = {details['C']:g}; {result.seconds:.0f} s",
        flush=True,
    )
    for warning in details["warnings"]:
        print(f"warning: {result.task}: {warning}", file=sys.stderr, flush=True)
    print(f"saved in {path}", flush=True)
