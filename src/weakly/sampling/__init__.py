"""Training set -> batches of images and labels (paper, sections 2.2 and 3.1).

In: a training set, a rule of resampling and a seed. Out: the batch of any step, the same however many
processes load it.

    resampling.py      how often each image comes, by its labels
    plan.py            these factors as a cumulative sum, 8 bytes an image
    mapped_array.py    reading a plan larger than memory
    order.py           position -> row, a keyed permutation
    crops.py           position -> crop and flip
    buffer_pool.py     memory that workers fill with images, again and again
    batch.py           what a training step is given
    loader.py          batches, by workers, from any step on
"""
