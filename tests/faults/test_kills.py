"""A kill before any change of a file, in every verb: the same command then ends with the same content.

The quick form tries a few changes of each verb; `WEAKLY_FAULTS=1000 pytest -s tests/faults` tries them all,
twice for a folder that is replaced.
"""

import shlex
from pathlib import Path

import pytest

from tests.faults import harness, small_world
from tests.faults.small_world import COMMANDS, Command

QUICK = 5


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What there is before each verb runs, by its name; all of it lies at one path when it is made."""
    root = tmp_path_factory.mktemp("stages")
    work = small_world.make(root / "work")
    found = {}
    for command in COMMANDS:
        found[command.name] = harness.fresh(work, root / command.name)
        done = harness.run(shlex.split(command.arguments), work)
        assert done.status == 0, done
    return found


def changes_of(command: Command, given: Path, work: Path, overwrite: bool) -> tuple[int, dict[str, str]]:
    """How many changes of files a verb makes, and what it leaves."""
    harness.fresh(given, work)
    if overwrite:
        assert harness.run(shlex.split(command.arguments), work).status == 0
    flags = " --overwrite" if overwrite else ""
    done = harness.run(shlex.split(command.arguments + flags), work, harness.counted(work.parent / "count"))
    assert done.status == 0, done
    assert not harness.left_over(work)
    return int((work.parent / "count").read_text()), harness.content(work / command.out)


@pytest.mark.parametrize("overwrite", [False, True], ids=["made", "replaced"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_kill_before_any_change_of_a_file_loses_nothing(
    command: Command, overwrite: bool, stages: dict[str, Path], tmp_path: Path
) -> None:
    if overwrite and not command.replaces:
        pytest.skip(f"{command.name} has no --overwrite")
    given, work = stages[command.name], stages[command.name].parent / "work"
    changes, expected = changes_of(command, given, work, overwrite)
    places = range(changes) if harness.LONG else sorted({changes * k // QUICK for k in range(QUICK)})
    kills, lost = 0, []
    for number in places:
        harness.fresh(given, work)
        arguments = shlex.split(command.arguments)
        again = [*arguments, *command.again.split()]
        if overwrite:
            assert harness.run(arguments, work).status == 0
            arguments.append("--overwrite")
            again = arguments
        kills += harness.run(arguments, work, harness.at_change(number, harness.killed)).status == -9
        second = harness.run(again, work)
        found = harness.content(work / command.out) if (work / command.out).is_dir() else {}
        differing = sorted(name for name in found.keys() | expected if found.get(name) != expected.get(name))
        if second.status != 0 or differing or harness.left_over(work):
            lost.append((number, second.status, second.err[-300:], differing[:5], harness.left_over(work)))
    print(f"{command.name}: {kills} kills at {changes} changes of files, {len(lost)} lost or different")
    assert not lost, lost[:3]
    assert kills >= len(places) - 2  # the last changes may come when the process counts no more
