"""Options of the corpus stage: frozen dataclasses whose attribute docstrings are the help of the flags.

Nothing but the standard library is imported here, so that `weakly --help` stays quick.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from weakly.options import BY_PLACE, SEED, SHARE, AtLeast, Between, Options


@dataclass(frozen=True)
class PostColumns(Options):
    """Which column of the posts holds what; "" for none. A post has a caption, or hashtags, or both."""

    post_id: str = "post_id"
    """Column that names the post; without it a post is named by its image, else by its file and row."""
    image: str = "image"
    """Column with the path of the image; not needed for reading a vocabulary."""
    caption: str = "caption"
    """Column with the caption, as its author wrote it."""
    hashtags: str = "hashtags"
    """Column with the hashtags: a list of strings, or one string that holds a JSON array or hashtags
    separated by blanks, commas or semicolons."""
    header: tuple[str, ...] = ()
    """Names of the columns of a CSV or TSV file that has no header line, in order."""
    author: str = ""
    """Column with who posted it, which --min-authors needs."""

    def contradictions(self) -> Iterator[str]:  # noqa: D102 (described with the base)
        if not self.caption and not self.hashtags:
            yield "--columns.caption and --columns.hashtags name no column: name one of them"


@dataclass(frozen=True)
class VocabOptions(Options):
    """Choose the hashtags that are labels, merge those that mean the same, and count them over the posts."""

    posts: Annotated[tuple[str, ...], BY_PLACE]
    """Files, patterns of files, folders or URLs of posts: .parquet, .jsonl, .csv, .tsv (these three also .gz
    or .bz2), WebDataset .tar, YFCC100M's metadata; or a vocabulary's folder, for the posts it was made of."""
    out: Path
    """The vocabulary's folder, to be made."""
    select: str = "nouns"
    """Which hashtags may become labels. imagenet-1k: those that can mean one of ImageNet's 1,000 classes;
    nouns: all nouns of WordNet; top:N: the N labels of nouns that most posts carry; or a file with an entry a
    line: a WordNet id (n02131653), a synset (bear.n.01, or bear.n.01/** for all below it too), a hashtag."""
    under: tuple[str, ...] = ()
    """Of what --select chooses, keep only what can mean one of these synsets or one below it in WordNet's
    tree: animal.n.01."""
    include: Path | None = None
    """File of what to add to the selection, a line each: a synset, a noun or a hashtag. These labels stay
    however rare they are. As with --select, bear.n.01/** is a synset and all below it."""
    exclude: Path | None = None
    """File of what to take away after that, a line each: a word, which takes along all words of its label; or
    a synset, which takes along the hashtags that mean nothing else."""
    stop: Path | None = None
    """File of hashtags to ignore in every post, one a line."""
    lexicons: tuple[str, ...] = ()
    """More words for WordNet's synsets: tables (.tsv, .csv, .parquet) with the columns spelling and synset,
    or lexicons of the package wn, such as wn:omw-es:1.4."""
    merge: Literal["identical-synsets", "first-sense", "none"] = "identical-synsets"
    """Which hashtags become one label. identical-synsets: those with exactly the same meanings in WordNet;
    first-sense: those with the same first meaning; none: each is a label of its own."""
    min_count: Annotated[int, AtLeast(0)] = 1
    """Leave out labels that fewer posts than this carry; 0 also keeps labels that no post carries."""
    min_authors: Annotated[int, AtLeast(0)] = 0
    """Leave out labels that fewer people than this use, so that one spammer makes no label. --columns.author
    names the column with the people."""
    columns: PostColumns = field(default_factory=PostColumns)
    overwrite: bool = False
    """Replace the vocabulary that is there."""
    engine: str = "auto"
    """Who reads: this process (serial), several of this machine (native), a Ray cluster (ray, or
    ray://HOST:PORT), or, by the size of the posts, one of the first two (auto)."""
    workers: Annotated[int | None, AtLeast(1)] = None
    """Processes that read. [one a core]"""


@dataclass(frozen=True)
class LabelOptions(Options):
    """Give every image the labels of its post, and say why each dropped post was dropped."""

    posts: Annotated[tuple[str, ...], BY_PLACE]
    """Posts, as for `weakly vocab`. Without any: those that the vocabulary was made of, whose captions need
    not be read again."""
    vocab: Path
    """The folder that `weakly vocab` wrote."""
    out: Path
    """The training set's folder, to be made."""
    images: Path | None = None
    """The folder that holds all the images; their paths in the posts start from it. [that of the posts]"""
    trust_images: bool = False
    """Do not look whether every image is there. One that is missing is counted in training, and another takes
    its place."""
    min_side: Annotated[int, AtLeast(0)] = 0
    """Leave out images whose shorter side has fewer pixels than this. The size is known for images in tars,
    and where posts have a width and a height; an image of unknown size stays."""
    exclude: Path | None = None
    """File of post ids to leave out, one a line."""
    noise: Annotated[float, SHARE] = 0.0
    """Replace this share of the labels by random ones; a label that more posts carry is drawn more often."""
    noise_seed: Annotated[int, SEED] = 0
    """Decides which labels are replaced, and by which."""
    columns: PostColumns = field(default_factory=PostColumns)
    overwrite: bool = False
    """Replace the training set that is there."""
    engine: str = "auto"
    """Who reads: this process (serial), several of this machine (native), a Ray cluster (ray, or
    ray://HOST:PORT), or, by the size of the posts, one of the first two (auto)."""
    workers: Annotated[int | None, AtLeast(1)] = None
    """Processes that read. [one a core]"""

    def contradictions(self) -> Iterator[str]:  # noqa: D102 (described with the base)
        if not self.posts and self.columns != PostColumns():
            yield (
                "--columns.*: the vocabulary's posts were read already, by the columns that `weakly vocab` "
                "was given: name the posts again, as in `weakly label POSTS`, to read other columns of them"
            )


@dataclass(frozen=True)
class ShrinkOptions(Options):
    """Copy a training set with small images: photos of a camera (12 megapixels) load twenty times as fast."""

    training_set: Annotated[Path, BY_PLACE]
    """The folder that `weakly label` wrote."""
    out: Path
    """The folder of the training set with small images, to be made; the images lie in it, in tars."""
    side: Annotated[int, AtLeast(1)] = 384
    """Short side of the copies in pixels; images that are no larger are copied as they are."""
    quality: Annotated[int, Between(1, 100)] = 90
    """Of the copies, as JPEG counts it."""
    image_root: Path | None = None
    """Where the images are now, if they moved since `weakly label`."""
    overwrite: bool = False
    """Replace the training set that is there."""
    engine: str = "auto"
    """Who works: this process (serial), several of this machine (native), a Ray cluster (ray, or
    ray://HOST:PORT), or, by the number of images, one of the first two (auto)."""
    workers: Annotated[int | None, AtLeast(1)] = None
    """Processes that work. [one a core]"""


@dataclass(frozen=True)
class TakedownOptions(Options):
    """Leave posts out of a training set that is already made: no post is read again."""

    training_set: Annotated[Path, BY_PLACE]
    """The folder that `weakly label` wrote."""
    ids: Path
    """File of post ids to leave out, one a line."""
    out: Path
    """The folder of the training set without them, to be made."""
    image_root: Path | None = None
    """Where the images are now, if they moved since `weakly label`."""
    overwrite: bool = False
    """Replace the training set that is there."""


def decisive(options: VocabOptions | LabelOptions) -> dict[str, Any]:
    """The options that decide what is written, and not only where, by whom or over what."""
    return {
        name: value
        for name, value in asdict(options).items()
        if name not in ("out", "overwrite", "engine", "workers")
    }
