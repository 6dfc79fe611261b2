"""A run's folder: begun, gone on with, or replaced; never mistaken for another's.

RUN/
    manifest.json        kind `run`: options, the training set's fingerprint, the sampling plan's facts
    sampling_plan.npy    (and .json) how often each image comes
    log.jsonl            one line every few steps
    profile/             traces of steps, where --profile asked for them
    checkpoints/         see `weakly.training.checkpoint`
    results/             what transfers measured
"""

import shutil
from dataclasses import asdict, fields
from typing import Any

from weakly import artifacts
from weakly.artifacts import Manifest
from weakly.atomic import sweep
from weakly.corpus.training_set.training_set import TrainingSet
from weakly.errors import InputError
from weakly.sampling.plan import SamplingPlan, plan_fingerprint
from weakly.sampling.resampling import parse_rule
from weakly.training.options import MAY_CHANGE_ON_RESUME, PretrainOptions

KIND = "run"
PLAN = "sampling_plan.npy"


def decisive(options: PretrainOptions) -> dict[str, Any]:
    """The options that decide which weights come out: plain JSON values, no paths."""
    return {
        field.name: getattr(options, field.name)
        for field in fields(options)
        if field.name not in MAY_CHANGE_ON_RESUME
    }


def prepare(options: PretrainOptions, training_set: TrainingSet) -> list[str]:
    """Make the run's folder, or check that the one there is this run.

    Returns:
        What the run there has computed with so far, one after another (`weakly.training.compute`).

    Raises:
        InputError: the folder holds something and neither --resume nor --overwrite was given; or the run
            there began with other options or another training set.
    """
    out = options.out
    if options.resume and out.is_dir():
        sweep(out, "*", alone=True)  # what a kill left half-written; one run has one writer
        if any(out.iterdir()):
            return _check_same(options, training_set)
    artifacts.refuse_occupied(out, options.overwrite, KIND, resumable=True)
    if out.exists():
        shutil.rmtree(out)
    artifacts.make_folder(out)
    describe(options, training_set, {})
    return []


def describe(options: PretrainOptions, training_set: TrainingSet, facts: dict[str, Any]) -> None:
    """Write the run's manifest."""
    manifest = Manifest(
        kind=KIND,
        fingerprint=artifacts.fingerprint(decisive(options), training_set.fingerprint),
        options=asdict(options),
        inputs={"training_set": training_set.fingerprint},
        facts={"training_set": str(training_set.folder.resolve()), **facts},
    )
    artifacts.write_manifest(options.out, manifest, growing=True)


def _check_same(options: PretrainOptions, training_set: TrainingSet) -> list[str]:
    manifest = artifacts.read_manifest(options.out, KIND, verb="pretrain")
    # An option that is younger than the run had, as the run trained, the value that is now its default.
    began = {field.name: field.default for field in fields(options)} | manifest.options
    changed = [
        f"--{name.replace('_', '-')} was {began[name]}, now {value}"
        for name, value in decisive(options).items()
        if began[name] != value
    ]
    if changed:
        raise InputError(
            f"--resume: {options.out} began with other options ({'; '.join(changed)}): "
            "give those again, or name another --out"
        )
    if manifest.inputs["training_set"] != training_set.fingerprint:
        raise InputError(
            f"--resume: {training_set.folder} is not the training set that {options.out} began with "
            f"(that was {manifest.facts['training_set']}): give that one, or name another --out"
        )
    return manifest.facts.get("arithmetic", [])


def sampling_plan(options: PretrainOptions, training_set: TrainingSet) -> SamplingPlan:
    """Open the run's sampling plan, made first where the run has none yet.

    It lies in the run's folder so that a resume maps it instead of making it again, and every process and
    worker of a machine shares one copy in memory.
    """
    path, rule = options.out / PLAN, parse_rule(options.resample)
    if not path.with_suffix(".json").is_file():
        return SamplingPlan.build(training_set, rule, options.seed, path)
    return SamplingPlan.open(path, plan_fingerprint(training_set, rule, options.seed))
