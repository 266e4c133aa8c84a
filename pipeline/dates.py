"""Dates as notices and web pages write them, to ISO 8601."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_HAN_DIGITS = str.maketrans("〇○Ｏ零一二三四五六七八九", "0000123456789")
_NUMERIC = re.compile(r"(?<!\d)(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:\d{6})?")
_HAN = re.compile("([〇○Ｏ零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日")
_REPUBLIC = re.compile(r"民[国國]\s?(\d{2,3})年\s?(\d{1,2})月\s?(\d{1,2})日")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_CHINA = timezone(timedelta(hours=8))


def iso_date(written: str) -> str | None:
    """Return a date as ``2021-08-20``, None where there is none.

    Reads ISO 8601, ``2021年8月20日``, ``二〇二一年八月二十日``, years of the Republic, RFC 2822
    (``Fri, 20 Aug 2021 14:56:47 GMT``), seconds since 1970, and what dateparser knows of other ways
    as long as the year is written. The day is the written one, whatever the time zone.
    """
    written = written.strip()[:80]
    for pattern in (_REPUBLIC, _NUMERIC):
        if match := pattern.search(written):
            year, month, day = map(int, match.groups())
            return _iso(year + 1911 * (pattern is _REPUBLIC), month, day)
    if match := _HAN.search(written):
        return _iso(int(match[1].translate(_HAN_DIGITS)), _number(match[2]), _number(match[3]))
    if match := _COMPACT.fullmatch(written):
        return _iso(*map(int, match.groups()))
    if _EPOCH.fullmatch(written):
        return datetime.fromtimestamp(int(written[:10]), _CHINA).date().isoformat()
    try:
        return parsedate_to_datetime(written).date().isoformat()
    except (ValueError, TypeError, IndexError):
        return _parsed(written)


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _number(han: str) -> int:
    tens, ten, ones = han.translate(_HAN_DIGITS).partition("十")
    if not ten:
        return int(tens)
    # 十十 is no number; 0 is no day, so it becomes no date.
    return 0 if "十" in ones else 10 * int(tens or 1) + int(ones or 0)


def _parsed(written: str) -> str | None:
    if not re.search(r"(?<!\d)(?:19|20)\d{2}(?!\d)", written) or not re.search(r"[A-Za-z]{3}|月", written):
        return None
    import dateparser  # slow to load, and seldom needed

    settings = {"REQUIRE_PARTS": ["day", "month", "year"], "RETURN_AS_TIMEZONE_AWARE": False}
    found = dateparser.parse(written, languages=["zh", "en"], settings=settings)
    return None if found is None else str(found.date().isoformat())
