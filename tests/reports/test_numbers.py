import pytest

from weakly.reports.numbers import compact, duration, percent, points, span, thousands


def test_numbers_read_as_a_person_writes_them() -> None:
    assert thousands(1234567.4) == "1,234,567"
    assert percent(0.1234) == "12.3%"
    assert percent(1, 0) == "100%"
    assert span((0.6021, 0.661)) == "60.2\N{EN DASH}66.1%"
    assert points(0.0421) == "+4.2"
    assert points(-0.0421) == "\N{MINUS SIGN}4.2"
    assert points(-0.0001) == "+0.0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (950, "950"),
        (1500, "1.5k"),
        (12_000, "12k"),
        (3.5e6, "3.5M"),
        (940e6, "940M"),
        (3.5e9, "3.5B"),
    ],
)
def test_compact(value: float, text: str) -> None:
    assert compact(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (3.2, "3 s"),
        (89, "89 s"),
        (720, "12 min"),
        (3600 * 5 + 40 * 60, "5 h 40 min"),
        (7200, "2 h"),
        (22 * 86400 + 3 * 3600, "22 days 3 h"),
        (48 * 3600, "2 days"),
    ],
)
def test_duration(seconds: float, text: str) -> None:
    assert duration(seconds) == text
