"""Labels in the BMES scheme, and the two passes over a batch of sequences: the best path and the probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def allowed(labels: Sequence[str]) -> NDArray[np.bool_]:
    """Tell which label may follow which in the BMES scheme: shape ``(L, L)``, from row to column."""
    ok = np.zeros((len(labels), len(labels)), dtype=bool)
    for i, left in enumerate(labels):
        for j, right in enumerate(labels):
            if left[0] in "BM":
                ok[i, j] = right[0] in "ME" and left[1:] == right[1:]
            else:
                ok[i, j] = right[0] in "OBS"
    return ok


def path_labels(label: str, length: int) -> list[str]:
    """Spell one span of a length out: ``S-X``, or ``B-X``, ``M-X`` and so on, ``E-X``."""
    if length == 1:
        return [f"S-{label}"]
    return [f"B-{label}", *[f"M-{label}"] * (length - 2), f"E-{label}"]


def spans(path: NDArray[np.int64], labels: Sequence[str]) -> list[tuple[int, int, str]]:
    """Read the spans off a path of label numbers: ``(start, end, name)``."""
    found = []
    start = 0
    for place in np.flatnonzero(path != labels.index("O")):
        label = labels[path[place]]
        if label[0] in "BS":
            start = int(place)
        if label[0] in "ES":
            found.append((start, int(place) + 1, label[2:]))
    return found


def viterbi(
    scores: Floats, transitions: Floats, lengths: NDArray[np.int64], starts: Floats, ends: Floats
) -> NDArray[np.int64]:
    """Find the best path of each sequence.

    Parameters
    ----------
    scores
        Shape ``(T, B, L)``: ``B`` sequences side by side, padded to ``T``.
    transitions
        Shape ``(L, L)``.
    lengths
        Shape ``(B,)``, descending.
    starts, ends
        Shape ``(L,)``: what a first and a last label cost.

    Returns
    -------
    Shape ``(T, B)``: label numbers, 0 in the padding.
    """
    steps, width, _ = scores.shape
    back = np.zeros(scores.shape, dtype=np.int16)
    best = scores[0] + starts
    final = np.empty_like(best)
    active = np.searchsorted(-lengths, -np.arange(1, steps + 2), side="right")
    for step in range(1, steps + 1):
        alive = active[step] if step < steps else 0
        final[alive : active[step - 1]] = best[alive : active[step - 1]]
        if step == steps:
            break
        through = best[:alive, :, None] + transitions
        choice = through.argmax(axis=1)
        back[step, :alive] = choice
        best = np.take_along_axis(through, choice[:, None, :], axis=1)[:, 0] + scores[step, :alive]
    paths = np.zeros((steps, width), dtype=np.int64)
    last = (final + ends).argmax(axis=1)
    for step in range(steps - 1, -1, -1):
        ending = lengths == step + 1
        going = lengths > step + 1
        paths[step, ending] = last[ending]
        if going.any():
            columns = np.flatnonzero(going)
            paths[step, columns] = back[step + 1, columns, paths[step + 1, columns]]
    return paths


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """Scaled forward and backward values of a batch (Rabiner 1989, section V.A).

    Parameters
    ----------
    forward, backward
        Shape ``(T, B, L)``; ``forward * backward`` are the label marginals.
    potentials
        Shape ``(T, B, L)``: exponentials of the scores, up to a factor for each place that cancels.
    exchange
        Shape ``(L, L)``: exponentials of the transitions.
    scales
        Shape ``(T, B)``: what each step was divided by.
    closing
        Shape ``(L,)``: 1 for a label that may end a sequence, else 0.
    """

    forward: Floats
    backward: Floats
    potentials: Floats
    exchange: Floats
    scales: Floats
    closing: Floats

    @classmethod
    def of(
        cls, scores: Floats, transitions: Floats, lengths: NDArray[np.int64], starts: Floats, ends: Floats
    ) -> Lattice:
        """Run both passes; arguments as of `viterbi`."""
        steps, width, _ = scores.shape
        potentials = np.exp(scores - scores.max(axis=2, keepdims=True))
        exchange = np.exp(transitions)
        forward = np.zeros(scores.shape)
        backward = np.ones(scores.shape)
        scales = np.ones((steps, width))
        first, last = np.exp(starts), np.exp(ends)
        ending = lengths[None, :] == np.arange(1, steps + 1)[:, None]
        for step in range(steps):
            value = first * potentials[0] if step == 0 else (forward[step - 1] @ exchange) * potentials[step]
            value = np.where(ending[step, :, None], value * last, value)
            scale = value.sum(axis=1)
            scale[scale == 0] = 1.0
            scales[step] = scale
            forward[step] = value / scale[:, None]
        for step in range(steps - 2, -1, -1):
            closing = np.where(ending[step + 1, :, None], last, 1.0)
            value = (backward[step + 1] * potentials[step + 1] * closing) @ exchange.T / scales[step + 1][:, None]
            going = (lengths > step + 1)[:, None]
            backward[step] = np.where(going, value, 1.0)
        return cls(forward, backward, potentials, exchange, scales, last)

    def path_probability(self, path: NDArray[np.int64], start: int, column: int) -> float:
        """Compute the probability that the labels from ``start`` on in one sequence are exactly ``path``."""
        value = self.forward[start, column, path[0]]
        for step in range(1, len(path)):
            at = start + step
            value *= self.exchange[path[step - 1], path[step]] * self.potentials[at, column, path[step]]
            value /= self.scales[at, column]
        return float(min(1.0, value * self.backward[start + len(path) - 1, column, path[-1]]))
