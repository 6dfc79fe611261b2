"""`weakly report`: runs -> one HTML page.

In: folders that `weakly pretrain` wrote, and what they point to. Out: a folder with `index.html`, which shows
what went in, what happened, and what the backbone is worth, and needs no other file and no network.
"""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import torch

from weakly import __version__, artifacts
from weakly.artifacts import Manifest
from weakly.corpus.training_set.training_set import open_training_set
from weakly.errors import InputError
from weakly.reports.comparison import compare
from weakly.reports.options import ReportOptions
from weakly.reports.page import render
from weakly.reports.runs import Missing, Story, read_stories
from weakly.reports.sections.answer import answer_section
from weakly.reports.sections.drops import drops_section
from weakly.reports.sections.labels import known_section
from weakly.reports.sections.pretraining import pretraining_section
from weakly.reports.sections.probe import probe_section
from weakly.reports.sections.reproduce import reproduce_section
from weakly.reports.sections.resampling import plan_section
from weakly.reports.sections.vocabulary import vocabulary_section

KIND = "report"
PAGE = "index.html"
HEADINGS = {
    "answer": "The answer first",
    "vocabulary": "The labels",
    "drops": "What was dropped, and why",
    "plan": "How often each image comes",
    "pretraining": "Pretraining",
    "probe": "What the features are worth",
    "known": "Labels known best and worst",
    "reproduce": "To do this again",
}
"""The sections in the order of the page, by the name of their template."""


def write_report(options: ReportOptions) -> Path:
    """Write the page; returns its path.

    Raises:
        InputError: a folder is not a run, the held-out photos do not fit a run, or --out is occupied.
    """
    if options.image_root is not None and not options.image_root.is_dir():
        raise InputError(f"--image-root {options.image_root} is no folder; expected that of the photos")
    try:
        torch.empty(0, device=options.device)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"--device {options.device}: {reason}; expected cpu, cuda or cuda:1") from error
    # Refused before the work, not after it.
    artifacts.refuse_occupied(options.out, options.overwrite, KIND)
    stories = read_stories(options.runs, options.image_root)
    text = _page(stories, options)
    with artifacts.publish(options.out, KIND, overwrite=options.overwrite) as folder:
        (folder / PAGE).write_text(text, encoding="utf-8")
        artifacts.write_manifest(
            folder,
            Manifest(
                kind=KIND,
                fingerprint=artifacts.fingerprint(text),
                options=asdict(options),
                inputs={f"run {story.name}": story.manifest.fingerprint for story in stories},
                facts={"runs": [str(story.folder) for story in stories]},
            ),
        )
    page = options.out / PAGE
    print(f"wrote {page}: open it in a browser")
    return page


def _page(stories: list[Story], options: ReportOptions) -> str:
    held_out = None if options.held_out is None else open_training_set(options.held_out)
    comparisons = compare(stories)
    sets = _shared(stories, _training_set)
    return render(
        {
            "title": f"Pretraining on hashtags: {', '.join(story.name for story in stories)}",
            "version": __version__,
            "headings": HEADINGS,
            "stories": stories,
            "answer": answer_section(stories, comparisons),
            "vocabularies": [
                (names, vocabulary_section(story.training_set, story.vocabulary, place))
                for place, (names, story) in enumerate(sets)
            ],
            "drops": [
                (names, drops_section(story.training_set, story.vocabulary, place))
                for place, (names, story) in enumerate(sets)
            ],
            "plans": [
                (names, plan_section(story, place))
                for place, (names, story) in enumerate(_shared(stories, _plan))
            ],
            "pretraining": pretraining_section(stories),
            "probe": probe_section(stories, comparisons),
            "knowns": [known_section(story, held_out, options) for story in stories],
            "reproduce": reproduce_section(stories),
        }
    )


def _shared(stories: list[Story], what: Callable[[Story], str]) -> list[tuple[str, Story]]:
    """The names of the runs for which `what` is the same, and one of them; in order."""
    shared: dict[str, list[Story]] = {}
    for story in stories:
        shared.setdefault(what(story), []).append(story)
    return [(", ".join(story.name for story in own), own[0]) for own in shared.values()]


def _training_set(story: Story) -> str:
    return story.manifest.inputs["training_set"]


def _plan(story: Story) -> str:
    """What is missing is told for each run."""
    return str(story.folder) if isinstance(story.plan, Missing) else story.plan.fingerprint
