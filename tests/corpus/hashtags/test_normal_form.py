import unicodedata

import pytest
from hypothesis import example, given, settings

from tests import reference_hashtags
from tests.reference_hashtags import in_caption, nasty
from weakly.corpus.hashtags.normal_form import normal_form


@pytest.mark.parametrize(
    ("raw", "expected"),
    {
        "BrownBear": "brownbear",
        "#brown_bear": "brown_bear",
        "＃ＢＥＡＲ": "bear",
        "brown＿bear": "brown_bear",
        "Brown Bear": "brownbear",
        "brown-bear's 🎉": "brownbears",
        "नमस्ते": "नमस्ते",
        "straße": "strasse",
        "STRASSE": "strasse",
        "İstanbul": "istanbul",
        "ISTANBUL": "istanbul",
        "i\u0307\u0307\u0301": "í",
        "ΣΊΣΥΦΟΣ": "σίσυφοσ",
        "σίσυφος": "σίσυφοσ",
        "ﬁne": "fine",
        "สวัสดี": "สวัสดี",
        "٢٠٢٤عام": "٢٠٢٤عام",
        "\u1112\u1161\u11ab": "한",
        "cafe\u0301": "café",
        "می\u200cخواهم": "می\u200cخواهم",
        "می\u200cخواهم\u200c": "می\u200cخواهم",
        "\u200d\u0301cat": "cat",
        "love\ufe0f": "love",
        "葛\U000e0100城": "葛城",
        "cat1\ufe0f\u20e3": "cat1",
        "ㅤcat": "cat",
        "\u1100\u115f\u1161": "가",
        "𝓬𝓪𝓽": "cat",
        "a①": "a1",
        "Ⅳ": "iv",
        "三": "三",
        "ﷺ": unicodedata.normalize("NFKC", "ﷺ").replace(" ", ""),
        "۱۲۳": None,
        "2024": None,
        "①": None,
        "½": None,
        "___": None,
        "🎉": None,
        "#": None,
        "": None,
        "\u0301": None,
        "ㅤ": None,
        "#\ufe0f\u20e3": None,
        "\ud800": None,
    }.items(),
)
def test_normal_form(raw, expected):
    assert normal_form(raw) == expected
    assert reference_hashtags.normal_form(raw) == expected


@pytest.mark.parametrize(
    ("caption", "expected"),
    {
        "#a#b": ["a", "b"],
        "word#tag": ["tag"],
        "##cat ＃dog#＃owl": ["cat", "dog", "owl"],
        "#cat, #dog. (#owl)": ["cat", "dog", "owl"],
        "#brown-bear #dog's": ["brown", "dog"],
        "#猫。犬 #गाय।": ["猫", "गाय"],
        "#cat🎉dog": ["cat"],
        "#👩\u200d👩": [],
        "#cat\u200d👩": ["cat"],
        "#brown＿bear": ["brown_bear"],
        "#1 #2024 #①": [],
        "&#39; &#x27; &#X2F;": [],
        "it&#39;s #x27; &#x27 &#xyz; #x": ["x27", "xyz", "x"],
        "https://a.b/c#top #cat": ["cat"],
        "https://a.b/#!#top\n#cat": ["cat"],
        "(see http://a.b#top) #cat": ["cat"],
        "www.a.b/#top WWW.a.b#up #cat": ["cat"],
        "awww.#cat": ["cat"],
        "#cat://x #dog": ["cat", "dog"],
        "https://a.b/\u3000#cat\u3000www.a.b#top": ["cat"],
        "https://a.b/\u00a0#cat": ["cat"],
        "http:/ /#cat :// #dog": ["cat", "dog"],
        "": [],
        "#": [],
    }.items(),
)
def test_in_caption(caption, expected):
    assert in_caption(caption) == expected
    assert list(dict.fromkeys(reference_hashtags.hashtags(caption))) == expected


def test_hashtags_longer_than_the_limit_are_none():
    assert normal_form("a" * 139) == "a" * 139
    assert normal_form("a" * 140) is None
    assert normal_form("a" * 139 + " -") == "a" * 139
    # 139 syllables in three letters each are 1,251 bytes as written, 113 are 1,017.
    assert normal_form("\u1112\u1161\u11ab" * 139) is None
    assert normal_form("\u1112\u1161\u11ab" * 113) == "한" * 113
    longest = "\u1112\u1161\u11ab" * 113 + "a" * 7  # 1,024 bytes
    assert normal_form(longest) == "한" * 113 + "a" * 7
    assert in_caption(f"#{longest} #{longest}a") == ["한" * 113 + "a" * 7]
    assert in_caption("#" + "猫" * 139) == ["猫" * 139]
    assert in_caption("#" + "猫" * 140 + "#" + "é" * 100_000 + " #cat") == ["cat"]
    assert in_caption("#猫。" + "é" * 100_000) == ["猫"]
    for shift in range(4):  # so that cutting it short would fall within a character
        assert in_caption("#" + "x" * shift + "\U00020000" * 400 + " #cat") == ["cat"]


def test_normal_form_is_idempotent_for_every_character():
    # Ideographs and Hangul syllables by the thousand are all alike: a few stand for them.
    skipped = {
        *range(0x3500, 0x9F00),
        *range(0xAD00, 0xD700),
        *range(0x17100, 0x18C00),
        *range(0x20100, 0x31300),
    }
    for code in range(0x110000):
        character = chr(code)
        if code in skipped or unicodedata.category(character)[0] not in "LMN":
            continue
        form = normal_form(f"a{character}I")
        assert form is not None, hex(code)
        assert normal_form(form) == form, hex(code)


@settings(deadline=None)
@given(nasty)
@example("i\u0307\u0307")
@example("i\ufe0f\u0307")
@example("α\u0345\u0301")
def test_normal_form_agrees_with_the_reference_and_is_idempotent(text):
    form = normal_form(text)
    assert form == reference_hashtags.normal_form(text)
    assert form is None or normal_form(form) == form
