"""What `weakly toyworld` takes; the standard library only."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from weakly.options import Arguments


@dataclass(frozen=True)
class ToyWorldOptions(Arguments):
    """Draw a small world of hashtagged photos whose truth is known, and class folders to judge a backbone on.

    The posts are noisy in the ways real ones are. Everything is a function of the seed: post 12 is the same
    in a world of 100 posts and in one of a million.
    """

    out: Path
    """Folder to make."""
    images: int = 4000
    """Posts to draw, each with a photo."""
    size: int = 64
    """Side of the photos, in pixels."""
    seed: int = 0
    """Another seed draws another world."""
    wrong_tags: float = 0.1
    """Share of the objects' hashtags that name something that is not in the photo."""
    absent_tags: float = 0.15
    """Share of the objects that their post does not name."""
    noise_tags: float = 1.0
    """Hashtags a post that say nothing of the photo, such as #love and #nofilter, on average."""
    without_hashtag: float = 0.02
    """Share of the posts that carry no hashtag at all."""
    missing_images: float = 0.005
    """Share of the posts whose photo is gone."""
    corrupt_images: float = 0.002
    """Share of the photos that are cut short."""
    duplicates: float = 0.01
    """Share of the posts whose photo is an edited copy of a test photo of the target."""
    target_classes: int = 16
    """Classes of the target, spread from the commonest kind of object to the rarest."""
    target_per_class: int = 50
    """Photos of each class, in the target's training part and as many in its test part."""
    format: Literal["files", "tars"] = "files"
    """files: images/*/*.jpg and posts.jsonl; tars: WebDataset shards that hold both."""
    workers: int = 1
    """Processes that draw; the world is the same."""
    overwrite: bool = False
    """Replace the world that is there."""
