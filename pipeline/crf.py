"""A linear-chain conditional random field over hashed features: decoding and marginals in NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from .lattice import Floats, Lattice, path_labels, spans, viterbi
from .templates import Keys


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
    rest: NDArray[np.int32] = np.arange(len(keys), dtype=np.int32)
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
        # By template, where neighbours are often alike and so in the processor's cache.
        flat = keys.T.reshape(-1)
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
        return np.ascontiguousarray(rows.reshape(keys.shape[::-1]).T)

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

    def probabilities(
        self, scores: Floats, sequences: Sequence[tuple[int, int]], wanted: Sequence[tuple[int, int, str]]
    ) -> list[float]:
        """Compute how probable given spans are, whether the best path has them or not.

        Parameters
        ----------
        scores, sequences
            As of `tag`.
        wanted
            ``(start, end, label)``, each within one sequence.

        Returns
        -------
        One probability a span; 0 for a span that is in no sequence or whose label the chain does not have.
        """
        starts = np.array([start for start, _ in sequences])
        places = {label: index for index, label in enumerate(self.labels)}
        homes: dict[int, list[int]] = {}
        for index, (start, end, label) in enumerate(wanted):
            home = int(np.searchsorted(starts, start, side="right")) - 1
            if home >= 0 and end <= sequences[home][1] and f"B-{label}" in places:
                homes.setdefault(home, []).append(index)
        found = [0.0] * len(wanted)
        order = sorted(homes, key=lambda home: sequences[home][0] - sequences[home][1])
        for first in range(0, len(order), _BATCH):
            chosen = order[first : first + _BATCH]
            padded, lengths = self._pad(scores, [sequences[home] for home in chosen])
            lattice = Lattice.of(padded, self.transitions, lengths, self._starts(), self._ends())
            for column, home in enumerate(chosen):
                for index in homes[home]:
                    start, end, label = wanted[index]
                    path = path_labels(label, end - start)
                    if all(name in places for name in path):
                        numbers = np.array([places[name] for name in path])
                        found[index] = lattice.path_probability(numbers, start - sequences[home][0], column)
        return found

    def _pad(self, scores: Floats, batch: Sequence[tuple[int, int]]) -> tuple[Floats, NDArray[np.int64]]:
        """Set sequences, longest first, side by side: ``(T, B, L)`` scores and ``(B,)`` lengths."""
        lengths = np.array([end - start for start, end in batch])
        padded = np.zeros((lengths[0], len(batch), len(self.labels)))
        for column, (start, end) in enumerate(batch):
            padded[: end - start, column] = scores[start:end]
        return padded, lengths

    def _tag_batch(self, scores: Floats, batch: list[tuple[int, int]]) -> list[Tagged]:
        padded, lengths = self._pad(scores, batch)
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
