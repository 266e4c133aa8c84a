"""A linear-chain conditional random field over hashed features: decoding and marginals in NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from .features import Keys

Floats = NDArray[np.float64]


class Tagged(NamedTuple):
    """One span that a `LinearChain` found: characters from 0 in the text, end excluded, and its probability."""

    start: int
    end: int
    label: str
    score: float


class _Table(NamedTuple):
    """A hash table without chains: ``keys[slot]`` stands in row ``rows[slot]``; key 0 is an empty slot."""

    shift: np.uint64
    mask: np.uint64
    keys: Keys
    rows: NDArray[np.int32]


def _tables(keys: Keys) -> tuple[_Table, ...]:
    """Spread keys over tables of falling size, each with other bits of the key as slot, so that none collide."""
    tables = []
    rest = np.arange(len(keys), dtype=np.int32)
    for shift in (40, 20, 0, 30, 10, 35, 15, 5):
        if not len(rest):
            break
        size = 1 << max(4, int(len(rest) * 3).bit_length())
        mask = np.uint64(size - 1)
        slots = ((keys[rest] >> np.uint64(shift)) & mask).astype(np.int64)
        table_keys = np.zeros(size, dtype=np.uint64)
        table_rows = np.zeros(size, dtype=np.int32)
        _, first = np.unique(slots, return_index=True)
        table_keys[slots[first]] = keys[rest[first]]
        table_rows[slots[first]] = rest[first]
        tables.append(_Table(np.uint64(shift), mask, table_keys, table_rows))
        rest = np.delete(rest, first)
    if len(rest):
        raise ValueError(f"{len(rest)} keys collide in every table: repeated keys?")
    return tuple(tables)


@dataclass(frozen=True, slots=True, eq=False)
class LinearChain:
    """Weights of a linear-chain CRF (Lafferty, McCallum and Pereira 2001) with labels in the BMES scheme.

    Parameters
    ----------
    labels
        ``L`` names, ``O`` or ``B-X``, ``M-X``, ``E-X``, ``S-X``.
    keys
        Shape ``(F,)``, ascending: the features that have a weight.
    weights
        Shape ``(F, L)``.
    transitions
        Shape ``(L, L)``, from row to column; forbidden ones are ``-inf``.
    """

    labels: tuple[str, ...]
    keys: Keys
    weights: NDArray[np.float32]
    transitions: Floats
    _tables: tuple[_Table, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_tables", _tables(self.keys))

    def emissions(self, keys: Keys) -> Floats:
        """Sum the weights of the features of each character: ``(n, t)`` keys to ``(n, L)`` scores."""
        rows = self._rows(keys)
        hit = rows >= 0
        pointer = np.zeros(len(keys) + 1, dtype=np.int32)
        np.cumsum(hit.sum(axis=1), out=pointer[1:])
        chosen = rows[hit]
        present = csr_matrix(
            (np.ones(len(chosen), dtype=np.float32), chosen, pointer),
            shape=(len(keys), len(self.weights)),
            copy=False,
        )
        return np.asarray(present @ self.weights, dtype=np.float64)

    def _rows(self, keys: Keys) -> NDArray[np.int32]:
        """Find the row of each key, -1 where it has none."""
        flat = keys.reshape(-1)
        rows = np.full(len(flat), -1, dtype=np.int32)
        open_: NDArray[np.int64] | None = None
        for table in self._tables:
            wanted = flat if open_ is None else flat[open_]
            slots = (wanted >> table.shift) & table.mask
            cells = table.keys[slots]
            found = np.flatnonzero(cells == wanted)
            rows[found if open_ is None else open_[found]] = table.rows[slots[found]]
            # An empty slot ends the search: no later table was needed for a key that would stand here.
            going = np.flatnonzero((cells != wanted) & (cells != 0))
            open_ = going if open_ is None else open_[going]
        return rows.reshape(keys.shape)

    def tag(self, scores: Floats, sequences: Sequence[tuple[int, int]]) -> list[Tagged]:
        """Find the best spans of each sequence and their probability.

        Parameters
        ----------
        scores
            Shape ``(n, L)``, see `emissions`.
        sequences
            ``(start, end)`` of the stretches to tag, each on its own; empty ones are not allowed.

        Returns
        -------
        Spans by sequence, then by start.
        """
        found: list[Tagged] = []
        order = sorted(range(len(sequences)), key=lambda i: sequences[i][0] - sequences[i][1])
        for first in range(0, len(order), _BATCH):
            batch = [sequences[i] for i in order[first : first + _BATCH]]
            found.extend(self._tag_batch(scores, batch))
        return sorted(found)

    def _tag_batch(self, scores: Floats, batch: list[tuple[int, int]]) -> list[Tagged]:
        lengths = np.array([end - start for start, end in batch])
        padded = np.zeros((lengths[0], len(batch), len(self.labels)))
        for column, (start, end) in enumerate(batch):
            padded[: end - start, column] = scores[start:end]
        paths = viterbi(padded, self.transitions, lengths, self._starts(), self._ends())
        lattice = Lattice.of(padded, self.transitions, lengths, self._starts(), self._ends())
        found = []
        for column, (start, end) in enumerate(batch):
            path = paths[: end - start, column]
            for left, right, label in spans(path, self.labels):
                score = lattice.path_probability(path[left:right], left, column)
                found.append(Tagged(start + left, start + right, label, score))
        return found

    def _starts(self) -> Floats:
        return np.array([0.0 if label[0] in "OBS" else -np.inf for label in self.labels])

    def _ends(self) -> Floats:
        return np.array([0.0 if label[0] in "OES" else -np.inf for label in self.labels])


_BATCH = 256


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
