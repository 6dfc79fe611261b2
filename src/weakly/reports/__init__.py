"""Artifacts and results -> what a person reads.

In: runs and what they point to. Out: one HTML page, or lines on the terminal about any folder that weakly
wrote.

    options.py     what `weakly report` and `weakly show` take
    runs.py        a run's folder, opened once, with what is missing and why
    comparison.py  the pretrained trunk against the same network before training
    sections/      what each section of the page says, computed
    charts.py      numbers to drawings
    svg.py         drawings in the colours of the page
    numbers.py     numbers as a reader wants them
    page.py        sections to the page, through `templates/`
    report.py      `weakly report`
    show.py        `weakly show`
"""
