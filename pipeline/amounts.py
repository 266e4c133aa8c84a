"""Amounts of money in yuan, as notices write them, to numbers."""

from __future__ import annotations

import re
from decimal import Decimal

_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_DIGITS = "〇一二三四五六七八九"
# One writing of each character, and the same length: formal, traditional and full-width forms.
_PLAIN = str.maketrans(
    "０１２３４５６７８９．，零○两兩壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬億餘圓圆￥",
    "0123456789.,〇〇二二一二二三三四五六六七八九十百千万亿余元元¥",
)
_PART = rf"[\d{_DIGITS}十百千万亿,.余多来\x20]"
# A class of characters and no grammar, so that long rows of digits take linear time; `_value` knows the grammar.
_RUN = rf"(?<![几数\d{_DIGITS}十百千万亿.])[\d{_DIGITS}十]{_PART}*"
# 元旦 and 元月 are no money.
_AMOUNT = re.compile(
    rf"(?P<mark>(?:人民币|RMB|¥)\s?)?(?P<run>{_RUN})(?P<yuan>元(?![旦月宵])|块|人民币)?(?P<to>\s?(?:[至到~～\-－–]|——?)\s?(?={_RUN}))?"
)
_TOKEN = re.compile(rf"\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|[{_DIGITS}]+|[十百千万亿]")
_LONGEST = 30
"""Characters of a number; more is no amount."""


def parse_yuan(text: str) -> list[float]:
    """Find the amounts of yuan in a text, in its order.

    Reads ``6000元``, ``1,200.50元``, ``3.2万余元``, ``20余万元``, ``1亿2000万元``, ``三万五千元``, ``壹万贰仟圆``,
    ``人民币50万``; both ends of ``5至10万元``. What is written without a number (``数万元``, ``三四万元``,
    ``近百万元``) and other currencies are left out. Amounts are those written: nothing is added up.
    """
    found: list[Decimal] = []
    low: str | None = None
    for match in _AMOUNT.finditer(text.translate(_PLAIN)):
        run = match["run"].strip(" ,.")
        value = _value(run) if match["mark"] or match["yuan"] else None
        if value is not None:
            if low is not None:
                found += _lower_end(low, run, value)
            found.append(value)
        # 5 of 5至10万元 is known for money only by what follows it.
        low = run if match["to"] and value is None else None
    return [float(each) for each in found]


def _lower_end(low: str, high: str, value: Decimal) -> list[Decimal]:
    """Return the first number of ``5至10万元``, with the unit of the second where it has none."""
    number = _value(low)
    if number is None:
        return []
    unit = _LARGE.get(high.rstrip("余多来")[-1], 1)
    if low[-1] not in _LARGE and number < value / unit:
        number *= unit
    return [number] if number < value else []


def _value(run: str) -> Decimal | None:
    """Return the value of a number, None for a vague one such as ``三四万``."""
    if len(run) > _LONGEST:
        return None
    total, section = Decimal(0), Decimal(0)
    number: Decimal | None = None
    for token in _TOKEN.findall(run):
        if token in _SMALL:
            section += (1 if number is None else number) * _SMALL[token]
            number = None
        elif token in _LARGE:
            section += number or 0
            # 万亿 multiplies what was read; after 亿, 万 ends a section of its own.
            total = total + section * _LARGE[token] if section else total * _LARGE[token]
            section, number = Decimal(0), None
        else:
            if number is not None:
                # Two numbers side by side: the money is the last one.
                total, section = Decimal(0), Decimal(0)
            number = _digits(token)
        if token[0] in _DIGITS and number is None:
            return None
    return total + section + (number or 0)


def _digits(token: str) -> Decimal | None:
    if token[0] not in _DIGITS:
        return Decimal(token.replace(",", ""))
    # 三四 is three or four, 五〇 is fifty.
    if len(token) == 2 and "〇" not in token:
        return None
    return Decimal("".join(str(_DIGITS.index(digit)) for digit in token))
