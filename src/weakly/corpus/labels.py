"""Posts and a vocabulary become a training set: the labels of every image (paper, section 1).

In come posts; out goes the folder of `training_set.py`, with a row for every post that carries a label and
has an image. Every other post is dropped for one counted reason: the first that applies of "excluded", "no
hashtag", "no hashtag in the vocabulary", and what `image_places.py` says of its image.
"""

from collections.abc import Set
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pyarrow as pa

from weakly import artifacts
from weakly.corpus.hashtags import NormalForms, extract
from weakly.corpus.image_places import ImagePlaces, Place
from weakly.corpus.label_noise import LabelNoise
from weakly.corpus.options import LabelOptions
from weakly.corpus.pairs import distinct_pairs
from weakly.corpus.posts.ledger import Ledger, count
from weakly.corpus.posts.reading import expand, read_posts
from weakly.corpus.training_set import SCHEMA, TrainingSet, TrainingSetWriter, open_training_set
from weakly.corpus.vocabulary import Vocabulary, open_vocabulary
from weakly.errors import InputError
from weakly.progress import Meter

EXCLUDED, NO_HASHTAG, NO_LABEL = "excluded", "no hashtag", "no hashtag in the vocabulary"

_CACHED_HASHTAGS = 1 << 20


class Labeller:
    """Turns batches of posts into rows of a training set.

    Args:
        vocabulary: which hashtags are labels.
        places: finds the images.
        noise: replaces labels; of share 0 it changes nothing.
        excluded: ids of posts to leave out.
        ledger: of the reading; the posts that are dropped here move in it from kept to dropped.

    Attributes:
        excluded_met: which of `excluded` were among the posts.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        places: ImagePlaces,
        noise: LabelNoise,
        excluded: Set[str],
        ledger: Ledger,
    ) -> None:
        self._vocabulary, self._places, self._noise = vocabulary, places, noise
        self._excluded, self._ledger = excluded, ledger
        self._forms = NormalForms()
        self._label_of: dict[str, int] = {}
        self.excluded_met: set[str] = set()

    def label(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Label the posts of one batch; returns rows of the training set's `SCHEMA`, in the same order."""
        candidates = np.ones(batch.num_rows, bool)
        self._drop(batch, candidates, EXCLUDED, self._is_excluded(batch))
        tags = extract(batch, self._forms)
        without = np.ones(batch.num_rows, bool)
        without[tags.row] = False
        self._drop(batch, candidates, NO_HASHTAG, without)
        label = self._resolve(tags.names)[tags.tag]
        row, label = distinct_pairs(tags.row[label >= 0], label[label >= 0], len(self._vocabulary))
        without[:] = True
        without[row] = False
        self._drop(batch, candidates, NO_LABEL, without)
        places = self._find_images(batch, candidates)
        stays = candidates[row]
        row, label = self._noise.replace(batch.column("post_id"), row[stays], label[stays])
        kept = np.flatnonzero(candidates)
        offsets = np.searchsorted(row, np.append(kept, batch.num_rows)).astype(np.int32)
        paths, starts, sizes = zip(*places, strict=True) if places else ((), (), ())
        columns = [
            batch.column("post_id").take(pa.array(kept)),
            pa.array(paths, pa.string()),
            pa.array(starts, pa.int64()),
            pa.array(sizes, pa.int64()),
            pa.ListArray.from_arrays(
                pa.array(offsets), pa.array(label.astype(np.int32)), type=SCHEMA.field("labels").type
            ),
        ]
        return pa.record_batch(columns, schema=SCHEMA)

    def _is_excluded(self, batch: pa.RecordBatch) -> np.ndarray:
        if not self._excluded:
            return np.zeros(batch.num_rows, bool)
        ids = batch.column("post_id").to_pylist()
        excluded = np.array([post_id in self._excluded for post_id in ids], bool)
        self.excluded_met.update(ids[i] for i in np.flatnonzero(excluded))
        return excluded

    def _resolve(self, names: list[str]) -> np.ndarray:
        """int64[n]: the label of every hashtag, or -1."""
        if len(self._label_of) > _CACHED_HASHTAGS:
            self._label_of.clear()
        labels = np.empty(len(names), np.int64)
        for i, name in enumerate(names):
            label = self._label_of.get(name)
            if label is None:
                label = self._label_of[name] = self._vocabulary.resolve(name)
            labels[i] = label
        return labels

    def _find_images(self, batch: pa.RecordBatch, candidates: np.ndarray) -> list[Place]:
        """The places of the images of the candidates that have one; the others stop being candidates."""
        rows = np.flatnonzero(candidates)
        chosen = pa.array(rows)
        columns = [batch.column(name).take(chosen).to_pylist() for name in ("image", "offset", "size")]
        places = []
        refused: dict[str, list[int]] = {}
        for row, image, offset, size in zip(rows.tolist(), *columns, strict=True):
            place = self._places.find(image, offset, size)
            if isinstance(place, Place):
                places.append(place)
            else:
                refused.setdefault(place, []).append(row)
        for reason, of_reason in refused.items():
            mask = np.zeros(batch.num_rows, bool)
            mask[of_reason] = True
            self._drop(batch, candidates, reason, mask)
        return places

    def _drop(self, batch: pa.RecordBatch, candidates: np.ndarray, reason: str, mask: np.ndarray) -> None:
        """Drop the candidates under the mask, for a reason."""
        rows = np.flatnonzero(candidates & mask)
        candidates[rows] = False
        self._ledger.kept -= len(rows)
        for row in rows[:3]:
            post_id, image = batch.column("post_id")[row].as_py(), batch.column("image")[row].as_py()
            self._ledger.drop(reason, 1, f"post {post_id}: image {image}")
        if len(rows) > 3:
            self._ledger.drop(reason, len(rows) - 3)


def label_posts(options: LabelOptions) -> TrainingSet:
    """Label the posts and write the folder `options.out`.

    Raises:
        InputError: no vocabulary, no folder of images, posts that cannot be read, noise that cannot be, or
            not one post left.
    """
    vocabulary = open_vocabulary(options.vocab)
    noise = LabelNoise(options.noise, options.noise_seed, vocabulary.counts)
    root = Path(options.images) if options.images else expand(options.posts)[0].parent
    if not root.is_dir():
        raise InputError(f"{root} is no folder: --images names the folder that holds the images")
    excluded = _read_ids(options.exclude) if options.exclude else frozenset()
    ledger = Ledger()
    labeller = Labeller(vocabulary, ImagePlaces(root), noise, excluded, ledger)
    with artifacts.publish(options.out, overwrite=options.overwrite) as folder:
        writer = TrainingSetWriter(folder, vocabulary, root)
        with Meter("labelling", "posts") as meter:
            for batch in read_posts(options.posts, options.columns, ledger):
                writer.write(labeller.label(batch))
                meter.add(batch.num_rows)
        if not ledger.kept:
            raise InputError(_nothing_left(ledger, root))
        facts = {
            "reading": ledger.as_dict(),
            "noise": {
                "share": noise.share,
                "seed": noise.seed,
                "labels": noise.occurrences,
                "replaced": noise.replaced,
                "merged": noise.merged,
            },
            "excluded_ids": {"given": len(excluded), "met": len(labeller.excluded_met)},
        }
        manifest = writer.close(asdict(options), facts=facts)
    for line in [*ledger.describe(), *_describe(manifest)]:
        print(line)
    return open_training_set(options.out)


def _read_ids(path: Path) -> frozenset[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"--exclude {path}: {error}; expected a text file with a post id a line") from error
    return frozenset(line.strip() for line in lines if line.strip())


def _nothing_left(ledger: Ledger, root: Path) -> str:
    reasons = "; ".join(
        f"{n:,} {reason}" + "".join(f" (as {example})" for example in ledger.examples[reason][:1])
        for reason, n in ledger.dropped.most_common()
    )
    posts = count(ledger.rows_read, "post")
    return (
        f"no image is left of {posts}; dropped: {reasons}; --images, where images are looked for, is {root}"
    )


def _describe(manifest: artifacts.Manifest) -> list[str]:
    facts = manifest.facts
    lines = [
        f"{count(facts['images'], 'image')} with {facts['labels_an_image']['mean']:.2f} labels each, "
        f"{facts['labels_with_images']:,} of {count(facts['labels'], 'label')} in use"
    ]
    noise = facts["noise"]
    if noise["share"]:
        lines.append(f"{noise['replaced']:,} of {noise['labels']:,} labels replaced at random")
    excluded = facts["excluded_ids"]
    if excluded["given"]:
        lines.append(f"{excluded['met']:,} of {count(excluded['given'], 'excluded id')} met")
    return lines
