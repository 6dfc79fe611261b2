"""What `weakly toyworld` takes; the standard library only."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from weakly.options import SEED, SHARE, AtLeast, Between, Options


@dataclass(frozen=True)
class ToyWorldOptions(Options):
    """Draw a small world of hashtagged photos whose truth is known, and class folders to judge a backbone on.

    The posts are noisy in the ways real ones are. Everything is a function of the seed: post 12 is the same
    in a world of 100 posts and in one of a million.
    """

    out: Path
    """Folder to make."""
    images: Annotated[int, Between(1, 10**8)] = 4000
    """Posts to draw, each with a photo."""
    size: Annotated[int, Between(16, 2048)] = 64
    """Side of the photos, in pixels."""
    seed: Annotated[int, SEED] = 0
    """Another seed draws another world."""
    wrong_tags: Annotated[float, SHARE] = 0.1
    """Share of the objects' hashtags that name something that is not in the photo."""
    absent_tags: Annotated[float, SHARE] = 0.15
    """Share of the objects that their post does not name."""
    noise_tags: Annotated[float, Between(0, 20)] = 1.0
    """Hashtags a post that say nothing of the photo, such as #love and #nofilter, on average."""
    without_hashtag: Annotated[float, SHARE] = 0.02
    """Share of the posts that carry no hashtag at all."""
    missing_images: Annotated[float, SHARE] = 0.005
    """Share of the posts whose photo is gone."""
    corrupt_images: Annotated[float, SHARE] = 0.002
    """Share of the photos that are cut short."""
    duplicates: Annotated[float, SHARE] = 0.01
    """Share of the posts whose photo is an edited copy of a test photo of the target."""
    target_classes: Annotated[int, AtLeast(2)] = 16
    """Classes of the target, spread from the commonest kind of object to the rarest."""
    target_per_class: Annotated[int, Between(0, 10**5)] = 50
    """Photos of each class, in the target's training part and as many in its test part."""
    format: Literal["files", "tars"] = "files"
    """files: images/*/*.jpg and posts.jsonl; tars: WebDataset shards that hold both."""
    workers: Annotated[int, Between(1, 1024)] = 1
    """Processes that draw; the world is the same."""
    overwrite: bool = False
    """Replace the world that is there."""
