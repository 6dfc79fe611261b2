"""The hashtags that people wrote, as numbers.

In: batches of posts. Out: `Hashtags`, a batch's; and the compact posts, which later stages read instead.

    "#Cat ＃ＣＡＴ #dog"     bytes of a caption
        │  scan_captions
     Pieces               what is found: where each lies, and a hash of its bytes
        │  look_up
     KnownHashtags        what the process remembers: hash -> "cat" -> 17, what it stands for; each once
        │  number
     Names                what numbers hold within a unit: 0 "cat", 1 "dog", in the order it first has them
        │
     Hashtags             of a batch, each once a post: 0, 1

    normal_form.py    what a hashtag is, and its normal form
    scan.py           the pieces of a caption's bytes that may be hashtags
    cache.py          what a process remembers of hashtags
    extract.py        batches of posts to numbered hashtags
    compact_posts.py  posts with their hashtags found and captions gone, written and read
    source.py         where a verb's posts come from: files, or compact posts
"""
