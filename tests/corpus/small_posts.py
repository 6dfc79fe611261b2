"""Files of posts that are several units of work, and folders compared byte for byte."""

import json
import random
from pathlib import Path

TAGS = [
    *("dog", "cats", "Geese", "brown_bear", "car", "auto", "ootd", "instagood", "café", "tench", "crane"),
    *(
        "love",
        "zebra",
        "love\ufe0f",
        "cafe\u0301",
        "ﬁsh",
        "ＢＥＡＲ",
        "straße",
        "İstanbul",
        "ΣΊΣΥΦΟΣ",
        "σίσυφος",
    ),
    *(
        "제주",
        "नमस्ते",
        "สวัสดี",
        "٢٠٢٤عام",
        "می\u200cخواهم",
        "👩\u200d👩",
        "🎉party",
        "2024",
        "猫。犬",
        "x" * 70,
    ),
]
"""Of many scripts, with marks, joiners, variation selectors and emoji; some are one, some are none."""
FILES = 8
UNIT = 2_500
"""Bytes of a unit with which every file of 40 posts is one."""

DRIVER = """
import sys, time
from pathlib import Path
from weakly.corpus.posts import units

import weakly
out, engine, workers, unit, *posts = sys.argv[1:]
units.UNIT_BYTES = int(unit)
weakly.vocab(weakly.VocabOptions(
    posts=tuple(posts), out=Path(out), engine=engine, workers=int(workers), min_authors=2,
    columns=weakly.PostColumns(author="who", caption="text")))
"""
"""Makes a vocabulary: OUT ENGINE WORKERS UNIT_BYTES POSTS..."""


def write_posts(folder: Path, posts_a_file: int = 40, *, images: bool = True) -> list[str]:
    """Posts with captions, lists of hashtags and authors; the images are there, but for every seventh."""
    draw = random.Random(5)
    (folder / "images").mkdir(parents=True)
    names = []
    for number in range(FILES):
        lines = []
        for row in range(posts_a_file):
            post_id = f"{number}-{row}"
            if images and row % 7:
                (folder / "images" / f"{post_id}.jpg").write_bytes(b"x" * (row + 1))
            tags = draw.sample(TAGS, draw.randrange(5))
            post = {"post_id": post_id, "image": f"{post_id}.jpg", "who": f"author {draw.randrange(9)}"}
            lines.append(json.dumps(post | {"text": " ".join(draw.choice("##＃") + tag for tag in tags)}))
        lines.insert(number, "{broken")
        path = folder / f"posts-{number}.jsonl"
        path.write_text("\n".join(lines) + "\n")
        names.append(str(path))
    return names


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but the manifests, which hold names of folders."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }
