"""Numbers as a reader wants them: separators, percentages, points, durations."""


def thousands(value: float) -> str:
    """A count with separators, rounded to a whole number: 1,234,567."""
    return f"{value:,.0f}"


def percent(share: float, digits: int = 1) -> str:
    """A share of 1 as a percentage: 12.3%."""
    return f"{share:.{digits}%}"


def span(interval: tuple[float, float]) -> str:
    """Both ends of an interval of shares as percentages: 60.2–66.1%."""
    low, high = interval
    return f"{100 * low:.1f}\N{EN DASH}{100 * high:.1f}%"


def points(share: float) -> str:
    """A difference of shares in percentage points, with its sign and a true minus: +4.2."""
    text = f"{100 * share:+.1f}"
    return text.replace("-", "\N{MINUS SIGN}") if text != "-0.0" else "+0.0"


def duration(seconds: float) -> str:
    """A time a person can read: 48 s, 12 min, 5 h 40 min, 22 days 3 h."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(round(seconds / 3600), 24)
    return f"{days} days {hours} h" if hours else f"{days} days"


def compact(value: float) -> str:
    """A number in five characters or so: 950, 1.5k, 12k, 3.5M, 940M, 3.5B."""
    for unit, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= unit:
            return f"{value / unit:.3g}{letter}"
    return f"{value:.3g}"
