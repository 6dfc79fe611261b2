"""Which hashtags are labels, and which of them are one label.

In: posts with their hashtags, the lexicon, and what the user wants of it. Out: a `Vocabulary`.

    select.py      which spellings may be labels, and what a hashtag stands for
    merge.py       which of them are one label: candidates, their keys and names
    count.py       how many posts carry every candidate, and whether enough people use it
    summary.py     where every hashtag went, for a person
    vocabulary.py  the table of labels, alone
    build.py       the verb `weakly vocab`
"""
