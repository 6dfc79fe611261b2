"""`weakly label`: posts and a vocabulary become a training set (paper, section 1).

In: posts (or the compact reading of them that the vocabulary keeps) and a vocabulary. Out: the folder of
`training_set.py`, a part for every unit of the input; `labeller.py` says what becomes of a post.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from weakly import artifacts
from weakly.corpus.engine.resumable import Plan, Unfinished, begin, is_made
from weakly.corpus.hashtags.cache import KnownHashtags
from weakly.corpus.hashtags.source import PostSource, open_posts
from weakly.corpus.options import LabelOptions, decisive
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.reader import no_post_kept
from weakly.corpus.posts.remote import facts_of
from weakly.corpus.training_set.image_paths import ImagePlaces
from weakly.corpus.training_set.label_noise import LabelNoise
from weakly.corpus.training_set.labeller import EXCLUDED, Labeller
from weakly.corpus.training_set.takedown import describe_missing, read_ids
from weakly.corpus.training_set.training_set import KIND, TrainingSet, open_training_set
from weakly.corpus.training_set.writer import Parts, PartWriter, finish
from weakly.corpus.vocabulary.select import Resolver, open_resolver
from weakly.corpus.vocabulary.vocabulary import Vocabulary, open_vocabulary
from weakly.errors import InputError
from weakly.progress import plural


def label_posts(options: LabelOptions) -> TrainingSet:
    """Label the posts and write the folder `options.out`.

    Raises:
        InputError: no vocabulary, no folder of images, posts that cannot be read, noise that cannot be, or
            not one post left.
    """
    vocabulary = open_vocabulary(options.vocab)
    LabelNoise(options.noise, options.noise_seed, vocabulary.counts)  # refuses what cannot be
    source = open_posts(options.posts or (str(options.vocab),), options.columns)
    root = options.images or source.root
    if not root.is_dir():
        raise InputError(f"{root} is no folder: --images names the folder that holds the images")
    excluded = read_ids(options.exclude, "--exclude")
    lists = [facts_of(options.exclude)] if options.exclude else []
    decisions = {**decisive(options), "vocab": vocabulary.fingerprint, "images": str(root)}
    plan = Plan("label", decisions, source.facts() + lists, source.sizes, KIND)
    if is_made(options.out, plan, options.overwrite):
        return open_training_set(options.out)
    with begin(options.out, plan, options.overwrite, lambda: source.facts() + lists) as stage:
        task = _LabelUnit(options, source, root, stage.unfinished)
        found = stage.run(task, engine=options.engine, workers=options.workers, title="labelling")
        ledger, parts = source.ledger(), Parts(len(vocabulary))
        kept_in_reading, noise = 0, Counter(labels=0, replaced=0, merged=0)
        excluded_found: set[str] = set()
        for unit, of_unit in enumerate(found):  # added up while others are labelled
            ledger.merge(Ledger.from_dict(of_unit["reading"]))
            parts.add_unit(stage.unfinished, unit, of_unit["part"])
            kept_in_reading += of_unit["kept_in_reading"]
            noise.update(of_unit["noise"])
            excluded_found.update(of_unit["excluded"])
        if not ledger.kept and not kept_in_reading:
            raise no_post_kept(source.files, ledger)
        if not ledger.kept:
            raise _nothing_left(ledger, root)
        facts = {
            "reading": ledger.as_dict(),
            "noise": {"share": options.noise, "seed": options.noise_seed, **noise},
            "excluded_ids": {"given": len(excluded), "posts": ledger.dropped[EXCLUDED]},
        }
        inputs = {"posts": plan.fingerprint}
        manifest = finish(stage.folder, parts, vocabulary, root, asdict(options), inputs, facts)
    missing = describe_missing(options.exclude, excluded, excluded_found)
    print(*ledger.describe(), *_describe(manifest), *missing, sep="\n")
    return open_training_set(options.out)


@dataclass(frozen=True)
class _LabelUnit:
    options: LabelOptions
    source: PostSource
    root: Path
    unfinished: Unfinished

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return open_vocabulary(self.options.vocab)

    @cached_property
    def _known(self) -> KnownHashtags:
        # The lexicon is loaded when the first hashtag is resolved; the vocabulary's own posts need none.
        return KnownHashtags(
            lambda hashtag: self._resolver.resolve(hashtag), vocabulary=self._vocabulary.fingerprint
        )

    @cached_property
    def _resolver(self) -> Resolver:
        return open_resolver(self.options.vocab, self._vocabulary.label_of_spelling)

    @cached_property
    def _labeller(self) -> Labeller:
        options = self.options
        return Labeller(
            ImagePlaces(self.root, look=not options.trust_images),
            LabelNoise(options.noise, options.noise_seed, self._vocabulary.counts),
            read_ids(options.exclude, "--exclude"),
            options.min_side,
        )

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("options", "source", "root", "unfinished")}

    def __call__(self, unit: int) -> None:
        ledger, kept_in_reading = Ledger(), 0
        self._labeller.noise.found.clear()
        self._labeller.excluded_found.clear()
        with PartWriter(self.unfinished.folder, unit, len(self._vocabulary)) as writer:
            for batch, tags in self.source.read(unit, ledger, self._known):
                kept_in_reading += batch.num_rows
                writer.write(self._labeller.label(batch, tags, ledger))
        found = {
            "rows": ledger.rows_read,
            "kept_in_reading": kept_in_reading,
            "reading": ledger.as_dict(),
            "noise": dict(self._labeller.noise.found),
            "excluded": sorted(self._labeller.excluded_found),
        }
        writer.finish(self.unfinished, unit, found)


def _nothing_left(ledger: Ledger, root: Path) -> InputError:
    reasons = "; ".join(
        f"{n:,} {reason}" + "".join(f" (as {example})" for example in ledger.examples[reason][:1])
        for reason, n in ledger.dropped.most_common()
    )
    left = f"no image is left of {plural(ledger.rows_read, 'post')}; dropped: {reasons}"
    return InputError(f"{left}; --images, where images are looked for, is {root}")


def _describe(manifest: artifacts.Manifest) -> Sequence[str]:
    facts = manifest.facts
    lines = [
        f"{plural(facts['images'], 'image')} with {facts['labels_an_image']['mean']:.2f} labels each, "
        f"{facts['labels_with_images']:,} of {plural(facts['labels'], 'label')} in use"
    ]
    noise = facts["noise"]
    if noise["share"]:
        lines.append(f"{noise['replaced']:,} of {noise['labels']:,} labels replaced at random")
    excluded = facts["excluded_ids"]
    if excluded["given"]:
        by = plural(excluded["given"], "excluded id")
        lines.append(f"{plural(excluded['posts'], 'post')} left out by {by}")
    return lines
