"""The whole pipeline on a small drawn world, in a few minutes.

In: how large a world. Out: a folder with one for each stage (world, vocabulary, training set, run, report).

    run.py  the steps, each a verb with its options
"""
