"""Checkpoint -> results: what a backbone is worth on other tasks (sections 3.2 and 4 of the paper).

In: a checkpoint, and data sets or photos. Out: results, one number and everything it took to get it each; and
what the hashtag head says of photos.

    options.py              what `weakly probe` and `weakly tag` take
    inference.py            images through a frozen network, a batch at a time
    features.py             the features of a whole list of images
    logistic_regression.py  a linear classifier, solved to its optimum
    penalty.py              its penalty, chosen on held-out images
    accuracy.py             top-1 and top-5, counted
    intervals.py            how sure a share is, and a difference of two
    results.py              a result as a file, and all results of a run
    probe.py                `weakly probe`: frozen features and a linear classifier
    tag.py                  `weakly tag`: the most probable labels of photos
    label_scores.py         how well the head knows each label
"""
