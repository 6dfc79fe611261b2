import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weakly.corpus.hashtags.normal_form import normal_form
from weakly.corpus.wordnet.spellings import fold_diacritics, is_foreign, to_spelling


@pytest.mark.parametrize(
    ("text", "spelling"),
    {
        "Brown bear": "brownbear",
        "Ch'in": "chin",
        ".22-caliber": "22caliber",
        "Straße": "strasse",
        "ＢＥＡＲ": "bear",
        "𝓒𝓪𝓽": "cat",
        "café": "café",
        "cafe\u0301": "café",
        "می\u200cخواهم": "میخواهم",
        # Marks that are vowels or tones spell: a bear and a pig in Thai, a moment in Hindi, a bear in Tamil.
        "หมี": "หมี",
        "หมู": "หมู",
        "क्षण": "क्षण",
        "க\u200cரடி": "கரடி",
        # Marks that are written or not as people please do not: a book in Arabic, peace in Hebrew.
        "كِتاب": "كتاب",
        "שָׁלוֹם": "שלום",
        "x\u0338y": "xy",
        # What is dropped may have parted what belongs together.
        "か-\u3099": "が",
        "!?": "",
    }.items(),
)
def test_to_spelling(text, spelling):
    assert to_spelling(text) == spelling
    form = normal_form(text)
    assert to_spelling(form or "") == spelling
    assert to_spelling(spelling) == spelling


@given(st.text(st.sampled_from("aZ9_-é\u0301\u0338\u200dİßſक्षनิหمَשָか\u3099\u0323한ﬁ①"), max_size=6))
def test_a_spelling_is_its_own_spelling(text):
    form = normal_form(text) or ""
    assert to_spelling(to_spelling(form)) == to_spelling(form)


def test_fold_diacritics():
    assert fold_diacritics("smørrebrødœuvreñłħþ") == "smorrebrodoeuvrenlhth"
    assert fold_diacritics("собака") == "собака"
    assert fold_diacritics("cat") == "cat"


def test_what_is_foreign_is_not_ascii_without_its_diacritics():
    assert is_foreign("собака")
    assert is_foreign("tuposdeöラ")
    assert not is_foreign("café")
    assert not is_foreign("\u0902cat")  # a mark alone goes, and ASCII is left
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if character.isalnum() and to_spelling(character) == character and is_foreign(character):
            assert not fold_diacritics(character).isascii(), hex(code)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=6))
def test_the_short_cut_of_to_spelling(text):
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    if text.isalnum():
        assert to_spelling(text) == unicodedata.normalize("NFC", "".join(filter(str.isalnum, folded)))
