"""Training sets made of rows, for tests of what reads them."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from weakly import artifacts
from weakly.corpus.training_set.training_set import TrainingSet, open_training_set
from weakly.corpus.training_set.writer import Parts, PartWriter, finish
from weakly.corpus.vocabulary.vocabulary import Vocabulary


def write_parts(
    folder: Path, vocabulary: Vocabulary, root: Path, parts: Sequence[Sequence[pa.RecordBatch]]
) -> TrainingSet:
    """Write a training set of these parts and open it."""
    written = Parts(len(vocabulary))
    with artifacts.publish(folder, overwrite=True) as partial:
        for number, batches in enumerate(parts):
            with PartWriter(partial, number, len(vocabulary)) as writer:
                for batch in batches:
                    writer.write(batch)
            written.add(writer.part, writer.label_counts)
        finish(partial, written, vocabulary, root)
    return open_training_set(folder)
