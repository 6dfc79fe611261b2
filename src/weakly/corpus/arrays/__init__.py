"""What the rooms of the corpus do with many numbers and bytes.

In: NumPy arrays and Arrow columns. Out: the same.

    numba_loops.py  how a loop is compiled
    ragged.py       many small sets as flat arrays
    arrow_views.py  Arrow columns as their bytes, and a digest of rows
"""
