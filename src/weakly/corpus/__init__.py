"""Posts become a training set (paper, section 1).

In: files of posts. Out: a vocabulary's folder, and a training set's.

    options.py     what the verbs of this room take
    arrays/        compiled loops, ragged arrays, Arrow columns as bytes
    posts/         files -> Arrow batches, and what became of every post
    engine/        units of work that can be gone on with; processes, or a Ray cluster, that do them
    hashtags/      captions -> hashtags -> numbers; the compact posts that later stages read
    wordnet/       what a spelling may mean
    vocabulary/    which hashtags are labels: select, merge, count
    training_set/  posts x vocabulary -> a table; noise, takedowns, small copies
"""
