import os
import resource
import shlex
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

import weakly
from weakly import cli, command_line
from weakly.corpus.training_set import training_set
from weakly.corpus.vocabulary import vocabulary
from weakly.demo.run import DemoOptions, steps
from weakly.options import declared
from weakly.reports import report
from weakly.toyworld import world
from weakly.training import run_folder


def run(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "weakly", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **(environment or {})},
    )


def test_help_names_every_verb_and_is_quick() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = run("--help")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0
    for verb in cli.VERBS:
        assert f"• {verb.name} " in done.stdout
    # Half a second on a quiet machine, most of it the interpreter's own start.
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    assert seconds < 1.0


@pytest.mark.parametrize("verb", cli.VERBS, ids=lambda verb: verb.name)
def test_help_of_a_verb_says_what_every_option_is(
    verb: cli.Verb[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main([verb.name, "--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    assert text.startswith(f"usage: weakly {verb.name} ")
    assert (verb.options.__doc__ or "").splitlines()[0][:40] in " ".join(text.split())
    for option in declared(verb.options):
        if option.name != "columns":
            assert option.label in text, option.label
    assert "--dry-run" in text
    assert "None" not in text.replace("or none.", "")


def parse(line: str) -> tuple[cli.Verb[Any], Any, bool]:
    verb, words = cli.find_verb(shlex.split(line))
    assert verb is not None
    parsed = command_line.parse(verb.options, words)
    assert parsed is not None
    return (verb, *parsed)


def faults(line: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the command line prints of words that are at fault."""
    with pytest.raises(SystemExit) as stopped:
        cli.main(shlex.split(line))
    assert stopped.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err.splitlines()


def test_options_reach_their_dataclass() -> None:
    verb, options, dry_run = parse(
        "vocab a.csv b.csv --out v --select top:50 --min_count 3 --columns.caption=--text --dry-run"
    )
    assert verb.name == "vocab"
    assert options.posts == ("a.csv", "b.csv")
    assert (options.out, options.select, options.min_count) == (Path("v"), "top:50", 3)
    assert options.columns.caption == "--text"
    assert dry_run
    _, options, dry_run = parse("pretrain set --out run --images 64 --resume --skip-norm-decay --seed -3")
    assert options == weakly.PretrainOptions(
        Path("set"), Path("run"), images=64, resume=True, skip_norm_decay=True, seed=-3
    )
    assert not dry_run
    _, options, _ = parse("probe run --untrained --to folder:a folder:b --workers None")
    assert (options.run, options.to, options.workers) == (Path("run"), ("folder:a", "folder:b"), None)
    _, options, _ = parse("pretrain set --out -y")
    assert options.out == Path("-y")
    _, options, _ = parse("tag run --top 2 -- --odd.jpg")
    assert options.photos == ("--odd.jpg",)


def test_all_faults_of_the_words_come_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert faults("pretrain --pases 3 --batch 0 --lr fast --xyzzy=4 --momentum", capsys) == [
        "weakly pretrain: --pases is no option; did you mean --passes?",
        "weakly pretrain: --xyzzy is no option",
        "weakly pretrain: TRAINING_SET is missing",
        "weakly pretrain: --out is missing",
        "weakly pretrain: --batch 0: expected 1 or more",
        "weakly pretrain: --lr fast: expected a number",
        "weakly pretrain: --momentum has no value",
    ]
    assert faults(
        "pretrain set more --resum --out r --loss hinge --tensorboard=3 --size --dry-rn", capsys
    ) == [
        "weakly pretrain: --resum is no option; did you mean --resume?",
        "weakly pretrain: --tensorboard takes no value",
        "weakly pretrain: --dry-rn is no option; did you mean --dry-run?",
        "weakly pretrain: more: a word too many",
        "weakly pretrain: --size has no value",
        "weakly pretrain: --loss hinge: expected one of softmax, sigmoid",
    ]
    assert faults("probe --untraind run", capsys) == [
        "weakly probe: --untraind is no option; did you mean --untrained?",
        "weakly probe: --to is missing",
    ]
    assert faults("vocab p --columns.captoin text --out v --columns.image", capsys) == [
        "weakly vocab: --columns.captoin is no option; did you mean --columns.caption?",
        "weakly vocab: --columns.image has no value",
    ]
    assert faults("pretrain set --out run --passes 1 --images 5 --keep 0", capsys) == [
        "weakly pretrain: --keep 0: expected 1 or more",
        "weakly pretrain: --passes and --images both say how long to train: give one of them",
    ]


def test_a_misspelt_verb_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert faults("pretain set --out run", capsys) == ["weakly: pretain is no verb; did you mean pretrain?"]
    (line,) = faults("--xyzzy", capsys)
    assert line.startswith("weakly: --xyzzy is no verb; expected one of demo, toyworld, vocab, ")


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["--version"])
    assert capsys.readouterr().out == f"weakly {weakly.__version__}\n"


def test_nothing_at_all_is_a_call_for_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main([])
    assert stopped.value.code == 0
    assert capsys.readouterr().out.startswith("usage: weakly ")


def test_what_is_wrong_with_the_input_is_one_line(tmp_path: Path) -> None:
    done = run("vocab", str(tmp_path / "none.jsonl"), "--out", str(tmp_path / "v"))
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stderr.startswith("weakly vocab: ")
    assert "none.jsonl" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_says_what_would_be_done_and_does_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], colour_set: Path
) -> None:
    posts = tmp_path / "posts.csv"
    posts.write_text("image,caption\na.jpg,#cats\n")
    cli.main(["vocab", str(posts), "--out", str(tmp_path / "v"), "--dry-run"])
    assert "1 files of posts" in capsys.readouterr().out
    cli.main(["pretrain", str(colour_set), "--out", str(tmp_path / "run"), "--batch", "16", "--dry-run"])
    said = capsys.readouterr().out
    assert "90 images, 5 labels" in said
    assert "schedule         halving" in said
    cli.main(["demo", "--out", str(tmp_path / "demo"), "--dry-run"])
    assert "weakly pretrain" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["posts.csv"]
    with pytest.raises(SystemExit) as stopped:
        cli.main(["vocab", str(posts), "--out", str(tmp_path), "--dry-run"])
    assert stopped.value.code == 2


def test_a_dry_run_refuses_what_overwriting_would(
    capsys: pytest.CaptureFixture[str], colour_set: Path
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["pretrain", str(colour_set), "--out", str(colour_set), "--overwrite", "--dry-run"])
    assert stopped.value.code == 2
    assert "is a training-set, which --overwrite does not replace by a run" in capsys.readouterr().err
    assert {verb.name: verb.kind for verb in cli.VERBS if verb.kind} == {
        "toyworld": world.KIND,
        "vocab": vocabulary.KIND,
        "label": training_set.KIND,
        "takedown": training_set.KIND,
        "shrink": training_set.KIND,
        "pretrain": run_folder.KIND,
        "report": report.KIND,
    }


def test_dry_run_may_stand_anywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ("--dry-run demo --posts 7", "demo --dry-run --posts 7", "demo --posts 7 --dry-run"):
        cli.main([*words.split(), "--out", str(tmp_path / "demo")])
        assert "--images 7" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_the_commands_of_the_demo_are_commands() -> None:
    for step in steps(DemoOptions(Path("a folder"), posts=7, passes=0.5, seed=3, overwrite=True)):
        weakly_itself, *words = shlex.split(step.command)
        verb, options, dry_run = parse(shlex.join(words))
        assert (weakly_itself, verb.name, options, dry_run) == ("weakly", step.verb, step.options, False)


@pytest.mark.parametrize("verb", ["--help", "vocab --help", "show"])
def test_a_reader_may_go_early(verb: str, colour_set: Path) -> None:
    command = [sys.executable, "-m", "weakly", *verb.split(), *([str(colour_set)] if verb == "show" else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0


def test_names_that_a_terminal_cannot_show_are_escaped(tmp_path: Path) -> None:
    done = run("show", str(tmp_path / "猫"), environment={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 2
    assert "\\u732b" in done.stderr
    assert "\\u2022 pretrain" in run("--help", environment={"PYTHONIOENCODING": "ascii"}).stdout


def test_an_interrupt_ends_it_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "VERBS", (cli.Verb("show", weakly.ShowOptions, interrupted),))
    with pytest.raises(SystemExit) as stopped:
        cli.main(["show", "x"])
    assert stopped.value.code == 130


def test_importing_weakly_is_cheap_and_its_names_are_one_thing_each() -> None:
    """The rooms stay modules, and the verbs functions, whatever has been called or imported before."""
    script = (
        "import sys, types, weakly\n"
        "heavy = {'torch', 'numpy', 'pyarrow', 'numba', 'ray', 'timm', 'PIL', 'tyro', 'rich'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "before = {name: getattr(weakly, name) for name in [*weakly.__all__, 'demo', 'toyworld']}\n"
        "import weakly.demo.run, weakly.toyworld.world, weakly.transfer.probe, weakly.transfer.tag\n"
        "import weakly.reports.show, weakly.reports.report, weakly.training.loop\n"
        "assert before == {name: getattr(weakly, name) for name in before}\n"
        "assert isinstance(weakly.demo, types.ModuleType) and isinstance(weakly.toyworld, types.ModuleType)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_types_are_shipped() -> None:
    assert resources.files(weakly).joinpath("py.typed").is_file()


def test_the_same_command_again_is_already_done(tmp_path: Path) -> None:
    posts = tmp_path / "posts.csv"
    posts.write_text("image,caption\na.jpg,#dog\n")
    command = ["vocab", str(posts), "--out", str(tmp_path / "v")]
    assert run(*command).returncode == 0
    made = (tmp_path / "v" / "manifest.json").read_bytes()
    (tmp_path / ".v.unfinished").mkdir()  # as a kill after the rename leaves it
    again = run(*command)
    assert (again.returncode, again.stderr) == (0, "")
    assert "already made" in again.stdout
    assert (tmp_path / "v" / "manifest.json").read_bytes() == made
    assert sorted(path.name for path in tmp_path.iterdir()) == ["posts.csv", "v"]
    assert run(*command, "--min-count", "2").returncode == 2
    posts.write_text("image,caption\na.jpg,#cat\n")
    changed = run(*command)
    assert changed.returncode == 2
    assert "already holds something" in changed.stderr
