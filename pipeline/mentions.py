"""Further mentions of a name that the recogniser is sure of at one place and missed at another."""

from __future__ import annotations

from collections.abc import Sequence

from .crf import Tagged

SURE = 0.5
"""A name counts when one of its mentions has at least this probability."""


def unmarked_repeats(text: str, found: Sequence[Tagged], label: str) -> list[Tagged]:
    """Find where a found name stands again without a mark.

    Parameters
    ----------
    text
        The text that was tagged.
    found
        Its spans.
    label
        Whose spans are names.

    Returns
    -------
    Places that no span touches, by start, each with the score of the name's best mention. Names of one character
    are left out: too many words contain them.
    """
    best: dict[str, float] = {}
    for start, end, name_label, score in found:
        if name_label == label and end - start > 1 and score >= SURE:
            name = text[start:end]
            best[name] = max(score, best.get(name, 0.0))
    taken = bytearray(len(text))
    for start, end, *_ in found:
        taken[start:end] = b"\1" * (end - start)
    repeats: list[Tagged] = []
    # Longest first, so that 李大年 is not taken for 李大.
    for name in sorted(best, key=lambda name: (-len(name), name)):
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            if any(taken[at:end]):
                at = text.find(name, at + 1)
                continue
            taken[at:end] = b"\1" * len(name)
            repeats.append(Tagged(at, end, label, best[name]))
            at = text.find(name, end)
    return sorted(repeats)
