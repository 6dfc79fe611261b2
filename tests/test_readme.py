"""What the README says to type is typed, every command and its Python, on photos drawn here; and every option
that a document names is in the help of its command."""

import csv
import functools
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
DOCUMENTS = [README, *sorted((ROOT / "docs").rglob("*.md"))]

TINY = "--model resnext14_32x4d --size 32 --passes 0.2 --batch 8"
SMALLER = {
    "weakly pretrain": TINY,
    "torchrun --nproc-per-node 8": f"{TINY} --out run_of_two",
}
"""What is added to the README's commands, by how they begin: a smaller size, so that they take seconds."""
INSTEAD = {
    "torchrun --nproc-per-node 8": f"{sys.executable} -m torch.distributed.run --nproc-per-node 2",
    "weakly": f"{sys.executable} -m weakly",
}
"""What stands for the beginning of a command: this Python's own, and two processes for eight."""
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z0-9.-]*[a-z0-9](?!\w)")
"""An option as ours are written: without underscores."""
pytestmark = pytest.mark.slow


def blocks(document: Path, language: str = "") -> list[str]:
    """The code blocks of a document: the indented ones, or those fenced under a language."""
    text = document.read_text(encoding="utf-8")
    if language:
        return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    found = re.findall(r"(?:^ {4}.*\n(?:\s*\n(?= {4}))?)+", text, re.MULTILINE)
    return [re.sub(r"^ {4}", "", block, flags=re.MULTILINE) for block in found]


def commands(document: Path, *programs: str) -> Iterator[str]:
    """The command lines of a document that begin with one of these words, each in one line and in order."""
    for block in blocks(document):
        for line in block.replace("\\\n", " ").splitlines():
            if line.split(maxsplit=1)[:1] and line.split()[0] in programs:
                yield re.sub(r"\s+(#|\().*", "", line).strip()


@functools.cache
def options_of(*command: str) -> frozenset[str]:
    """The options that a command's own help names."""
    plain = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, *command, "--help"], capture_output=True, text=True, check=False, cwd=ROOT, env=plain
    )
    assert done.returncode == 0, f"{command} has no help: {done.stdout[-500:]}{done.stderr[-500:]}"
    return frozenset(OPTION.findall(done.stdout))


@functools.cache
def verbs() -> tuple[str, ...]:
    """The verbs that the command line's own help names."""
    done = subprocess.run(
        [sys.executable, "-m", "weakly", "--help"], capture_output=True, text=True, check=True
    )
    (found,) = re.findall(r"\{([a-z,\s]+)\}", done.stdout)
    return tuple("".join(found.split()).split(","))


def run(command: str, folder: Path) -> None:
    done = subprocess.run(shlex.split(command), cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"$ {command}\n{done.stdout[-1500:]}{done.stderr[-1500:]}"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the reader has it: photos/, target/, new.jpg, posts.csv with the README's lines first."""
    folder = tmp_path_factory.mktemp("readme")
    run(f"{INSTEAD['weakly']} toyworld --out world --images 300 --target-per-class 6", folder)
    (sample,) = (block for block in blocks(README) if block.startswith("image,caption"))
    (folder / "posts.csv").write_text(sample, encoding="utf-8")
    for made, name in (("images", "photos"), ("target", "target")):
        (folder / "world" / made).rename(folder / name)
    photo = next((folder / "target" / "test").rglob("*.*"))
    Image.open(photo).convert("RGB").save(folder / "new.jpg")
    for row in csv.DictReader(sample.splitlines()):
        (folder / "photos" / row["image"]).parent.mkdir(exist_ok=True)
        shutil.copy(folder / "new.jpg", folder / "photos" / row["image"])
    with (folder / "posts.csv").open("a", encoding="utf-8", newline="") as file:
        for line in (folder / "world" / "posts.jsonl").read_text(encoding="utf-8").splitlines():
            post = json.loads(line)
            csv.writer(file).writerow([post["image"], post["caption"]])
    return folder


@pytest.fixture(scope="module")
def after_the_commands(home: Path) -> Path:
    """The same folder, after every command of the README that starts weakly."""
    for command in commands(README, "weakly", "torchrun"):
        begin = next(begin for begin in INSTEAD if command.startswith(begin))
        added = [SMALLER[begin] for begin in SMALLER if command.startswith(begin)]
        run(" ".join([INSTEAD[begin] + command.removeprefix(begin), *added]), home)
    return home


def test_the_commands_of_the_readme_run_in_their_order(after_the_commands: Path) -> None:
    made = {path.parent.name for path in after_the_commands.glob("*/manifest.json")}
    assert made >= {"vocabulary", "training_set", "run", "run_of_two", "report"}
    assert len(list((after_the_commands / "run" / "results").iterdir())) == 2, "trained and untrained"


def test_the_python_of_the_readme_runs(after_the_commands: Path) -> None:
    (block,) = blocks(README, "python")
    done = subprocess.run(
        [sys.executable, "-c", block], cwd=after_the_commands, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1, "the name of a label"


def check_options(command: str) -> frozenset[str]:
    """Assert that a command of ours has the options that it is given; returns all that it has."""
    own = re.search(r"(?:^|/|-m )weakly ([a-z]+)|((?:benchmarks|scripts)/\w+\.py)", command)
    if not own:
        return frozenset()
    there = options_of("-m", "weakly", own[1]) if own[1] else options_of(own[2])
    assert set(OPTION.findall(command[own.end() :])) <= there, command
    return there


def test_the_makefile_has_what_documents_ask_it_for() -> None:
    for document in [*DOCUMENTS, ROOT / "CONTRIBUTING.md"]:
        text = document.read_text(encoding="utf-8")
        for target in set(re.findall(r"(?:^ {4}|`)make ([\w-]+)", text, re.MULTILINE)):
            done = subprocess.run(
                ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
            for command in done.stdout.splitlines():
                check_options(command)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_options_that_a_document_names_exist(document: Path) -> None:
    every = frozenset[str]().union(*(options_of("-m", "weakly", verb) for verb in verbs()))
    for command in commands(document, "weakly", "python", "torchrun", "PYTHONPATH=src"):
        every |= check_options(command)
    prose = re.sub(r"^```.*?^```|^ {4}.*?$", "", document.read_text(encoding="utf-8"), flags=re.M | re.S)
    every = every.union(*map(options_of, re.findall(r"`(benchmarks/\w+\.py)", prose)))
    assert set(OPTION.findall(prose)) <= every
