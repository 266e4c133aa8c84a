"""Wrongs that nobody answers for: a whole text without a measure tells no VIOLATION of the guideline."""

from __future__ import annotations

from collections.abc import Sequence

from .crf import Tagged

WHOLE = 150
"""A text of this many characters is taken for whole; a shorter one may be a sentence out of a notice."""
LABELS = frozenset(("SANCTION", "VIOLATION"))


def keep_blamed(text: str, found: Sequence[Tagged]) -> list[Tagged]:
    """Leave out wrongs that nobody answers for.

    Parameters
    ----------
    text
        Normalised text.
    found
        Its spans.

    Returns
    -------
    The spans without the VIOLATIONs of a whole text that has no SANCTION, for a VIOLATION is what a person or body is
    held to account for or investigated (investigations are SANCTIONs too). All spans of a shorter text.
    """
    if len(text) < WHOLE or any(span.label == "SANCTION" for span in found):
        return list(found)
    return [span for span in found if span.label != "VIOLATION"]
