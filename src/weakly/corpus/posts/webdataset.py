"""Posts from WebDataset tars, as img2dataset writes them; the images stay where they are.

In: an uncompressed `.tar` with `key.jpg` (or jpeg, png, webp) beside `key.json` (caption and other fields) or
`key.txt` (the caption). Out: batches of `schema.SCHEMA` in which a post's image is the tar with the offset
and size of the member's bytes, and its width and height are what the image's own header says. As in
WebDataset, members of one key lie next to each other, and a name's key is what comes before the first dot of
its last part.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO, cast

import pyarrow as pa

from weakly.corpus.posts.columns import SeenKeys
from weakly.corpus.posts.json_lines import parse_post
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.remote import absolute
from weakly.corpus.posts.rows import BadPost, Post, in_batches
from weakly.corpus.posts.schema import MAX_POST_BYTES
from weakly.corpus.posts.tar_index import Member, members
from weakly.corpus.posts.units import Piece
from weakly.images.headers import size_in_file

IMAGE_SUFFIXES = ("jpg", "jpeg", "png", "webp")
TEXT_SUFFIXES = ("json", "txt")
_TXT_COLUMN = "caption"
"""What the text of a `key.txt` is called where columns are named."""


@dataclass
class _Group:
    """The members of one key that matter, by suffix, and how many bytes of them are read into a batch."""

    key: str
    members: dict[str, Member] = field(default_factory=dict)
    twice: str = ""
    size: int = 0


def read_tar(piece: Piece, seen: SeenKeys, ledger: Ledger) -> Iterator[pa.RecordBatch]:
    """Yield the posts of one tar; the ledger counts posts (keys) read and dropped.

    Raises:
        InputError: the file is no tar, or no `key.json` of the first batch has a column that is needed.
    """
    path = piece.path
    if path.stat().st_size == 0:
        ledger.fault("empty", str(path))
        return
    tar, own = absolute(path), replace(seen.columns, image="")
    with path.open("rb") as opened:
        file = cast(BinaryIO, opened)

        def post_of(group: _Group) -> Post:
            image = _image(group)
            post = Post(None, None, None, None, None)
            if member := group.members.get("json"):
                post = parse_post(_text(member, file), own, seen)
            caption = post.caption
            if member := group.members.get("txt"):
                seen.see([_TXT_COLUMN])
                if caption is None:
                    caption = _decoded(_text(member, file))
            post_id = post.post_id or f"{path.name}/{image.name}"
            sides = size_in_file(file, image.offset, image.size) or (None, None)
            return Post(post_id, tar, post.author, caption, post.hashtags, image.offset, image.size, *sides)

        groups = _groups(members(path, file, ledger))
        rows = ((group.key, group.size, group) for group in groups)
        yield from in_batches(path, rows, post_of, ledger, lambda place: seen.require(place, own))


def _image(group: _Group) -> Member:
    """The one image of a key, or BadPost that says what is wrong with the key."""
    for member in group.members.values():
        if not member.whole:
            raise BadPost("cut short", f"{member.name} goes on behind the end of the file")
        if not member.plain:
            raise BadPost("not a plain file", f"{member.name} is a link, a sparse file or a device")
    if group.twice:
        raise BadPost("a name is there twice", group.twice)
    if not group.members:
        raise BadPost("neither image nor text", f"expected {', '.join(IMAGE_SUFFIXES + TEXT_SUFFIXES)}")
    images = [member for suffix, member in group.members.items() if suffix in IMAGE_SUFFIXES]
    if not images:
        raise BadPost("no image beside the text", "members of one key must lie next to each other")
    if len(images) > 1:
        raise BadPost("several images under one key", ", ".join(image.name for image in images))
    if images[0].name.encode(errors="ignore").decode() != images[0].name:
        raise BadPost("invalid UTF-8", "in its name")
    if images[0].size == 0:
        raise BadPost("image is empty", images[0].name)
    return images[0]


def _text(member: Member, file: BinaryIO) -> bytes:
    if member.size > MAX_POST_BYTES:
        raise BadPost("text too long", f"{member.name} has more than {MAX_POST_BYTES >> 20} MiB")
    file.seek(member.offset)
    return file.read(member.size)


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BadPost("invalid UTF-8", str(error)) from error


def _groups(members: Iterator[Member]) -> Iterator[_Group]:
    """Neighbours of one key, but for hidden files (macOS adds one to each) and names without a suffix."""
    named = ((*_key_and_suffix(member.name), member) for member in members)
    for key, of_key in itertools.groupby((found for found in named if found[1]), lambda found: found[0]):
        group = _Group(key)
        for _, suffix, member in of_key:
            if suffix in group.members:
                group.twice = member.name
            elif suffix in IMAGE_SUFFIXES or suffix in TEXT_SUFFIXES:
                group.members[suffix] = member
                group.size += len(member.name) if suffix in IMAGE_SUFFIXES else member.size
        yield group


def _key_and_suffix(name: str) -> tuple[str, str]:
    folder, slash, base = name.rpartition("/")
    stem, _, suffix = base.partition(".")
    return folder + slash + stem, suffix.lower() if stem else ""
