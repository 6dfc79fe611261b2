"""`weakly takedown`: leave posts out of a training set that is already made.

In: a training set and ids of posts. Out: another training set without them, with a fingerprint of its own; no
post is read again, no image touched. A run that began with the first one cannot go on with the second.
"""

from collections.abc import Set
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weakly import artifacts
from weakly.corpus.options import TakedownOptions
from weakly.corpus.posts.ledger import Ledger
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
    gone, named = plural(len(before) - images, "image"), plural(len(ids), "id")
    print(f"{gone} of {len(before):,} taken down by {named}; {images:,} left")
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


def read_ids(path: Path | None, flag: str) -> frozenset[str]:
    """Read ids of posts to leave out, one a line, from the file that a flag names; none without a file.

    Ids are compared without white space around them, on both sides; blank lines are none.

    Raises:
        InputError: it is no text file.
    """
    if path is None:
        return frozenset()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{flag} {path}: {error}; expected a text file with a post id a line") from error
    return frozenset(line.strip() for line in lines if line.strip())


def describe_missing(path: Path | None, ids: Set[str], found: Set[str]) -> list[str]:
    """A line that names ids that no post has; none where each has one."""
    missing = sorted(ids - found)
    if not missing:
        return []
    shown = ", ".join(map(repr, missing[:5])) + ", ..." * (len(missing) > 5)
    return [f"of {plural(len(ids), 'id')} in {path}, {len(missing):,} named no post: {shown}"]
