"""The task in DuckDB's SQL.

Of the formulations tried, the fastest: splitting at `#` beats `regexp_extract_all`, links are taken out only
where there is a `://`, and captions are read once, into a table of distinct (post, candidate) pairs.
"""

# pyright: reportMissingImports=false

import duckdb

from corpus_peers.task import Task

_SPACED = r"""
    replace(CASE WHEN contains(caption, '://') THEN regexp_replace(caption, 'https?://\S+', ' ', 'g')
                 ELSE caption END, '＃', '#')
"""
_TAGGED = rf"""
    CREATE TEMP TABLE tagged AS
    WITH pieces AS (SELECT post_id, unnest(string_split({_SPACED}, '#')[2:]) AS piece FROM posts),
         written AS (SELECT post_id, lower(regexp_extract(piece, '^[\p{{L}}\p{{N}}_]+')) AS hashtag
                     FROM pieces)
    SELECT DISTINCT post_id, candidate FROM written JOIN lexicon USING (hashtag)
"""
_KEPT = """
    CREATE TEMP TABLE kept AS
    SELECT candidate, (row_number() OVER (ORDER BY posts DESC, candidate) - 1)::INTEGER AS label
    FROM (SELECT candidate, count(*) AS posts FROM tagged GROUP BY candidate)
    ORDER BY label LIMIT $keep
"""
_RESULT = """
    COPY (
        WITH labelled AS (SELECT post_id, list(label ORDER BY label) AS labels
                          FROM tagged JOIN kept USING (candidate) GROUP BY post_id)
        SELECT post_id, image, labels FROM posts JOIN labelled USING (post_id)
    ) TO '{}' (FORMAT parquet, COMPRESSION snappy)
"""


def run(task: Task) -> None:
    """One reading of the captions, then one of ids and images."""
    with duckdb.connect(config={"threads": task.cores, "preserve_insertion_order": False}) as connection:
        if "memory" in task.options:
            connection.execute(f"SET memory_limit = '{task.options['memory']}'")
        connection.execute(f"SET temp_directory = '{task.out}/spilled'")
        connection.from_parquet(task.posts).create_view("posts")
        connection.execute("CREATE TEMP TABLE lexicon AS FROM read_parquet($file)", {"file": task.lexicon})
        connection.execute(_TAGGED)
        connection.execute(_KEPT, {"keep": task.keep})
        connection.execute(_RESULT.format(task.result))
