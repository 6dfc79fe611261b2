"""Where a verb's posts come from: files of posts, or the compact reading that a vocabulary keeps of them.

In: POSTS as the user named them. Out: units of work; each gives batches of posts with their hashtags found,
the same whichever of the two it came from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from weakly import artifacts
from weakly.corpus.hashtags import compact_posts
from weakly.corpus.hashtags.cache import KnownHashtags
from weakly.corpus.hashtags.extract import Names, extract
from weakly.corpus.options import LabelOptions, PostColumns, VocabOptions
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.reader import find_posts, read_pieces
from weakly.corpus.posts.remote import FileFacts, absolute, facts_of, is_remote, to_path
from weakly.corpus.posts.units import Unit, cut
from weakly.errors import InputError


@dataclass(frozen=True)
class PostFiles:
    """Files of posts, in order, and the units that they are cut into."""

    files: tuple[Path, ...]
    columns: PostColumns
    units: list[Unit]

    @property
    def sizes(self) -> list[int]:
        """Bytes of every unit."""
        return [sum(piece.size for piece in unit) for unit in self.units]

    def read(self, unit: int, ledger: Ledger, known: KnownHashtags) -> compact_posts.Batches:
        """Read a unit; the ledger counts its posts."""
        names = Names()
        for batch in read_pieces(self.units[unit], self.columns, ledger, are_first=unit == 0):
            tags = extract(batch, known, names)
            names = tags.names
            yield compact_posts.compact(batch, tags), tags

    def facts(self) -> list[FileFacts]:
        """The files as they are now."""
        return [facts_of(file) for file in self.files]

    def ledger(self) -> Ledger:
        """What is counted besides the units."""
        return Ledger()

    @property
    def root(self) -> Path:
        """The folder of the first file, below which images lie where nothing else is said."""
        return to_path(absolute(self.files[0])).parent


@dataclass(frozen=True)
class _CompactPosts:
    """The compact reading in a vocabulary's folder, which `files` names alone; its units are the parts."""

    files: tuple[Path]
    manifest: artifacts.Manifest

    @property
    def sizes(self) -> list[int]:
        parts = range(self.manifest.facts["parts"])
        return [self.manifest.files[compact_posts.part_files(Path(), part)[0].name] for part in parts]

    def read(self, unit: int, ledger: Ledger, known: KnownHashtags) -> compact_posts.Batches:
        is_own = known.vocabulary == self.manifest.facts.get("vocabulary")
        resolve = compact_posts.labels_of_spellings(self.files[0]) if is_own else known.resolve_names
        for batch, tags in compact_posts.read_part(self.files[0], unit, resolve):
            ledger.rows_read += batch.num_rows
            ledger.kept += batch.num_rows
            yield batch, tags

    def facts(self) -> list[FileFacts]:
        return [facts_of(self.files[0] / name) for name in self.manifest.files]

    def ledger(self) -> Ledger:
        before = Ledger.from_dict(self.manifest.facts["reading"])  # what was dropped, and the files
        before.rows_read, before.kept = before.rows_read - before.kept, 0
        return before

    @property
    def root(self) -> Path:
        return to_path(self.manifest.facts["root"])


PostSource = PostFiles | _CompactPosts


def open_posts(posts: Sequence[str], columns: PostColumns) -> PostSource:
    """Find the files of posts that are named, or the one folder of `weakly vocab`; else an InputError."""
    folders = [path for name in posts if (path := _compact(name))]
    if not folders:
        files = find_posts(posts, columns)
        return PostFiles(tuple(files), columns, cut(files))
    folder = folders[0]
    if len(posts) > 1:
        raise InputError(f"{folder} holds posts that were read already: name it alone, or the files alone")
    return _CompactPosts((folder,), artifacts.read_manifest(folder, compact_posts.KIND, verb="vocab"))


def plan(options: VocabOptions | LabelOptions) -> str:
    """What a verb would read, for people; no post is read."""
    posts = options.posts or (str(options.vocab),) if isinstance(options, LabelOptions) else options.posts
    source = open_posts(posts, options.columns)
    files, sizes = source.files, source.sizes
    what = "files of posts" if isinstance(source, PostFiles) else "vocabulary's posts"
    said = [f"{len(files):,} {what}, {sum(sizes) / 1e6:,.1f} MB in {len(sizes):,} units of work"]
    said += [f"  {file}" for file in files[:5]]
    if len(files) > 5:
        said.append(f"  and {len(files) - 5:,} more")
    return "\n".join(said)


def _compact(name: str) -> Path | None:
    """The folder of a compact reading that is meant by `name`: itself, or that of a vocabulary."""
    for folder in () if is_remote(name) else (Path(name), Path(name) / compact_posts.FOLDER):
        if not (folder / artifacts.MANIFEST).is_file():
            continue
        kind = artifacts.read_manifest(folder).kind
        if kind == compact_posts.KIND:
            return folder
        # The tables of later stages are no posts.
        if kind in ("training-set", "run", "report") and folder == Path(name):
            raise InputError(f"{name} is a {kind}; expected posts, or the vocabulary that was made of them")
    return None
