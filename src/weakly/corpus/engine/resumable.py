"""A verb that reads posts, as units of work that can be gone on with after a kill.

In: where to write, what is to be done, and the input cut into units. Out: a folder that is whole or not
    there. Until it is whole it grows beside its place under a hidden name:

    .OUT.unfinished/
        plan.json          what is being done: verb, options, every input with its size and digest
        units/00012.json   what unit 12 found, written last: a unit without it is done again
        folder/            what OUT will be; what a unit writes has the unit's number in its name

The same command, given again after a kill, does what is missing and gives the same bytes. It refuses, by
name, an input that is no longer what it was.
"""

import contextlib
import json
import shutil
import signal
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from filelock import AcquireReturnProxy, FileLock, Timeout

from weakly import __version__, artifacts, atomic
from weakly.corpus.engine import workers as engines
from weakly.corpus.engine.processes import Task
from weakly.corpus.posts.remote import FileFacts
from weakly.errors import InputError, Stopped
from weakly.progress import Meter


@dataclass(frozen=True)
class Plan:
    """What is to be done: by a verb, under the options that decide what is written, over every file it reads.

    `sizes`: bytes of input of every unit; `kind` that of the folder, all that is overwritten; "" for any.
    """

    verb: str
    options: Mapping[str, Any]
    inputs: Sequence[FileFacts]
    sizes: Sequence[int]
    kind: str = ""

    @property
    def fingerprint(self) -> str:
        """Digest of the inputs' content, whatever their names and times."""
        return artifacts.fingerprint(*(f"{file.size} {file.digest}" for file in self.inputs))

    @property
    def digest(self) -> str:
        """Digest of all that is to be done, and by which version."""
        return artifacts.fingerprint({**self.as_dict(), "inputs": self.fingerprint})

    def as_dict(self) -> dict[str, Any]:
        """The plan as JSON values."""
        return {
            "verb": self.verb,
            "weakly": __version__,
            "options": json.loads(json.dumps(dict(self.options), default=str)),
            "units": len(self.sizes),
            "inputs": [file.as_dict() for file in self.inputs],
        }


def is_made(out: Path, plan: Plan, overwrite: bool) -> bool:
    """Whether a plan's folder is there, whole and of the same input; says so where it is."""
    if overwrite or not (out / artifacts.MANIFEST).is_file():
        return False
    if artifacts.read_manifest(out).plan != plan.digest:
        return False
    left = _unfinished(out).root
    if left.is_dir():  # of a try that was killed after its rename
        with _alone(left, out):
            shutil.rmtree(left)
    print(f"{out} is already made, of the same input with the same options; --overwrite makes it again")
    return True


@dataclass(frozen=True)
class Unfinished:
    """A folder in the making, as workers see it; it grows at `root`."""

    root: Path

    @property
    def folder(self) -> Path:
        """What will be the verb's folder."""
        return self.root / "folder"

    def unit_path(self, unit: int, suffix: str) -> Path:
        """A file for what a unit finds besides; it is gone once the folder is whole."""
        return self.root / "units" / f"{unit:05d}{suffix}"

    def finish(self, unit: int, found: Mapping[str, Any], beside: Sequence[str] = ()) -> None:
        """Say that a unit is done and what it found: JSON values, `rows` (posts read) among them.

        What it wrote to `unit_path` under the suffixes `beside` is on disk before anything is said.
        """
        for suffix in beside:
            atomic.sync(self.unit_path(unit, suffix))
        atomic.write_json(self.unit_path(unit, ".json"), dict(found))

    def is_done(self, unit: int) -> bool:
        """Whether a unit was finished."""
        return self.unit_path(unit, ".json").is_file()

    def found(self, unit: int) -> dict[str, Any]:
        """What a finished unit found."""
        return json.loads(self.unit_path(unit, ".json").read_text(encoding="utf-8"))


def _unfinished(out: Path) -> Unfinished:
    return Unfinished(out.parent / f".{out.name}.unfinished")


class Stage:
    """A verb at work; made by `begin`."""

    def __init__(self, unfinished: Unfinished, plan: Plan, at_work: contextlib.ExitStack) -> None:
        self.unfinished, self.plan, self._at_work = unfinished, plan, at_work
        self.folder = unfinished.folder

    def run(
        self, task: Task, *, engine: str, workers: int | None, title: str, what: str = "posts"
    ) -> Iterator[dict[str, Any]]:
        """Do every unit that is not done yet, and yield what each found, in order.

        It is yielded once the unit and all before it are done, to be added up while others are at work. None
        is at work any more when the block of `begin` ends, however it ends. Raises InputError for an input.

        Args:
            task: does a unit by its number and ends with `Unfinished.finish`; picklable.
            engine, workers: see `workers.choose`.
            title, what: for the progress bar; `what` the `rows` are that units find, in the plural.
        """
        found = self._run(task, engine, workers, Meter(title, what))
        return self._at_work.enter_context(contextlib.closing(found))

    def _run(
        self, task: Task, engine: str, workers: int | None, meter: Meter
    ) -> Generator[dict[str, Any], None, None]:
        sizes, is_done, found = self.plan.sizes, self.unfinished.is_done, self.unfinished.found
        units = range(len(sizes))
        waiting = [unit for unit in units if not is_done(unit)]
        if done := len(units) - len(waiting):
            print(f"going on: {done:,} of {len(units):,} units are done", flush=True)
        # A unit of no bytes is a unit all the same.
        left = sum(max(sizes[unit], 1) for unit in waiting)
        engine, workers = engines.choose(engine, workers, len(waiting), left)
        read = yielded = 0
        run = engines.run(task, waiting, engine=engine, workers=workers, is_done=is_done)
        try:
            with meter, contextlib.closing(run):
                for unit in run:
                    rows = found(unit)["rows"]
                    read += max(sizes[unit], 1)
                    meter.total = round((meter.done + rows) / read * left)
                    meter.add(rows)
                    while yielded < len(units) and is_done(yielded):
                        yield found(yielded)
                        yielded += 1
        except InputError as error:
            if any(map(is_done, units)):
                raise _CanGoOn(str(error)) from error
            raise
        # A worker that was killed left what it was writing; none is at work now.
        for stale in self.folder.rglob(".*.partial-*"):
            stale.unlink()
        for unit in units[yielded:]:
            yield found(unit)


@contextlib.contextmanager
def begin(out: Path, plan: Plan, overwrite: bool, changed: Callable[[], list[FileFacts]]) -> Iterator[Stage]:
    """Begin or go on with a verb's work; at the end of the block its folder becomes `out` in one rename.

    The block must write a manifest before it ends. After an InputError before a unit was done, or after all
    were, nothing is left; after any other end, what is done stays for the next time.

    Args:
        out: the folder to be made.
        plan: what is to be done.
        overwrite: replace what is there, and forget what an earlier try left.
        changed: looks at the inputs again.

    Raises:
        InputError: `out` is occupied, another process makes it, an earlier try did something else, or an
            input has changed.
        Stopped: Ctrl-C.
    """
    unfinished = _unfinished(out)
    if unfinished.root.is_symlink():
        raise InputError(f"{unfinished.root} is a link, where {out} is to grow: remove it")
    if unfinished.root.is_dir() and not unfinished.folder.exists():
        # A try that was killed after its rename, or before it began.
        with _alone(unfinished.root, out):
            shutil.rmtree(unfinished.root)
    artifacts.refuse_occupied(out, overwrite, plan.kind)
    plan_path = unfinished.root / "plan.json"
    with _alone(unfinished.root, out):
        if overwrite or not plan_path.is_file():
            for path in (unfinished.folder, unfinished.root / "units"):
                shutil.rmtree(path, ignore_errors=True)
                path.mkdir()
            atomic.write_json(plan_path, plan.as_dict())
        else:
            _check_same(out, json.loads(plan_path.read_text(encoding="utf-8")), plan)
        try:
            with contextlib.ExitStack() as at_work:
                yield Stage(unfinished, plan, at_work)
            _check_inputs(plan.inputs, changed(), "changed while it was read", "begin anew with --overwrite")
            artifacts.refuse_occupied(out, overwrite, plan.kind)  # another process may have made it just now
        except _CanGoOn:
            raise
        except InputError:
            shutil.rmtree(unfinished.root)
            raise
        except KeyboardInterrupt:
            message = "stopped; what is done stays, and the same command goes on with it"
            raise Stopped(signal.SIGINT, message) from None
        if not (unfinished.folder / artifacts.MANIFEST).is_file():
            raise AssertionError(f"nothing described {out}: write_manifest was not called")
        manifest = artifacts.read_manifest(unfinished.folder, plan.kind or None)
        atomic.write_json(unfinished.folder / artifacts.MANIFEST, asdict(replace(manifest, plan=plan.digest)))
        atomic.replace_folder(unfinished.folder, out)
        shutil.rmtree(unfinished.root)


class _CanGoOn(InputError):  # noqa: N818 - as InputError itself, it says what is so
    """What was done stays."""


def _alone(folder: Path, out: Path) -> AcquireReturnProxy:
    """Keep other processes of this machine from making the same folder; the lock goes with the process."""
    with artifacts.being_made(out):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        return FileLock(folder / "lock", blocking=False).acquire()
    except (Timeout, FileNotFoundError) as error:  # the latter where the other has just ended
        raise _CanGoOn(
            f"{out} is being made by another process: wait for it, or name another --out"
        ) from error


def _check_same(out: Path, before: dict[str, Any], plan: Plan) -> None:
    """Raise InputError unless an earlier try was to do the same with the same input."""
    again = f"an earlier try to make {out} was cut short, and "
    cure = "to go on with it, undo that; or begin anew with --overwrite"
    now = plan.as_dict()
    _check_inputs(
        [FileFacts(**file) for file in before["inputs"]], plan.inputs, f"changed since {again}", cure
    )
    differing = [
        f"--{name.replace('_', '-')} was {before['options'].get(name)}, now {value}"
        for name, value in now["options"].items()
        if before["options"].get(name) != value
    ]
    differing += [
        f"{name} was {before[name]}, now {now[name]}"
        for name in ("verb", "weakly", "units")
        if before[name] != now[name]
    ]
    if differing:
        raise _CanGoOn(f"{again}it was made otherwise ({'; '.join(differing)}): {cure}")


def _check_inputs(before: Sequence[FileFacts], now: Sequence[FileFacts], said: str, cure: str) -> None:
    found = {file.path: file for file in now}
    for file in before:
        if file.path not in found:
            raise _CanGoOn(f"{file.path} is no longer among the posts: {cure}")
        if difference := file.difference(found[file.path]):
            raise _CanGoOn(f"{file.path} {said.removesuffix(', and ')} ({difference}): {cure}")
    if new := found.keys() - {file.path for file in before}:
        raise _CanGoOn(f"{min(new)} was not among the posts when it was begun: {cure}")
