"""What the rooms of the corpus do with many numbers and bytes.

In: NumPy arrays and Arrow columns. Out: the same.

    numba_loops.py  how a loop is compiled
    hash_table.py   distinct hashes, numbered as they are met
    ragged.py       many small sets as flat arrays
    arrow_views.py  Arrow columns as their bytes, and a digest of rows
"""
