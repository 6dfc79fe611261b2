"""What each section of the page says, computed; `templates/` holds how it is said.

In: runs, and comparisons of their results. Out: plain values and drawings, a dataclass a section.

    answer.py       what went in and what it bought
    vocabulary.py   the labels, and how common each is
    drops.py        what was dropped on the way, and why
    resampling.py   how often each image comes
    pretraining.py  loss, rate and speed
    probe.py        what the frozen features are worth, class by class
    labels.py       the labels known best and worst, with photos
    reproduce.py    versions, fingerprints and options
"""
