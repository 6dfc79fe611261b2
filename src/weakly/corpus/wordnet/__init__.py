"""What a spelling may mean.

In: a hashtag's normal form. Out: the lexicon's spelling of it, and the noun synsets of that.

    spellings.py       how nouns and hashtags are spelled in a lexicon
    lexicon.py         WordNet's nouns, packaged: spellings, synsets and their tree
    other_lexicons.py  tables of one's own and wordnets of other languages, added to them
"""
