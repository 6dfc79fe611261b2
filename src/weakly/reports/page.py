"""Sections -> one HTML page that needs no other file.

In: what the sections computed, as plain values and drawings. Out: the page's text. Everything that comes from
posts is escaped by the templates (autoescape is on for all); only the drawings, made here, go in as they are.
"""

import re
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from weakly.progress import plural
from weakly.reports.numbers import compact, duration, percent, points, span, thousands
from weakly.reports.runs import Missing


def render(values: dict[str, Any]) -> str:
    """Fill `templates/page.html`; a name that a template uses and `values` lacks is an error."""
    environment = Environment(
        loader=PackageLoader("weakly.reports"),
        autoescape=True,
        undefined=StrictUndefined,
    )
    environment.tests["missing"] = lambda value: isinstance(value, Missing)
    environment.filters.update(
        thousands=thousands,
        compact=compact,
        percent=percent,
        points=points,
        span=span,
        duration=duration,
        plural=plural,
        code=code,
    )
    source = environment.loader
    assert source is not None
    sheet = Markup(source.get_source(environment, "style.css")[0])
    return environment.get_template("page.html").render(sheet=sheet, **values)


def code(text: str) -> Markup:
    """Text with what stands between `backticks` set as code; all of it escaped."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))
