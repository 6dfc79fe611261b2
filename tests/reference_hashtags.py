"""Hashtags found one character after another, to compare `weakly.corpus.hashtags` with; and posts to try."""

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from weakly.corpus.hashtags.cache import KnownHashtags
from weakly.corpus.hashtags.extract import Hashtags, Names, extract


def is_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" or character in "_＿\u200c\u200d"


def normal_form(raw: str) -> str | None:
    text = "".join(filter(is_word, raw))
    if len(text.encode()) > 1024:
        return None
    for _ in range(10):
        text = re.sub(
            "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u20e3\u3164\ufe00-\ufe0f\uffa0]", "", text
        )
        text = re.sub("[\U000e0100-\U000e01ef]", "", text)
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        text = "".join(filter(is_word, re.sub("i\u0307+", "i", text))).rstrip("\u200c\u200d")
        while text and (text[0] in "\u200c\u200d" or unicodedata.category(text[0])[0] == "M"):
            text = text[1:]
    return text if len(text) <= 139 and any(unicodedata.category(c)[0] == "L" for c in text) else None


def hashtags(caption: str) -> list[str]:
    found = []
    for start, sharp in enumerate(caption):
        word_before = re.split(r"\s", caption[:start])[-1]
        in_link = "://" in word_before or word_before.lower().startswith("www.")
        reference = word_before.endswith("&") and re.match(r"#x[0-9a-fA-F]+;", caption[start:], re.IGNORECASE)
        if sharp in "#＃" and not in_link and not reference:
            end = start + 1
            while end < len(caption) and is_word(caption[end]):
                end += 1
            found.append(normal_form(caption[start + 1 : end]))
    return [form for form in found if form is not None]


LISTS = pa.list_(pa.string())
PIECES = [
    *(
        "#",
        "#",
        "#",
        "＃",
        "&#39;",
        "&#x27;",
        "&#xAb",
        "&",
        ";",
        "x27",
        "&#xyz;",
        "://",
        "www.",
        "WwW.",
        ":/",
    ),
    *("http", " ", "\n", "\u3000", "\u00a0", "\u2028", "\x1c", "。", ",", "-", "_", "＿", "__", "C++", ""),
    *("cat", "CAT", "ＣＡＴ", "straße", "ΣΑΣ", "İ", "i\u0307", "ı", "ﬁ", "é", "e\u0301", "\u0301", "\u0307"),
    *(
        "नमस्ते",
        "สวัสดี",
        "می\u200cخواهم",
        "猫",
        "カ\u3099",
        "가",
        "\u1100\u1161",
        "ㅤ",
        "١٢",
        "123",
        "①",
        "½",
        "ﷺ",
    ),
    *(
        "\u200d",
        "\u200c",
        "\ufe0f",
        "\U000e0100",
        "🎉",
        "👩\u200d👩",
        "1\ufe0f\u20e3",
        "\u20e3",
        "ͅ",
        "\U0001d4ec",
    ),
    *("a" * 70, "é" * 300, "猫" * 50),
]
nasty = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=16).map("".join)


def posts(
    captions: Sequence[str | None], lists: Sequence[Sequence[str | None] | None] | None = None
) -> pa.RecordBatch:
    columns = [
        pa.array(captions, pa.string()),
        pa.array([None] * len(captions) if lists is None else lists, LISTS),
    ]
    return pa.record_batch(columns, names=["caption", "hashtags"])


def fresh() -> tuple[KnownHashtags, Names]:
    """Of a process that knows nothing yet; a hashtag stands for its length."""
    return KnownHashtags(len), Names()


def names_of(found: Hashtags) -> list[str]:
    return found.names.strings().to_pylist()


def rows_of(found: Hashtags) -> list[int]:
    """The post of every hashtag."""
    return np.repeat(np.arange(len(found.offsets) - 1), np.diff(found.offsets)).tolist()


def by_post(found: Hashtags, size: int) -> list[set[str]]:
    sets: list[set[str]] = [set() for _ in range(size)]
    names = names_of(found)
    for row, tag in zip(rows_of(found), found.tag.tolist(), strict=True):
        assert names[tag] not in sets[row], "a hashtag twice in one post"
        sets[row].add(names[tag])
    return sets


def in_caption(caption: str) -> list[str]:
    found = extract(posts([caption]), *fresh())
    return [names_of(found)[tag] for tag in found.tag]
