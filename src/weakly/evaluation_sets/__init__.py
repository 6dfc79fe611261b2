"""A short name -> examples: what a backbone is judged on.

In: `folder:DIR`. Out: classes, examples of a training and a test part, and which training examples are held
out to choose by.

    class_folders.py  data sets that are folders of images, one a class
"""
