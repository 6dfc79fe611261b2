"""Runs and results -> one HTML page that a person can read, and plain text about any folder.

In: folders that `weakly pretrain` wrote, with the results in them. Out: a page that needs no other file; or,
for `weakly show`, lines of text.

    options.py      what `weakly report` and `weakly show` take
    report.py       `weakly report`: runs -> the page
    runs.py         a run's folder -> everything the page is made of, opened once
    sections/       one module for each section of the page
    comparison.py   results -> a pretrained trunk against the same network before training
    intervals.py    accuracies with n -> the 95% intervals printed beside them
    numbers.py      numbers as a reader wants them: separators, percentages, durations
    charts.py       numbers -> the charts of the page
    svg.py          a matplotlib figure -> inline SVG
    page.py         sections -> HTML, by the templates in `templates/`
    show.py         `weakly show`: any folder that weakly wrote -> plain text
"""
