"""A short name -> the examples that a backbone is judged on.

In: a name such as `folder:DIR`. Out: classes, the images of the training and the test part, and which of the
training images are held out to choose by.

    class_folders.py   a folder of images for each class, in train/ and test/
"""
