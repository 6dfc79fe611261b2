"""A run's folder -> everything the page is made of, opened once.

In: the folder that `weakly pretrain` wrote. Out: a `Story`: its manifest, log, results, sampling plan,
training set and last checkpoint. What is not there, or is no longer what the run was made from, becomes a
`Missing` with its reason, and the section that needs it says so; only a folder that is no run is an error.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from weakly.artifacts import Manifest, read_manifest
from weakly.corpus.training_set.training_set import TrainingSet, open_training_set
from weakly.corpus.vocabulary.vocabulary import Vocabulary, open_vocabulary
from weakly.errors import InputError
from weakly.sampling.plan import SamplingPlan
from weakly.training import run_folder
from weakly.training.checkpoint import Pretrained, load_pretrained
from weakly.training.log import LOG, LogLine, read_lines
from weakly.transfer.results import Result, load_results

T = TypeVar("T")


@dataclass(frozen=True)
class Missing:
    """Something the page would show and cannot; the reason is a sentence for its reader."""

    reason: str


@dataclass(frozen=True)
class Story:
    """What one run left behind.

    Attributes:
        name: what the page calls it: its folder's name, or its whole path where two runs share one.
        folder: where it lies.
        manifest: of kind `run`.
        log: its lines, by images seen; empty when it never got to write one.
        training_set: what it was trained on.
        vocabulary: the vocabulary's own folder, which knows what was left out.
        plan: how often each image came.
        pretrained: its last checkpoint.
        results: what transfers measured; empty when none ran.
    """

    name: str
    folder: Path
    manifest: Manifest
    log: list[LogLine]
    training_set: TrainingSet | Missing
    vocabulary: Vocabulary | Missing
    plan: SamplingPlan | Missing
    pretrained: Pretrained | Missing
    results: list[Result]


def read_stories(runs: Sequence[Path], image_root: Path | None) -> list[Story]:
    """Open every run, in the order given.

    Args:
        runs: their folders.
        image_root: where the photos lie now, where they moved.

    Raises:
        InputError: none is given, one is given twice, or one is not a run.
    """
    folders = [Path(run).resolve() for run in runs]
    if not folders:
        raise InputError("no run is given: name at least one folder that `weakly pretrain` wrote")
    if len(set(folders)) < len(folders):
        raise InputError("a run is given twice: name each folder once")
    names = [folder.name for folder in folders]
    whole = len(set(names)) < len(names)
    return [_read_story(folder, str(folder) if whole else folder.name, image_root) for folder in folders]


def _read_story(folder: Path, name: str, image_root: Path | None) -> Story:
    manifest = read_manifest(folder, run_folder.KIND, verb="pretrain")
    training_set = attempt(lambda: _training_set(manifest, image_root))
    return Story(
        name=name,
        folder=folder,
        manifest=manifest,
        log=read_lines(folder / LOG),
        training_set=training_set,
        vocabulary=attempt(lambda: _vocabulary(training_set)),
        plan=attempt(lambda: _plan(folder)),
        pretrained=attempt(lambda: load_pretrained(folder)),
        results=load_results(folder),
    )


def attempt(get: Callable[[], T]) -> T | Missing:
    """What `get` returns, or a Missing with the message of its InputError."""
    try:
        return get()
    except InputError as error:
        return Missing(str(error))


def _training_set(manifest: Manifest, image_root: Path | None) -> TrainingSet:
    found = open_training_set(Path(manifest.facts["training_set"]), image_root)
    if found.fingerprint != manifest.inputs["training_set"]:
        raise InputError(
            f"{found.folder} was made anew since this run: it is no longer the training set that the run saw"
        )
    return found


def _vocabulary(training_set: TrainingSet | Missing) -> Vocabulary:
    """The folder that `weakly vocab` wrote for a training set."""
    if isinstance(training_set, Missing):
        raise InputError(training_set.reason)
    if "vocab" not in training_set.manifest.options:
        raise InputError(
            "this training set was not made by `weakly label`, so its vocabulary's folder is unknown"
        )
    found = open_vocabulary(Path(training_set.manifest.options["vocab"]))
    if found.fingerprint != training_set.vocabulary.fingerprint:
        raise InputError("the vocabulary's folder was made anew since the photos were labelled with it")
    return found


def _plan(folder: Path) -> SamplingPlan:
    path = folder / run_folder.PLAN
    if not path.is_file():
        raise InputError(f"{path} is not there: the run never began to train")
    return SamplingPlan.open(path)
