import resource
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from weakly import cli
from weakly.corpus.training_set import training_set
from weakly.corpus.vocabulary import vocabulary
from weakly.demo.run import DemoOptions, commands
from weakly.reports import report
from weakly.toyworld import world
from weakly.training import run_folder


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "weakly", *arguments], capture_output=True, text=True, check=False
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


@pytest.mark.parametrize("verb", [verb.name for verb in cli.VERBS])
def test_help_of_a_verb_says_what_every_option_is(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.parse([verb, "--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    (options,) = [candidate.options for candidate in cli.VERBS if candidate.name == verb]
    assert (options.__doc__ or "").splitlines()[0][:40] in " ".join(text.split())
    for name in options.__dataclass_fields__:
        if name != "columns":
            flag = f"--{name.replace('_', '-')}"
            by_place = name in next(v.by_place for v in cli.VERBS if v.name == verb)
            assert by_place or flag in text, flag


def test_options_reach_their_dataclass() -> None:
    verb, options = cli.parse(
        shlex.split("vocab a.csv b.csv --out v --select top:50 --min-count 3 --columns.caption text")
    )
    assert verb.name == "vocab"
    assert options.posts == ("a.csv", "b.csv")
    assert (options.out, options.select, options.min_count) == (Path("v"), "top:50", 3)
    assert options.columns.caption == "text"
    _, options = cli.parse(shlex.split("pretrain set --out run --images 64 --resume --skip-norm-decay"))
    assert options.resume
    assert options.skip_norm_decay
    assert options.images == 64


def test_a_misspelt_flag_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.parse(["pretrain", "set", "--out", "run", "--pases", "3"])
    assert "--passes" in capsys.readouterr().err


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
        "pretrain": run_folder.KIND,
        "report": report.KIND,
    }


def test_the_commands_of_the_demo_are_commands() -> None:
    options = DemoOptions(Path("a folder"), posts=7, overwrite=True)
    verbs = [cli.parse(shlex.split(command)) for _, command in commands(options)]
    assert [verb.name for verb, _ in verbs] == [
        "toyworld", "vocab", "label", "pretrain", "probe", "probe", "report"
    ]  # fmt: skip
    assert verbs[0][1].images == 7
    assert verbs[0][1].out == Path("a folder/world")
    assert all(options.overwrite for _, options in verbs if hasattr(options, "overwrite"))


def test_a_reader_of_the_help_may_go_early() -> None:
    command = [sys.executable, "-m", "weakly", "vocab", "--help"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0
