"""One module for each section of the page: what it says, computed; `../templates/` holds how it is said.

In: opened runs. Out: the values that a section's template is filled with.

    answer.py        what went in, and what it bought
    vocabulary.py    the labels: how common, which spellings became one, what was left out
    drops.py         what was dropped on the way from posts to labelled images, and why
    resampling.py    how often each image comes, and what that did to the labels
    pretraining.py   loss, learning rate, speed, and what could not be decoded
    probe.py         what the frozen features are worth on other tasks
    labels.py        the labels that the network knows best and least, with photos
    reproduce.py     versions, fingerprints, options: what it takes to do it again
"""
