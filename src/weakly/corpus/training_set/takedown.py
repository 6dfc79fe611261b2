"""`weakly takedown`: leave posts out of a training set that is already made.

In: a training set and ids of posts. Out: another training set without them, with a fingerprint of its own; no
post is read again, no image touched. A run that began with the first one cannot go on with the second.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weakly import artifacts
from weakly.corpus.options import TakedownOptions
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.training_set.post_ids import describe_missing, read_ids
from weakly.corpus.training_set.training_set import KIND, TrainingSet, open_training_set
from weakly.corpus.training_set.writer import Parts, PartWriter, finish_derived
from weakly.errors import InputError
from weakly.progress import Meter, plural

TAKEN_DOWN = "taken down"


def take_down(options: TakedownOptions) -> TrainingSet:
    """Write the folder `options.out`: the training set without the posts named.

    Raises:
        InputError: the training set or the list cannot be read, no id of the list is in it, or no image is
            left.
    """
    before = open_training_set(options.training_set, options.image_root)
    ids = read_ids(options.ids, "--ids")
    ledger = Ledger.from_dict(before.manifest.facts["reading"])
    with artifacts.publish(options.out, KIND, overwrite=options.overwrite) as folder:
        parts, found = _write_without(before, ids, ledger, folder)
        images = sum(parts.rows)
        if images == len(before):
            raise InputError(
                f"none of {plural(len(ids), 'id')} in {options.ids} is a post of {options.training_set}: "
                "expected post ids as `weakly show` lists them, one a line"
            )
        if not images:
            raise InputError(f"{options.ids} names every post of {options.training_set}: no image is left")
        finish_derived(folder, parts, before, before.root, options, ledger)
    for line in describe_missing(options.ids, ids, found):
        print(line)
    gone = len(before) - images
    print(
        f"{plural(gone, 'image')} of {len(before):,} taken down by {plural(len(ids), 'id')}; {images:,} left"
    )
    return open_training_set(options.out)


def _write_without(
    before: TrainingSet, ids: frozenset[str], ledger: Ledger, folder: Path
) -> tuple[Parts, set[str]]:
    """Write the parts; also which of the ids were found."""
    parts, found = Parts(len(before.vocabulary)), set[str]()
    unwanted = pa.array(sorted(ids), pa.string())
    with Meter("copying", "images", len(before)) as meter:
        for number, batches in enumerate(before.parts()):
            with PartWriter(folder, number, len(before.vocabulary)) as writer:
                for batch in batches:
                    bare = pc.utf8_trim_whitespace(batch.column("post_id"))  # pyright: ignore[reportAttributeAccessIssue]
                    gone = pc.is_in(bare, unwanted)  # pyright: ignore[reportAttributeAccessIssue]
                    found.update(bare.filter(gone).to_pylist())
                    taken = np.flatnonzero(gone.to_numpy(zero_copy_only=False))
                    ledger.kept -= len(taken)
                    for row in taken.tolist():
                        ledger.drop(TAKEN_DOWN, 1, f"post {batch.column('post_id')[row]}")
                    writer.write(batch.filter(pc.invert(gone)))  # pyright: ignore[reportAttributeAccessIssue]
                    meter.add(batch.num_rows)
            parts.add(writer.part, writer.label_counts)
    return parts, found
