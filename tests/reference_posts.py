"""Naive readings of posts, a few lines each, to compare the readers with."""

import csv
import io
import json
import re
import tarfile


def json_line_is_post(line: bytes) -> bool:
    """Whether a line is a JSON object with no key twice and values of the right types."""
    try:
        value = json.loads(line.decode("utf-8"), object_pairs_hook=lambda pairs: ("object", pairs))
        post = dict(value[1]) if isinstance(value, tuple) else {}
        tags = post.get("hashtags")
        if isinstance(tags, str):
            tags = json.loads(tags.strip()) if tags.strip().startswith("[") else [tags]
    except (ValueError, RecursionError):
        return False
    if not isinstance(value, tuple) or len(post) != len(value[1]) or not isinstance(tags, list | None):
        return False
    post_id = post.get("post_id")
    named = str(post_id) if isinstance(post_id, int | float) else post_id
    texts = [named, post.get("image"), post.get("caption"), *(tags or [])]
    return all(t is None or (isinstance(t, str) and not re.search("[\ud800-\udfff]", t)) for t in texts)


def table_rows(data: bytes, delimiter: str) -> list[list[str] | None]:
    """Records below the header, None for a line to drop. Parses anew from every record's start."""
    lines = [line.decode(errors="surrogateescape") + "\n" for line in data.split(b"\n")]
    rows: list[list[str] | None] = []
    width = 0
    while lines:
        reader = csv.reader(iter(lines), delimiter=delimiter)
        try:
            cells, used = next(reader), reader.line_num
            # A line more changes a record only where a quote is open.
            is_whole = next(csv.reader([*lines[:used], "more\n"], delimiter=delimiter)) == cells
            if used > 1:
                next(csv.reader(iter(lines), delimiter=delimiter, strict=True))
        except csv.Error:
            cells, used, is_whole = [], 1, False
        width = width or len(cells)
        if not is_whole or (cells and len(cells) != width):
            rows.append(None)
            used = 1
        elif cells:
            rows.append(None if re.search("[\ud800-\udfff]", "".join(lines[:used])) else cells)
        lines = lines[used:]
    return rows[1:]


def split_hashtags(text: str) -> list[str]:
    """The hashtags of a string that is no JSON array."""
    return [tag for tag in re.split(r"[\s,;\x1c-\x1f]+", text) if tag]


def tar_members(data: bytes) -> list[tuple[str, int, int]]:
    """Name, offset and size of every member but folders, by the standard library."""
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return [(member.name, member.offset_data, member.size) for member in tar if not member.isdir()]
