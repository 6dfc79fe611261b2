"""Options of the corpus stage: frozen dataclasses whose attribute docstrings are the help of the flags.

Nothing but the standard library is imported here, so that `weakly --help` stays quick.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class PostColumns:
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


@dataclass(frozen=True)
class VocabOptions:
    """Choose the hashtags that are labels, merge those that mean the same, and count them over the posts."""

    posts: tuple[str, ...]
    """Files, patterns of files, or folders of posts: .parquet, .jsonl, .csv, .tsv (these three also .gz), or
    WebDataset .tar."""
    out: Path
    """The vocabulary's folder, to be made."""
    select: str = "nouns"
    """imagenet-1k: what may mean one of its 1,000 classes; nouns: all of WordNet's; top:N: the N most
    frequent labels of nouns; or a file with a wnid, a synset name or a hashtag a line."""
    merge: Literal["identical-synsets", "first-sense", "none"] = "identical-synsets"
    """Which hashtags are one label: those with the same set of meanings, those with the same first meaning,
    or none."""
    min_count: int = 1
    """Leave out labels that fewer posts carry; 0 keeps those that no post does."""
    columns: PostColumns = field(default_factory=PostColumns)
    overwrite: bool = False
    """Replace the vocabulary that is there."""


@dataclass(frozen=True)
class LabelOptions:
    """Give every image the labels of its post, and say why each dropped post was dropped."""

    posts: tuple[str, ...]
    """Files, patterns of files, or folders of posts: .parquet, .jsonl, .csv, .tsv (these three also .gz), or
    WebDataset .tar."""
    vocab: Path
    """The folder that `weakly vocab` wrote."""
    out: Path
    """The training set's folder, to be made."""
    images: Path | None = None
    """The folder that the paths of the images start from, and that holds them all. [that of the posts]"""
    exclude: Path | None = None
    """File of post ids to leave out, one a line."""
    noise: float = 0.0
    """Replace this share of the labels by random ones, drawn as often as the vocabulary counts them."""
    noise_seed: int = 0
    """Decides which labels are replaced, and by which."""
    columns: PostColumns = field(default_factory=PostColumns)
    overwrite: bool = False
    """Replace the training set that is there."""
