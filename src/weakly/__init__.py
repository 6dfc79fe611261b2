"""weakly: pretraining vision backbones on hashtagged photographs.

The verbs of the command line are functions here too, and take the same options; each is imported when it is
first asked for, so `import weakly` is cheap:

    weakly.vocab(weakly.VocabOptions(posts=("posts.jsonl",), out=Path("vocabulary")))
    backbone = weakly.load("run")
"""

import importlib
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "demo": "weakly.demo.run:demo",
    "toyworld": "weakly.toyworld.world:make_world",
    "vocab": "weakly.corpus.vocabulary.build:build_vocabulary",
    "label": "weakly.corpus.training_set.build:label_posts",
    "takedown": "weakly.corpus.training_set.takedown:take_down",
    "pretrain": "weakly.training.loop:pretrain",
    "probe": "weakly.transfer.probe:probe",
    "tag": "weakly.transfer.tag:tag",
    "report": "weakly.reports.report:write_report",
    "show": "weakly.reports.show:show",
    "load": "weakly.training.checkpoint:load_pretrained",
    "InputError": "weakly.errors:InputError",
    "DemoOptions": "weakly.demo.run:DemoOptions",
    "ToyWorldOptions": "weakly.toyworld.options:ToyWorldOptions",
    "VocabOptions": "weakly.corpus.options:VocabOptions",
    "LabelOptions": "weakly.corpus.options:LabelOptions",
    "PostColumns": "weakly.corpus.options:PostColumns",
    "TakedownOptions": "weakly.corpus.options:TakedownOptions",
    "PretrainOptions": "weakly.training.options:PretrainOptions",
    "ProbeOptions": "weakly.transfer.options:ProbeOptions",
    "TagOptions": "weakly.transfer.options:TagOptions",
    "ReportOptions": "weakly.reports.options:ReportOptions",
    "ShowOptions": "weakly.reports.options:ShowOptions",
}


def find(name: str) -> Any:
    """Import and return a verb's function, its options, or another name of the table above.

    The same as `weakly.NAME`, but for `demo` and `toyworld`, which are modules of these names too.
    """
    module, _, attribute = _HOMES[name].partition(":")
    return getattr(importlib.import_module(module), attribute)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'weakly' has no attribute {name!r}")
    return find(name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
