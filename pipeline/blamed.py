"""Wrongs and measures that nobody answers for: those of rules, and of texts in which nobody is dealt with."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from .crf import Tagged
from .templates import SENTENCE_MARKS

WHOLE = 150
"""A text of this many characters is taken for whole; a shorter one may be a sentence out of a notice."""
LABELS = frozenset(("SANCTION", "VIOLATION"))

# 凡…的，一律…; 情节严重的，…; …的，给予…: what happens to whoever does so is a rule, and no case.
_RULE = re.compile(
    "凡[^，。；]{1,40}的，|情节(?:较轻|较重|严重|特别严重)的，|的，(?:给予|应当|可以|予以|一律|依法(?:给予|追究)|依规依纪)"
)
_SENTENCE_END = re.compile(f"[{SENTENCE_MARKS}]")


def keep_blamed(text: str, found: Sequence[Tagged]) -> list[Tagged]:
    """Leave out wrongs and measures that nobody answers for.

    Parameters
    ----------
    text
        Normalised text.
    found
        Its spans.

    Returns
    -------
    The spans without the SANCTIONs and VIOLATIONs in sentences that state a rule, and then without the VIOLATIONs of a
    whole text that has no SANCTION, for a VIOLATION is what a person or body is held to account for or investigated
    (investigations are SANCTIONs too).
    """
    kept = _without_rules(text, found)
    if len(text) < WHOLE or any(span.label == "SANCTION" for span in kept):
        return kept
    return [span for span in kept if span.label != "VIOLATION"]


def _without_rules(text: str, found: Sequence[Tagged]) -> list[Tagged]:
    rules = [rule.start() for rule in _RULE.finditer(text)]
    if not rules:
        return list(found)
    ends = [mark.end() for mark in _SENTENCE_END.finditer(text)]
    stating = {bisect_right(ends, start) for start in rules}
    return [span for span in found if span.label not in LABELS or bisect_right(ends, span.start) not in stating]
