"""Windows: the stretches of a text that an encoder sees at once, and which of them go side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from numpy.random import Generator

Stretch = tuple[int, int]


def windows(
    pieces: Sequence[Stretch], size: int, *, most: int | None = None, spans: Sequence[tuple[int, int, str]] = ()
) -> list[Stretch]:
    """Pack pieces of a text that follow each other into windows.

    Parameters
    ----------
    pieces
        ``(start, end)``, each beginning where the one before ends.
    size
        Characters that several pieces may have together.
    most
        Characters that one piece may have; a longer one is cut. None for ``size``.
    spans
        ``(start, end, label)``: what is not cut, unless it is itself longer than ``most``.

    Returns
    -------
    Windows that together are the whole.
    """
    packed: list[Stretch] = []
    for piece in pieces:
        for start, end in _cut(piece, size if most is None else most, spans):
            if packed and end - packed[-1][0] <= size:
                packed[-1] = (packed[-1][0], end)
            else:
                packed.append((start, end))
    return packed


def batches(lengths: Sequence[int], size: int, *, rng: Generator | None = None) -> list[list[int]]:
    """Group windows of like length.

    Parameters
    ----------
    lengths
        Of the windows.
    size
        Characters in a batch, padding included; a longer window is a batch of its own.
    rng
        Shuffles the batches and which windows of about one length meet; None for longest first.

    Returns
    -------
    Places in ``lengths``; in each batch the longest first.
    """
    keys = list(map(float, lengths)) if rng is None else [n * rng.uniform(0.9, 1.1) for n in lengths]
    groups: list[list[int]] = []
    longest = 0
    for index in sorted(range(len(lengths)), key=lambda i: -keys[i]):
        longest = max(longest, lengths[index])
        if not groups or longest * (len(groups[-1]) + 1) > size:
            groups.append([])
            longest = lengths[index]
        groups[-1].append(index)
    ordered = [sorted(group, key=lambda i: -lengths[i]) for group in groups]
    return ordered if rng is None else [ordered[i] for i in rng.permutation(len(ordered))]


def _cut(piece: Stretch, most: int, spans: Sequence[tuple[int, int, str]]) -> Iterator[Stretch]:
    start, end = piece
    while end - start > most:
        stop = start + most
        stop = next((left for left, right, _ in spans if start < left < stop < right), stop)
        yield start, stop
        start = stop
    yield start, end
