"""The whole pipeline on a small drawn world, in a few minutes.

In: how large. Out: a folder with one for every stage (world, vocabulary, training set, run, report), to be
looked at.

    run.py  the steps, each a verb with its options
"""
