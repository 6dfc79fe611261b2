"""Options of the corpus stage: frozen dataclasses whose attribute docstrings are the help of the flags.

Nothing but the standard library is imported here, so that `weakly --help` stays quick.
"""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from weakly.options import BY_PLACE, SEED, SHARE, AtLeast, Options


@dataclass(frozen=True)
class PostColumns(Options):
    """Which column of the posts holds what. A post has a caption, or a list of hashtags, or both."""

    post_id: str = "post_id"
    """Column that names the post; without it a post is named by its image, else by its file and row."""
    image: str = "image"
    """Column with the path of the image; not needed for reading a vocabulary."""
    caption: str = "caption"
    """Column with the caption, as its author wrote it."""
    hashtags: str = "hashtags"
    """Column with the hashtags: a list of strings, or one string: a JSON array, or hashtags between
    white space, commas or semicolons."""
    header: tuple[str, ...] = ()
    """Names of the columns of a CSV or TSV file that has no header line, in order."""
    author: str = ""
    """Column with who posted it, which --min-authors needs."""


@dataclass(frozen=True)
class VocabOptions(Options):
    """Choose the hashtags that are labels, merge those that mean the same, and count them over the posts."""

    posts: Annotated[tuple[str, ...], BY_PLACE]
    """Files, patterns of files, folders or URLs of posts: .parquet, .jsonl, .csv, .tsv (these three also .gz
    or .bz2), WebDataset .tar, YFCC100M's metadata; or a vocabulary's folder, for the posts it was made of."""
    out: Path
    """The vocabulary's folder, to be made."""
    select: str = "nouns"
    """imagenet-1k: what may mean one of its 1,000 classes; nouns: all of WordNet's; top:N: the N most
    frequent labels of nouns; or a file with a WordNet id (n02131653), a synset name (bear.n.01, or
    bear.n.01/** for all below it too) or a hashtag a line."""
    under: tuple[str, ...] = ()
    """Of what --select chooses, keep what may mean one of these synsets or one below: animal.n.01."""
    include: Path | None = None
    """File of what to add to the selection, a synset, noun or hashtag a line; these labels stay however rare
    they are. bear.n.01/** is a synset and all below it, here as in every such file."""
    exclude: Path | None = None
    """File of what to take away after that: words, with all that is one label with them, and synsets, with
    the hashtags that mean nothing else."""
    stop: Path | None = None
    """File of hashtags that count for nothing wherever they stand, one a line."""
    lexicons: tuple[str, ...] = ()
    """More words for WordNet's synsets: tables (.tsv, .csv, .parquet) with the columns spelling and synset,
    or lexicons of the package wn, such as wn:omw-es:1.4."""
    merge: Literal["identical-synsets", "first-sense", "none"] = "identical-synsets"
    """Which hashtags are one label: those with the same set of meanings, those with the same first meaning,
    or none."""
    min_count: Annotated[int, AtLeast(0)] = 1
    """Leave out labels that fewer posts carry; 0 keeps those that no post does."""
    min_authors: Annotated[int, AtLeast(0)] = 0
    """Leave out labels that fewer people use, as --columns.author names them: one spammer makes no label."""
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
    """The folder that the paths of the images start from, and that holds them all. [that of the posts]"""
    trust_images: bool = False
    """Take the posts' word that the images are there, instead of looking for every one; one that is missing
    is then counted and replaced in training."""
    min_side: Annotated[int, AtLeast(0)] = 0
    """Leave out images with fewer pixels than this on their shorter side, where that is known: for those in
    tars, whose headers are looked at."""
    exclude: Path | None = None
    """File of post ids to leave out, one a line."""
    noise: Annotated[float, SHARE] = 0.0
    """Replace this share of the labels by random ones, drawn as often as the vocabulary counts them."""
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
