"""Results -> a pretrained trunk against the same network before training, target by target.

In: the results of runs. Out: a `Comparison` for everything that was measured alike on both, each side a share
of test images with its 95% interval, and their difference with its own. The paper compares with training
from scratch on the target; an untrained trunk is the comparison that needs no second run.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from weakly.reports.runs import Story
from weakly.transfer.intervals import Interval, of_difference
from weakly.transfer.results import Result


@dataclass(frozen=True)
class Comparison:
    """A run on one target, measured in one way: after pretraining, before it, or both.

    Attributes:
        run: its name.
        place: its place among the runs, from 0.
        target: what it was measured on; with the seed, where the same was measured with several.
        protocol: how.
        metric: what is counted.
        trained: of results at several points of the training, the furthest; None where there is none.
        untrained: of the network at its initialisation; None where there is none.
    """

    run: str
    place: int
    target: str
    protocol: str
    metric: str
    trained: Result | None
    untrained: Result | None

    @property
    def difference(self) -> float | None:
        """Trained less untrained, in shares; None where a side is missing."""
        if self.trained is None or self.untrained is None:
            return None
        return self.trained.value - self.untrained.value

    @property
    def interval(self) -> Interval | None:
        """The difference's 95% interval; None where a side is missing."""
        if self.trained is None or self.untrained is None:
            return None
        after, before = self.trained, self.untrained
        return of_difference(after.value, after.n, before.value, before.n)


def compare(stories: Sequence[Story]) -> list[Comparison]:
    """Every target that any run was measured on, in order of first appearance, the runs of each in order."""
    targets: dict[tuple[str, str, str], list[Comparison]] = {}
    for place, story in enumerate(stories):
        alike: dict[tuple[str, str, str, str], list[Result]] = {}
        for result in story.results:
            alike.setdefault((result.task, result.protocol, result.metric, result.config), []).append(result)
        for (task, protocol, metric, _), results in alike.items():
            seeds = {other.seed for (name, *_), own in alike.items() for other in own if name == task}
            target = task if len(seeds) == 1 else f"{task}, seed {results[0].seed}"
            trained = max(
                (result for result in results if not result.untrained),
                key=lambda result: result.images_seen,
                default=None,
            )
            untrained = next((result for result in results if result.untrained), None)
            targets.setdefault((task, protocol, metric), []).append(
                Comparison(story.name, place, target, protocol, metric, trained, untrained)
            )
    return [comparison for own in targets.values() for comparison in own]
