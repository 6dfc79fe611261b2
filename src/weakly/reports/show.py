"""Any folder that weakly wrote -> plain text: its manifest and a few samples.

In: a folder with a manifest. Out: lines on the terminal; nothing is written and no photo is opened.
"""

import itertools
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from weakly.artifacts import Manifest, read_manifest
from weakly.corpus.training_set.training_set import KIND as TRAINING_SET
from weakly.corpus.training_set.training_set import TrainingSet
from weakly.corpus.vocabulary.vocabulary import KIND as VOCABULARY
from weakly.corpus.vocabulary.vocabulary import Vocabulary, open_vocabulary
from weakly.reports.options import ShowOptions
from weakly.training import run_folder

_LONGEST = 100
"""Characters shown of one value."""
_ITEMS = 8
"""Entries shown of one list or mapping."""


class _Terminal(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the command line what becomes of output that nobody reads any more."""
        raise BrokenPipeError


def show(options: ShowOptions) -> None:
    """Print what a folder holds.

    Raises:
        InputError: the folder is missing, foreign, from a newer weakly, or has lost a file.
    """
    folder = options.artifact.resolve()
    manifest = read_manifest(folder)
    console = _Terminal(highlight=False)
    console.print(f"[bold]{escape(str(folder))}[/bold]", soft_wrap=True)
    written = f"{manifest.kind}, fingerprint {manifest.fingerprint}, written by weakly {manifest.weakly}"
    console.print(written, soft_wrap=True)
    for title, values in (
        ("options", manifest.options),
        ("inputs", manifest.inputs),
        ("facts", manifest.facts),
        ("files", {name: f"{size:,} bytes" for name, size in manifest.files.items()}),
    ):
        _print_mapping(console, title, values)
    if manifest.kind in _SAMPLES:
        _SAMPLES[manifest.kind](console, folder, manifest, options.samples)


def _print_mapping(console: Console, title: str, values: dict[str, Any]) -> None:
    if not values:
        return
    console.print(f"\n[bold]{title}[/bold]")
    for name, value in list(values.items())[:40]:
        console.print(f"  {escape(str(name))}  {escape(shorten(value))}", soft_wrap=True)
    if len(values) > 40:
        console.print(f"  and {len(values) - 40:,} more")


def shorten(value: Any) -> str:
    """A JSON value on one line: the first entries of what is long, whole numbers with separators."""
    match value:
        case bool() | None:
            return str(value)
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.6g}"
        case dict():
            inner = [f"{key}: {shorten(item)}" for key, item in list(value.items())[:_ITEMS]]
            more = [f"{len(value) - _ITEMS:,} more"] if len(value) > _ITEMS else []
            return "{" + ", ".join(inner + more) + "}"
        case list() | tuple():
            inner = [shorten(item) for item in value[:_ITEMS]]
            more = [f"{len(value) - _ITEMS:,} more"] if len(value) > _ITEMS else []
            return "[" + ", ".join(inner + more) + "]"
    text = str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _print_table(
    console: Console, title: str, columns: Iterable[str], rows: Sequence[Sequence[str]], none: str = ""
) -> None:
    """Print rows under a title, or the line `none`; a column whose name ends in a colon holds numbers."""
    if not rows:
        if none:
            console.print(f"\n{none}")
        return
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for name in columns:
        numeric = name.endswith(":")
        table.add_column(
            name.rstrip(":"), justify="right" if numeric else "left", no_wrap=numeric, overflow="fold"
        )
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    console.print()
    console.print(table)


def _show_vocabulary(console: Console, folder: Path, manifest: Manifest, samples: int) -> None:
    vocabulary = open_vocabulary(folder)
    _print_labels(console, vocabulary, samples)
    merges = [
        (merge["name"], f"{sum(merge['spellings'].values()):,}", _with_posts(merge["spellings"].items()))
        for merge in vocabulary.facts["largest_merges"][:samples]
    ]
    _print_table(console, "largest merges", ("name", "hashtags:", "spellings and their posts"), merges)
    left_out = [
        (f"#{row['hashtag']}", f"{row['posts']:,}", row["reason"])
        for row in vocabulary.facts["left_out"][:samples]
    ]
    _print_table(console, "commonest hashtags left out", ("hashtag", "posts:", "reason"), left_out)


def _with_posts(spellings: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"#{spelling} {posts:,}" for spelling, posts in itertools.islice(spellings, _ITEMS))


def _print_labels(console: Console, vocabulary: Vocabulary, samples: int) -> None:
    size = len(vocabulary)
    head = range(min(size, samples))
    tail = range(max(len(head), size - samples), size)
    for title, labels in (("commonest labels", head), ("rarest labels", tail)):
        rows = []
        for label in labels:
            row = vocabulary.table.slice(label, 1).to_pylist()[0]
            spellings = sorted(zip(row["spelling_counts"], row["spellings"], strict=True), reverse=True)
            met = _with_posts((spelling, posts) for posts, spelling in spellings if posts)
            rows.append((f"{label:,}", row["name"], f"{row['count']:,}", met))
        if rows:
            _print_table(console, title, ("label:", "name", "posts:", "spellings and their posts"), rows)


def _show_training_set(console: Console, folder: Path, manifest: Manifest, samples: int) -> None:
    # The rows can be shown where the photos are not: a table is worth reading on any machine.
    training_set = TrainingSet(folder, Path(manifest.facts["root"]), manifest)
    names = training_set.vocabulary.names
    rows = []
    for row in np.unique(np.linspace(0, len(training_set) - 1, samples).round().astype(int)).tolist():
        path, offset, size = training_set.location(row)
        place = str(path.relative_to(training_set.root)) + (f" at {offset:,}" if offset else "")
        labels = ", ".join(names[label] for label in training_set.labels(row))
        rows.append((f"{row:,}", training_set.post_id(row), labels, place, f"{size:,}"))
    _print_table(console, "rows, evenly spaced", ("row:", "post", "labels", "image", "bytes:"), rows)
    order = np.argsort(-training_set.label_counts, kind="stable")[:samples].tolist()
    counted = [(names[label], f"{training_set.label_counts[label]:,}") for label in order]
    _print_table(console, "labels with most images", ("label", "images:"), counted)


def _show_run(console: Console, folder: Path, manifest: Manifest, samples: int) -> None:
    from weakly.training.checkpoint import complete
    from weakly.training.log import LOG, read_lines
    from weakly.transfer.results import load_results

    rows = [
        (
            f"{line.images:,}",
            f"{line.passes:.2f}",
            f"{line.loss:.4f}",
            f"{line.lr:.5f}",
            f"{line.images_per_second:,.0f}",
            f"{line.waiting:.1%}",
            f"{line.corrupt:,}",
        )
        for line in read_lines(folder / LOG)[-samples:]
    ]
    columns = ("images:", "passes:", "loss:", "rate:", "images/s:", "waiting:", "corrupt:")
    _print_table(console, "last lines of the log", columns, rows, "the log has no line yet")
    checkpoints = [(path.name,) for path in complete(folder)]
    _print_table(console, "checkpoints", ("folder",), checkpoints, "no checkpoint yet")
    measured = [
        (
            result.task,
            result.protocol,
            "untrained" if result.untrained else f"{result.images_seen:,} images",
            f"{result.metric} {result.value:.2%}",
            f"{result.n:,}",
        )
        for result in load_results(folder)
    ]
    _print_table(
        console,
        "results",
        ("task", "protocol", "trunk", "measured", "test images:"),
        measured,
        "no results yet",
    )


def _show_posts(console: Console, folder: Path, manifest: Manifest, samples: int) -> None:
    # A world whose posts lie in tars has the truth about them all the same.
    for path in (folder / "posts.jsonl", folder / "truth.csv"):
        if path.is_file():
            console.print(f"\n[bold]first lines of {path.name}[/bold]")
            with path.open(encoding="utf-8") as lines:
                for line in itertools.islice(lines, samples):
                    console.print(escape(line.rstrip()), soft_wrap=True)


_SAMPLES: dict[str, Callable[[Console, Path, Manifest, int], None]] = {
    VOCABULARY: _show_vocabulary,
    TRAINING_SET: _show_training_set,
    run_folder.KIND: _show_run,
    "toy-world": _show_posts,
}
