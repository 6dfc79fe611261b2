"""Posts, whatever they are kept in, become one stream of Arrow batches.

In: files, patterns, folders and URLs of posts. Out: record batches of one schema, and a ledger of what became
of every post.

    files -> pieces, gathered into units -> rows of one format -> posts -> Arrow batches
                                                  |
                                          dropped, and counted         rows read = rows kept + rows dropped

    schema.py       the one schema of posts, and how large a batch is
    ledger.py       what became of every post
    remote.py       files on this machine, in an object store, on the web
    file_names.py   which files the user means, and of which kind each is
    units.py        files cut into pieces, and pieces gathered into units of work
    columns.py      whether a file has the columns that the user named
    rows.py         rows of any format become posts in batches, or are counted
    text_lines.py   the lines of a text file, plain or compressed
    json_lines.py   JSON lines
    csv_records.py  the records of CSV and TSV, where a stray quote costs one line
    csv_tables.py   CSV and TSV
    yfcc100m.py     the metadata of YFCC100M
    tar_index.py    what lies where inside a tar
    webdataset.py   WebDataset tars
    parquet.py      Parquet
    reader.py       the reader of each kind
"""
