"""What a person should know of a vocabulary: where every hashtag went, which spellings became one label.

In come the counts of one reading and which candidate labels stay; out go facts for the manifest, the table of
the commonest hashtags left out, and lines to print.
"""

import heapq
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.vocabulary.count import Counts, LeftOut
from weakly.corpus.vocabulary.merge import Candidates
from weakly.corpus.vocabulary.select import NOT_IN_LEXICON, NOT_SELECTED, STOPPED
from weakly.progress import plural

LEFT_OUT, MERGES = 100, 50
"""How many of the commonest hashtags that are no label, and how many merged labels, are listed."""

_REASONS = {NOT_IN_LEXICON: "not in the lexicon", NOT_SELECTED: "not selected", STOPPED: "stop-hashtag"}
_RARE, _REPEATED = "below --min-count or --min-authors", "repeated in the post"


def hashtag_facts(counts: Counts, kept: np.ndarray, rare: np.ndarray) -> dict[str, Any]:
    """Every hashtag written, by what became of it; the numbers of `dropped` and `kept` add up to `written`.

    Labels bool[C] that stay are `kept`; those with too few posts or authors are `rare`.
    """
    dropped = {reason: counts.unresolved[-number] for number, reason in _REASONS.items()}
    dropped[_REASONS[NOT_SELECTED]] += counts.label_hashtags[~kept & ~rare].sum()  # not the N most frequent
    dropped[_RARE] = counts.label_hashtags[~kept & rare].sum()
    merged = (counts.label_hashtags - counts.label_posts)[kept].sum()
    dropped[_REPEATED] = counts.written[0] - counts.distinct[0] + merged
    return {
        "written": int(counts.written[0]),
        "kept": int(counts.label_posts[kept].sum()),
        "dropped": {reason: int(n) for reason, n in dropped.items()},
    }


def post_facts(ledger: Ledger, counts: Counts, labels_a_post: np.ndarray) -> dict[str, Any]:
    """Posts read, those with a hashtag, those that keep a label, and how many labels these have."""
    return {
        "read": ledger.rows_read,
        "with_a_hashtag": int(counts.posts_with_hashtag[0]),
        "with_a_label": int(labels_a_post[1:].sum()),
        "by_number_of_labels": {str(k): int(n) for k, n in enumerate(labels_a_post) if k and n},
    }


def left_out(
    candidates: Candidates, counts: Counts, met: LeftOut, kept: np.ndarray, rare: np.ndarray
) -> pa.Table:
    """The commonest hashtags that are no label: columns hashtag, posts (int64) and reason, most posts first.

    Hashtags of labels that do not stay are listed by their spelling.
    """
    found = met.most_common(LEFT_OUT)
    rows = [(hashtag, posts, _REASONS[candidates.resolver.resolve(hashtag)]) for hashtag, posts in found]
    dropped = np.flatnonzero(~kept[candidates.label] & (counts.spelling_posts > 0))
    for row in dropped[np.argsort(-counts.spelling_posts[dropped], kind="stable")][:LEFT_OUT]:
        reason = _RARE if rare[candidates.label[row]] else _REASONS[NOT_SELECTED]
        rows.append((candidates.spellings[row], int(counts.spelling_posts[row]), reason))
    rows = sorted(rows, key=lambda row: (-row[1], row[0]))[:LEFT_OUT]
    schema = pa.schema({"hashtag": pa.string(), "posts": pa.int64(), "reason": pa.string()})
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema)


def largest_merges(names: list[str], spellings: list[Mapping[str, int]]) -> list[dict[str, Any]]:
    """The labels to which merging brought most posts (those of all spellings but the commonest), with the
    spellings that were met and their posts."""
    both = zip(names, spellings, strict=True)
    merged = [(sum(own.values()) - max(own.values()), name, own) for name, own in both if len(own) > 1]
    return [
        {"name": name, "spellings": dict(sorted(met.items(), key=lambda item: (-item[1], item[0])))}
        for brought, name, own in heapq.nsmallest(MERGES, merged, key=lambda merge: -merge[0])
        if brought and (met := {spelling: n for spelling, n in own.items() if n})
    ]


def describe(facts: Mapping[str, Any]) -> list[str]:
    """Plain lines for a person who has just made a vocabulary."""
    posts, hashtags = facts["posts"], facts["hashtags"]
    lines = [
        f"{plural(facts['labels'], 'label')} of {plural(facts['spellings_met'], 'hashtag spelling')}; "
        f"{posts['with_a_label']:,} of {posts['read']:,} posts carry one",
        f"{hashtags['kept']:,} of {hashtags['written']:,} hashtags are kept",
        *(f"  {n:,} dropped: {reason}" for reason, n in hashtags["dropped"].items() if n),
    ]
    if own := facts["labels_of_their_own"]:
        lines.append(f"{plural(own, 'label')} WordNet lacks, taken as they are written")
    if commonest := facts["left_out"][:10]:
        said = ", ".join(f"#{row['hashtag']} {row['posts']:,}" for row in commonest)
        lines.append(f"commonest left out: {said}")
    return lines
