"""The task in PySpark's DataFrame API, in one local JVM.

The pairs of post and candidate are persisted, so captions are read once; the lexicon and the kept labels are
broadcast.
"""

# pyright: reportMissingImports=false

import os

from corpus_peers.task import Task

_PATTERN = r"https?://\S+|[#＃]([\p{L}\p{N}_]+)"


def run(task: Task) -> None:
    """One reading of the captions, then one of ids and images."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    from pyspark import StorageLevel
    from pyspark.sql import SparkSession, Window
    from pyspark.sql import functions as F  # noqa: N812 (as everyone writes it)

    settings = {
        "spark.driver.memory": task.options.get("memory", "4g"),
        "spark.driver.extraJavaOptions": "-XX:+UseSerialGC" if task.cores == 1 else "",
        "spark.sql.shuffle.partitions": "32",
        "spark.sql.autoBroadcastJoinThreshold": str(64 << 20),
        "spark.ui.enabled": "false",
        "spark.local.dir": f"{task.out}/spilled",
    }
    builder = SparkSession.builder.master(f"local[{task.cores}]").appName("corpus")
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    posts = spark.read.parquet(*task.posts)
    lexicon = F.broadcast(spark.read.parquet(task.lexicon))
    tagged = (
        posts.select("post_id", F.explode(F.regexp_extract_all("caption", F.lit(_PATTERN))).alias("hashtag"))
        .withColumn("hashtag", F.lower("hashtag"))
        .join(lexicon, "hashtag")
        .select("post_id", "candidate")
        .distinct()
        .persist(StorageLevel.MEMORY_AND_DISK)
    )
    order = Window.orderBy(F.desc("posts"), "candidate")
    kept = (
        tagged.groupBy("candidate")
        .agg(F.count("*").alias("posts"))
        .withColumn("label", F.row_number().over(order) - 1)
        .where(F.col("label") < task.keep)
        .select("candidate", "label")
    )
    labelled = (
        tagged.join(F.broadcast(kept), "candidate")
        .groupBy("post_id")
        .agg(F.sort_array(F.collect_list("label")).alias("labels"))
    )
    rows = posts.select("post_id", "image").join(labelled, "post_id")
    rows.select("post_id", "image", "labels").write.parquet(task.result)
    spark.stop()
