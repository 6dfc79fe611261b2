"""A small drawn world of hashtagged photos whose truth is known: for the demo, tests and benchmarks.

In: options. Out: a folder of posts with their photos, a target to judge a backbone on, and the truth of both.

    options.py      what `weakly toyworld` takes
    draws.py        chance, as a pure function of keys
    objects/        what there is in the world, and how it looks
    photos.py       a scene, and what is true of it
    camera.py       a photo of a scene: light, lens and sensor
    edits.py        near-duplicates of a photo
    hashtags.py     nouns as people write them in hashtags
    captions.py     what the author of a post wrote under the photo
    annotations.py  boxes and masks in the JSON of COCO
    target.py       class folders, drawn from the same world
    posts.py        a shard of posts on disk
    world.py        the whole world on disk
"""
