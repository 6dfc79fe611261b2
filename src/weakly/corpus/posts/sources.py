"""Which files the user's POSTS are: names, patterns and folders, to a list of files of known kinds.

In: what stood on the command line. Out: paths, each once, in order. Faults are found before reading starts.
"""

import glob
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from weakly.errors import InputError

KINDS = {
    ".parquet": "Parquet",
    ".jsonl": "JSON lines",
    ".ndjson": "JSON lines",
    ".csv": "CSV",
    ".tsv": "TSV",
    ".tar": "tar",
}
_ZIPPABLE = ("JSON lines", "CSV", "TSV")
READ = ".parquet, .jsonl, .ndjson, .csv, .tsv (the last four also with .gz) or .tar"
_ZIPPED_TARS = (".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst")


def expand(sources: Sequence[str]) -> list[Path]:
    """The files that the sources name.

    Args:
        sources: files, patterns (`posts/*.jsonl`, `**` for any depth), or folders. A pattern gives its files
            in sorted order; a folder all posts below it, which must be of one kind, in sorted order, hidden
            files and those that start with `_` left out.

    Raises:
        InputError: nothing is there or matches, a file is of no kind that is read, a folder holds several
            kinds, or a file is named twice.
    """
    if not sources:
        raise InputError(f"no posts were named: give files, patterns or folders of {READ}")
    named_by: dict[Path, str] = {}
    files: list[Path] = []
    for source in sources:
        for path in _expand_one(source):
            kind_of(path)
            first = named_by.setdefault(path.resolve(), source)
            if len(named_by) == len(files):
                raise InputError(f"{path} is named twice, by {first!r} and by {source!r}: name it once")
            files.append(path)
    return files


class HasPosts(Protocol):
    """Options of a verb that reads posts."""

    @property
    def posts(self) -> tuple[str, ...]: ...  # noqa: D102


def plan(options: HasPosts) -> str:
    """The files that a verb would read, for people; reads none."""
    files = expand(options.posts)
    size = sum(file.stat().st_size for file in files) / 1e6
    shown = [f"  {file}" for file in files[:5]] + [f"  and {len(files) - 5:,} more"] * (len(files) > 5)
    return "\n".join([f"{len(files):,} files of posts, {size:,.1f} MB", *shown])


def kind_of(path: Path) -> str:
    """The kind of file, a value of `KINDS`, by its name; InputError where it is none that is read."""
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise InputError(f"{str(path)!r} is no UTF-8, and no post could name it: rename the file") from error
    name = path.name.lower()
    if name.endswith(_ZIPPED_TARS):
        raise InputError(
            f"{path} is a compressed tar; images are read from their place inside a tar, which must be "
            "uncompressed: unpack it to .tar"
        )
    kind = KINDS.get(Path(name.removesuffix(".gz")).suffix)
    if kind is None:
        raise InputError(f"{path} is of no kind that is read: expected {READ}")
    if name.endswith(".gz") and kind not in _ZIPPABLE:
        raise InputError(f"{path} is gzipped, which is not read for {kind}: gunzip it")
    return kind


def _expand_one(source: str) -> list[Path]:
    path = Path(source)
    if path.is_dir():
        return _posts_below(path)
    if path.exists():
        return [path]
    if not glob.has_magic(source):
        raise InputError(f"{source} does not exist: give a file, a pattern or a folder of {READ}")
    matches = [Path(match) for match in sorted(glob.glob(source, recursive=True))]  # noqa: PTH207 (absolute patterns too)
    files = [match for match in matches if not match.is_dir()]
    if not matches:
        raise InputError(f"nothing matches {source!r}: give a file, a pattern or a folder of {READ}")
    return files or [file for folder in matches for file in _posts_below(folder)]


def _posts_below(folder: Path) -> list[Path]:
    """All posts below a folder, at any depth."""
    by_kind: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if any(part.startswith((".", "_")) for part in path.relative_to(folder).parts) or path.is_dir():
            continue
        kind = KINDS.get(Path(path.name.lower().removesuffix(".gz")).suffix)
        if kind is not None:
            by_kind.setdefault(kind, []).append(path)
    if not by_kind:
        raise InputError(f"folder {folder} holds no posts: expected files of {READ}")
    if len(by_kind) > 1:
        # img2dataset leaves a Parquet file beside each tar, about the same images.
        found = ", ".join(f"{len(paths)} of {kind}" for kind, paths in by_kind.items())
        example = folder / f"*{next(iter(by_kind.values()))[0].suffix}"
        raise InputError(
            f"folder {folder} holds posts of several kinds ({found}), perhaps the same ones twice: name "
            f"those to read by a pattern, for instance '{example}'"
        )
    return next(iter(by_kind.values()))
