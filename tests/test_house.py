"""The rules of the house that a machine can hold: which way imports go, and how long things may be."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "weakly"
ORDER = [
    *("errors", "options", "hashing", "progress", "machine", "atomic", "artifacts", "images"),
    *("corpus.options", "corpus.arrays", "corpus.posts", "corpus.engine", "corpus.hashtags"),
    *("corpus.wordnet", "corpus.vocabulary", "corpus.training_set"),
    *("toyworld", "sampling", "kernels", "training", "evaluation_sets", "duplicates", "transfer", "studies"),
    *("reports", "demo", "cli", "__init__", "__main__"),
]
"""Each room stands on those before it and on no other."""
MODULES = sorted(SOURCE.rglob("*.py"))


def room(name: str) -> str:
    """The room of a module, by its name without the `weakly.` before it."""
    parts = name.split(".")
    return ".".join(parts[:2]) if parts[0] == "corpus" and len(parts) > 1 else parts[0]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_follow_the_arrow(path: Path) -> None:
    own = room(".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"))
    if own == "corpus":
        return  # no loose files, and nothing to import
    assert own in ORDER, f"give {own} its place among {ORDER}"
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.startswith("weakly.") and name != "weakly.__version__":
                there = room(name.removeprefix("weakly."))
                assert ORDER.index(there) <= ORDER.index(own), f"{path} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_file_is_two_ideas(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 300, f"{path} is longer than 300 lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.end_lineno:
            lines = node.end_lineno - node.lineno + 1
            # The loop is read top to bottom, in one piece.
            assert lines <= 60 or node.name == "run", f"{path}:{node.lineno} {node.name} has {lines} lines"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_compiled_loops_name_nothing_of_other_files(path: Path) -> None:
    """What Numba keeps of a loop is made anew when its file changes, and only then."""
    tree = ast.parse(path.read_text())
    imported = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("weakly")
        for alias in node.names
    }
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and "compiled" in map(ast.unparse, node.decorator_list):
            named = {n.id for line in node.body for n in ast.walk(line) if isinstance(n, ast.Name)}
            assert not named & imported, f"{path}: {node.name} is compiled and names {named & imported}"


def test_training_runs_where_only_torch_and_arrow_are_installed() -> None:
    """A bare GPU machine has no command line, no engine, no pages to write."""
    script = (
        "import sys\n"
        "absent = ('daft', 'numba', 'ray', 'pycocotools', 'tyro', 'matplotlib', 'jinja2', 'sklearn')\n"
        "absent += ('tensorboard',)\n"
        "sys.modules.update(dict.fromkeys(absent))\n"
        "import weakly.sampling.loader, weakly.training.loop, weakly.training.checkpoint\n"
        "import weakly.transfer.probe, weakly.transfer.tag, weakly.transfer.results\n"
        "assert weakly.load is weakly.training.checkpoint.load_pretrained\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_options_import_nothing_heavy() -> None:
    script = (
        "import sys; import weakly.cli\n"
        "heavy = {'torch', 'numpy', 'pyarrow', 'timm', 'PIL', 'tyro', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
