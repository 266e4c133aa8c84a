"""How long a measure lasts, as notices write it, to ISO 8601."""

from __future__ import annotations

import re

LIFE = "life"
"""In the place of a duration: for life."""

_DIGITS = {"零": 0, "〇": 0, **{digit: value for value, digit in enumerate("一二三四五六七八九", start=1)}, "两": 2}
_NUMBER = "(?P<{}>\\d{{1,3}}|[零〇一二两三四五六七八九十百]{{1,5}})"
_TERM = re.compile(
    rf"(?<![\d第])(?:(?:{_NUMBER.format('years')}年(?!度|级|初|底|以来|前)(?P<half_year>半)?[零又]?)?"
    rf"(?:{_NUMBER.format('months')}个?月(?P<half_month>半)?)?[零又]?(?:{_NUMBER.format('days')}[日天])?"
    rf"(?:{_NUMBER.format('hours')}个?小时)?)"
)
_HALF = re.compile("半年")
_PERIODS = (("years", "Y"), ("months", "M"), ("days", "D"))


def parse_term(text: str) -> str | None:
    """Return the first duration of a normalised text without white space.

    Reads ``三年六个月`` and ``3年6月`` (``P3Y6M``), ``十年半`` (``P10Y6M``), ``半年`` (``P6M``), ``一个月十五天``
    (``P1M15D``), ``160小时`` (``PT160H``) and ``终身`` (`LIFE`). Dates such as ``2021年3月`` are no durations.
    """
    if "终身" in text:
        return LIFE
    for match in _TERM.finditer(text):
        values = {name: _value(match[name]) for name in ("years", "months", "days", "hours") if match[name]}
        if not values:
            continue
        if match["half_year"]:
            values["months"] = values.get("months", 0) + 6
        if match["half_month"]:
            values["days"] = values.get("days", 0) + 15
        dated = "".join(f"{values[name]}{letter}" for name, letter in _PERIODS if values.get(name))
        timed = f"T{values['hours']}H" if values.get("hours") else ""
        if dated or timed:
            return f"P{dated}{timed}"
    return "P6M" if _HALF.search(text) else None


def years_of(term: str) -> float | None:
    """Return the length of a term in years, None for one of hours or for life."""
    match = re.fullmatch(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?", term)
    if match is None:
        return None
    years, months, days = (int(part or 0) for part in match.groups())
    return years + months / 12 + days / 365


def _value(number: str) -> int:
    """Return the value of a number below a thousand, in digits or as it is spoken."""
    if number.isdecimal():
        return int(number)
    total = digit = 0
    for character in number:
        if character in _DIGITS:
            digit = _DIGITS[character]
        else:
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
    return total + digit
