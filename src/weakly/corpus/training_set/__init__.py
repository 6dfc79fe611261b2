"""Posts and a vocabulary become a training set.

In: batches of posts with their hashtags, and a vocabulary. Out: a table of where each image lies and which
labels it carries, with the reason for every post that has no row in it.

    posts -> excluded? -> labels of its hashtags -> its image, found -> label noise -> rows, in parts
                |                   |                      |
                +-------------------+----------------------+-> dropped, and counted

    training_set.py  the table on disk, as it is read
    writer.py        the table as it is written, part by part
    image_paths.py   where the image of a post lies, or why it cannot be used
    label_noise.py   replaces a share of the labels at random
    labeller.py      batches of posts become rows
    build.py         the verb `weakly label`
    takedown.py      the verb `weakly takedown`, and lists of post ids to leave out
    shrink.py        the verb `weakly shrink`
"""
