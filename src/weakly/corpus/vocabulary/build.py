"""`weakly vocab`: posts are read once, and out comes a vocabulary (paper, section 1).

In: posts, and what hashtags are wanted. Out: the vocabulary's folder. The posts are read in units; each
leaves its counts, and its posts with their hashtags for later stages (`hashtags/compact_posts.py`):

    manifest.json  vocabulary.parquet  left_out.parquet (the commonest hashtags that are no label)  posts/
"""

import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial, reduce
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq

from weakly import artifacts
from weakly.corpus.arrays.ragged import add_histograms
from weakly.corpus.engine.resumable import Plan, Stage, Unfinished, begin, is_made
from weakly.corpus.hashtags import compact_posts
from weakly.corpus.hashtags.cache import KnownHashtags
from weakly.corpus.hashtags.compact_posts import HashtaggedWriter
from weakly.corpus.hashtags.source import PostSource, open_posts
from weakly.corpus.options import VocabOptions, decisive
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.reader import no_post_kept
from weakly.corpus.vocabulary import summary
from weakly.corpus.vocabulary.count import Counts, DistinctAuthors, LabelCounter, LeftOut, labels_a_post
from weakly.corpus.vocabulary.merge import Candidates, choose
from weakly.corpus.vocabulary.vocabulary import KIND, LEFT_OUT_FILE, Label, Vocabulary, open_vocabulary
from weakly.corpus.wordnet import lexicon
from weakly.corpus.wordnet.other_lexicons import extend
from weakly.errors import InputError

_LABELS, _COUNTS, _AUTHORS, _LEFT_OUT = ".labels", ".counts.npz", ".authors.npz", ".left_out.arrow"


class _Tally(NamedTuple):
    """What is known when every unit is done."""

    candidates: Candidates
    counts: Counts
    authors: np.ndarray  # int64[C], distinct authors of each candidate, exact up to the number asked for
    left_out: LeftOut
    ledger: Ledger


def build_vocabulary(options: VocabOptions) -> Vocabulary:
    """Choose, merge and count labels in one reading of the posts, and write the folder `options.out`.

    The count of a label is the number of posts that carry it. With `top:N`, the N labels of most posts stay
    (by `Candidates.keys` where they tie); with `min_count`, those that at least so many posts carry; with
    `min_authors`, those that at least so many people use.

    Raises:
        InputError: a selection that is none, posts that cannot be read, or no post with a selected hashtag.
    """
    with _many_objects():
        nouns, added = extend(lexicon.load(), options.lexicons)
        lists = {name: getattr(options, name) for name in ("under", "include", "exclude", "stop")}
        candidates = choose(options.select, options.merge, nouns, **lists)
    source = open_posts(options.posts, options.columns)
    decisions = {**decisive(options), "selection": candidates.select}
    plan = Plan("vocab", decisions, source.facts(), source.sizes, KIND)
    if is_made(options.out, plan, options.overwrite):
        return open_vocabulary(options.out)
    with begin(options.out, plan, options.overwrite, source.facts) as stage:
        tally = _read(stage, source, candidates, options)
        lonely, posts = tally.authors < options.min_authors, tally.counts.label_posts
        # One of too few authors counts as one of no posts: it is not among the N most frequent either.
        kept = candidates.keep(np.where(lonely & ~candidates.always, -1, posts), options.min_count)
        rare = lonely | (posts < options.min_count)
        if not kept.any():
            authors = f", --min-authors {options.min_authors}" if options.min_authors else ""
            raise InputError(
                f"no label is left of {tally.counts.written[0]:,} hashtags "
                f"in {tally.ledger.rows_read:,} posts: check --columns, --select {options.select} "
                f"and --min-count {options.min_count}{authors}"
            )
        with _many_objects():
            labels = _labels(tally, kept)
            left_out = summary.left_out(candidates, tally.counts, tally.left_out, kept, rare)
            pq.write_table(left_out, stage.folder / LEFT_OUT_FILE)
            spellings = [label.spellings for label in labels]
            facts = {
                "labels": len(labels),
                "labels_of_their_own": sum(not label.synsets for label in labels),
                "spellings": sum(map(len, spellings)),
                "spellings_met": sum(n > 0 for own in spellings for n in own.values()),
                "posts": summary.post_facts(tally.ledger, tally.counts, _histogram(stage, kept)),
                "hashtags": summary.hashtag_facts(tally.counts, kept, rare),
                "largest_merges": summary.largest_merges([label.name for label in labels], spellings),
                "left_out": left_out.to_pylist(),
                "left_out_undercount_at_most": tally.left_out.undercount,
                "lexicons": [asdict(source) for source in added],
                "reading": tally.ledger.as_dict(),
            }
            candidates.resolver.save(stage.folder)
            vocabulary = Vocabulary.from_labels(labels, candidates.select, options.merge, facts)
            _describe_posts(stage, source, tally, vocabulary)
            vocabulary.save(stage.folder, asdict(options), {"posts": plan.fingerprint})
    said = [source.describe() for source in added]
    for line in [*said, *tally.ledger.describe(), *summary.describe(facts)]:
        print(line)
    return vocabulary


@contextmanager
def _many_objects() -> Iterator[None]:
    """Have no garbage collected, which looks at the objects that are made and stay time and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@dataclass(frozen=True)
class _CountUnit:
    """What a worker does with a unit; what it learns from one to the next changes its speed only."""

    options: VocabOptions
    source: PostSource
    unfinished: Unfinished
    candidates: Candidates
    known: KnownHashtags

    def __call__(self, unit: int) -> None:
        ledger, authors = Ledger(), DistinctAuthors(self.options.min_authors)
        labels_file = self.unfinished.unit_path(unit, _LABELS)
        writer = HashtaggedWriter(self.unfinished.folder / compact_posts.FOLDER, unit)
        with writer, LabelCounter(self.candidates, labels_file) as counter:
            for batch, tags in self.source.read(unit, ledger, self.known):
                writer.write(batch, tags)
                row, label = counter.add(tags)
                author = batch.column("author").take(row) if authors.most else batch.column("author")[:0]
                known = author.is_valid().to_numpy(zero_copy_only=False)
                authors.add(label[: len(known)][known], author.drop_null().to_numpy())
        counter.counts.save(self.unfinished.unit_path(unit, _COUNTS))
        authors.save(self.unfinished.unit_path(unit, _AUTHORS))
        counter.left_out.save(self.unfinished.unit_path(unit, _LEFT_OUT))
        found = {"rows": ledger.rows_read, "reading": ledger.as_dict()}
        self.unfinished.finish(unit, found, (_LABELS, _COUNTS, _AUTHORS, _LEFT_OUT))


def _read(stage: Stage, source: PostSource, candidates: Candidates, options: VocabOptions) -> _Tally:
    (stage.folder / compact_posts.FOLDER).mkdir(exist_ok=True)
    known = KnownHashtags(candidates.resolver.resolve)
    task = _CountUnit(options, source, stage.unfinished, candidates, known)
    found = stage.run(task, engine=options.engine, workers=options.workers, title="counting")
    ledger, left_out = source.ledger(), LeftOut()
    counts, authors = Counts.zero(candidates), DistinctAuthors(options.min_authors)
    for unit, of_unit in enumerate(found):  # added up while others are read
        ledger.merge(Ledger.from_dict(of_unit["reading"]))
        left_out.add_saved(stage.unfinished.unit_path(unit, _LEFT_OUT))
        counts.add_saved(stage.unfinished.unit_path(unit, _COUNTS))
        authors.add_saved(stage.unfinished.unit_path(unit, _AUTHORS))
    if not ledger.kept:
        raise no_post_kept(source.files, ledger)
    return _Tally(candidates, counts, authors.counts(len(candidates.keys)), left_out, ledger)


def _histogram(stage: Stage, kept: np.ndarray) -> np.ndarray:
    files = (stage.unfinished.unit_path(unit, _LABELS) for unit in range(len(stage.plan.sizes)))
    with ThreadPoolExecutor() as threads:
        return reduce(add_histograms, threads.map(partial(labels_a_post, kept=kept), files))


def _describe_posts(stage: Stage, source: PostSource, tally: _Tally, vocabulary: Vocabulary) -> None:
    """Write the labels of the posts that were kept for later stages, and their manifest."""
    folder, reading = stage.folder / compact_posts.FOLDER, tally.ledger.as_dict()
    labels = [vocabulary.label_of_spelling.get(spelling, -1) for spelling in tally.candidates.spellings]
    np.save(folder / compact_posts.LABELS_FILE, np.array(labels, np.int32))
    facts = {
        "parts": len(stage.plan.sizes),
        "posts": tally.ledger.kept,
        "vocabulary": vocabulary.fingerprint,
        "root": str(source.root),
        "reading": reading,
        "inputs": [file.as_dict() for file in stage.plan.inputs],
    }
    fingerprint = artifacts.fingerprint(compact_posts.KIND, stage.plan.fingerprint, reading)
    inputs = {"posts": stage.plan.fingerprint}
    manifest = artifacts.Manifest(compact_posts.KIND, fingerprint, inputs=inputs, facts=facts)
    artifacts.write_manifest(folder, manifest)


def _labels(tally: _Tally, kept: np.ndarray) -> list[Label]:
    """The labels that stay, by `Candidates.keys`."""
    candidates, counts = tally.candidates, tally.counts
    numbers = sorted(np.flatnonzero(kept).tolist(), key=candidates.keys.__getitem__)
    spellings: dict[int, dict[str, int]] = {number: {} for number in numbers}
    rows = np.flatnonzero(kept[candidates.label])
    columns = (rows, candidates.label[rows], counts.spelling_posts[rows])
    for row, number, posts in zip(*(column.tolist() for column in columns), strict=True):
        spellings[number][candidates.spellings[row]] = posts
    wnids, label_posts = candidates.resolver.lexicon.wnids, counts.label_posts.tolist()
    return [
        Label(
            name=candidates.name(number, own),
            synsets=tuple([wnids[synset] for synset in candidates.synsets[number]]),
            spellings=own,
            count=label_posts[number],
        )
        for number, own in spellings.items()
    ]
