"""Which files the user's POSTS are: names, patterns and folders, to a list of files of known kinds.

In: what stood on the command line. Out: paths, each once, in order. Faults are found before reading starts.
"""

import glob
from collections.abc import Sequence
from pathlib import Path

from weakly import artifacts
from weakly.corpus.posts.remote import being_read, is_remote, to_path
from weakly.errors import InputError

YFCC100M = "YFCC100M"
KINDS = {
    ".parquet": "Parquet",
    ".jsonl": "JSON lines",
    ".ndjson": "JSON lines",
    ".csv": "CSV",
    ".tsv": "TSV",
    ".tar": "tar",
}
_ZIPPABLE = ("JSON lines", "CSV", "TSV", YFCC100M)
_ZIPS = (".gz", ".bz2")
READ = ".parquet, .jsonl, .ndjson, .csv, .tsv (the last four also with .gz or .bz2) or .tar"
ARRAY_CURE = "expected an object a line: make lines of it, as jq -c '.[]' posts.json > posts.jsonl does"
_ZIPPED_TARS = (".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst")


def expand(sources: Sequence[str]) -> list[Path]:
    """The files that the sources name.

    Args:
        sources: files, patterns (`posts/*.jsonl`, `**` for any depth), or folders. A pattern gives its files
            in sorted order; a folder all posts below it, which must be of one kind, in sorted order, hidden
            files, those that start with `_`, and folders that weakly wrote left out.

    Raises:
        InputError: nothing is there or matches, a file is of no kind that is read, a folder holds several
            kinds, or a file is named twice.
    """
    if not sources:
        raise InputError(f"no posts were named: give files, patterns or folders of {READ}")
    named_by: dict[str, str] = {}
    files: list[Path] = []
    for source in sources:
        for path in _expand_one(source):
            kind_of(path)
            real = str(path) if is_remote(str(path)) else str(path.resolve())
            first = named_by.setdefault(real, source)
            if len(named_by) == len(files):
                raise InputError(f"{path} is named twice, by {first!r} and by {source!r}: name it once")
            files.append(path)
    return files


def kind_of(path: Path) -> str:
    """The kind of a file by its name, a value of `KINDS` or YFCC100M; InputError where it is not read."""
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
    kind = _named_kind(name)
    if name.endswith(".json"):
        raise InputError(f"{path} is JSON, of which lines are read; {ARRAY_CURE}")
    if kind is None:
        raise InputError(f"{path} is of no kind that is read: expected {READ}")
    if name.endswith(_ZIPS) and kind not in _ZIPPABLE:
        raise InputError(f"{path} is compressed, which is not read for {kind}: unpack it")
    return kind


def _named_kind(name: str) -> str | None:
    bare = name.removesuffix(".gz").removesuffix(".bz2")
    kind = KINDS.get(Path(bare).suffix)
    # As it is published: yfcc100m_dataset, or yfcc100m_dataset-0.bz2 to -9.bz2.
    return YFCC100M if kind is None and bare.startswith("yfcc100m_dataset") else kind


def _expand_one(source: str) -> list[Path]:
    path = to_path(source)
    with being_read(path):
        if path.is_dir():
            return _posts_below(path)
        if path.exists():
            return [path]
    if not glob.has_magic(source):
        raise InputError(f"{source} does not exist: give a file, a pattern or a folder of {READ}")
    matches = _matches(source)
    files = [match for match in matches if not match.is_dir()]
    if not matches:
        raise InputError(f"nothing matches {source!r}: give a file, a pattern or a folder of {READ}")
    return files or [file for folder in matches for file in _posts_below(folder)]


def _matches(pattern: str) -> list[Path]:
    if not is_remote(pattern):
        return [Path(match) for match in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207 (absolute patterns too)
    path = to_path(pattern)
    store = path.fs  # pyright: ignore[reportAttributeAccessIssue] - a remote path has one
    with being_read(path):
        return [to_path(store.unstrip_protocol(match)) for match in sorted(store.glob(pattern))]


def _is_ours(folder: Path) -> bool:
    try:
        return artifacts.read_manifest(folder).kind != "toy-world"
    except InputError:
        return False


def _posts_below(folder: Path) -> list[Path]:
    """All posts below a folder, at any depth."""
    by_kind: dict[str, list[Path]] = {}
    prefix = str(folder).rstrip("/") + "/"
    paths = sorted(folder.rglob("*"), key=str)
    manifests = [path for path in paths if path.name == artifacts.MANIFEST and path.parent != folder]
    own = tuple(f"{path.parent}/" for path in manifests if _is_ours(path.parent))
    for path in paths:
        below = str(path).removeprefix(prefix)
        hidden = any(part.startswith((".", "_")) for part in below.split("/"))
        if hidden or str(path).startswith(own) or path.is_dir():
            continue
        kind = _named_kind(path.name.lower())
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
