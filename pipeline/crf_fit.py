"""Fits the weights of a `LinearChain`: mini-batches, per-coordinate steps, sparse by an L1 penalty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from .crf import LinearChain
from .lattice import Floats, Lattice, allowed, path_labels
from .templates import Keys


@dataclass(frozen=True, slots=True)
class FitOptions:
    """Hyperparameters of the fit.

    Parameters
    ----------
    l1, l2
        Penalties of FTRL-Proximal (McMahan et al. 2013, algorithm 1); a higher ``l1`` gives a smaller model.
    alpha
        Step size of FTRL-Proximal.
    epochs
        Passes over the training data.
    batch_size
        Characters in a mini-batch.
    dropout
        Probability that a feature of a character is left out in a pass.
    min_count
        A feature must stand in at least this many places of the training data.
    bags
        Chains that are fitted, each with another seed, and whose weights are averaged into one.
    seed
        Of the order of the batches and of dropout, of the first chain; the next one's is one higher.
    """

    l1: float = 0.2
    l2: float = 1.0
    alpha: float = 0.1
    epochs: int = 16
    batch_size: int = 6000
    dropout: float = 0.2
    min_count: int = 2
    bags: int = 1
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Batch:
    rows: NDArray[np.int64]
    features: csr_matrix
    gold: NDArray[np.int64]
    lengths: NDArray[np.int64]
    places: NDArray[np.int64]


def bmes(length: int, spans: Sequence[tuple[int, int, str]]) -> list[str]:
    """Spell spans ``(start, end, label)`` out as one BMES label a character."""
    labels = ["O"] * length
    for start, end, label in spans:
        labels[start:end] = path_labels(label, end - start)
    return labels


def fit(
    keys: Sequence[Keys],
    labels: Sequence[Sequence[str]],
    *,
    options: FitOptions,
    on_epoch: Callable[[int, float], None] | None = None,
) -> LinearChain:
    """Fit a chain.

    Parameters
    ----------
    keys
        One array ``(n, t)`` a sequence, see `features.extract`.
    labels
        One BMES label a character, for the same sequences.
    options
        Hyperparameters.
    on_epoch
        Called after each epoch with its number, from 1 and on through all bags, and the mean loss a character
        (negative log likelihood).

    Raises
    ------
    ValueError
        When there is no span in the training data.
    """
    names = tuple(sorted({label for sequence in labels for label in sequence} | {"O"}))
    if len(names) < 2:
        raise ValueError("nothing to learn: no span in the training data")
    known, counts = np.unique(np.concatenate([array.reshape(-1) for array in keys]), return_counts=True)
    known = known[counts >= options.min_count]
    batches = _batches(keys, labels, known, names, options, np.random.default_rng(options.seed))
    ok = allowed(names)
    final = np.zeros((len(known), len(names)), dtype=np.float32)
    moves = np.zeros((len(names), len(names)))
    for bag in range(options.bags):
        done = bag * options.epochs
        report = None if on_epoch is None else (lambda epoch, loss, done=done: on_epoch(done + epoch, loss))
        weights, shift = _fit_chain(batches, final.shape, ok, names, options, options.seed + bag, report)
        # Scores are sums of weights, so the mean of the chains' scores is the score of their mean.
        final += weights / options.bags
        moves += shift / options.bags
    used = np.abs(final).max(axis=1) > 0
    return LinearChain(names, known[used], final[used], np.where(ok, moves, -np.inf))


def _fit_chain(
    batches: Sequence[_Batch],
    shape: tuple[int, int],
    ok: NDArray[np.bool_],
    names: tuple[str, ...],
    options: FitOptions,
    seed: int,
    on_epoch: Callable[[int, float], None] | None,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Fit one chain; return its weights and its transitions."""
    rng = np.random.default_rng(seed)
    weights = _Ftrl(shape, options)
    moves = _Ftrl((len(names), len(names)), options)
    total = sum(len(batch.gold) for batch in batches)
    for epoch in range(1, options.epochs + 1):
        loss = 0.0
        for index in rng.permutation(len(batches)):
            loss += _step(batches[index], weights, moves, ok, names, options, rng)
        if on_epoch is not None:
            on_epoch(epoch, loss / total)
    return weights.values(np.arange(shape[0])), moves.values(np.arange(len(names)))


class _Ftrl:
    """State of FTRL-Proximal for a table of weights; only the rows in use are ever touched."""

    def __init__(self, shape: tuple[int, int], options: FitOptions) -> None:
        self._z = np.zeros(shape, dtype=np.float32)
        self._n = np.zeros(shape, dtype=np.float32)
        self._o = options

    def values(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        z, root = self._z[rows], np.sqrt(self._n[rows])
        return self._solve(z, root)

    def _solve(self, z: NDArray[np.float32], root: NDArray[np.float32]) -> NDArray[np.float32]:
        shrunk = np.sign(z) * np.maximum(np.abs(z) - self._o.l1, 0)
        solved: NDArray[np.float32] = -shrunk / ((1.0 + root) / self._o.alpha + self._o.l2)
        return solved.astype(np.float32)

    def update(self, rows: NDArray[np.int64], weights: NDArray[np.float32], gradient: NDArray[np.float32]) -> None:
        n = self._n[rows]
        grown = n + gradient * gradient
        self._z[rows] += gradient - (np.sqrt(grown) - np.sqrt(n)) / self._o.alpha * weights
        self._n[rows] = grown


def _batches(
    keys: Sequence[Keys],
    labels: Sequence[Sequence[str]],
    known: Keys,
    names: tuple[str, ...],
    options: FitOptions,
    rng: np.random.Generator,
) -> list[_Batch]:
    number = {name: index for index, name in enumerate(names)}
    # Sequences of like length go together, so that little of a batch is padding; ties in random order.
    order = sorted(range(len(keys)), key=lambda i: (len(keys[i]), rng.random()))
    groups: list[list[int]] = [[]]
    size = 0
    for index in order:
        if size + len(keys[index]) > options.batch_size and groups[-1]:
            groups.append([])
            size = 0
        groups[-1].append(index)
        size += len(keys[index])
    batches = []
    for group in groups:
        group = group[::-1]
        lengths = np.array([len(keys[index]) for index in group])
        stacked = np.concatenate([keys[index] for index in group])
        found = np.searchsorted(known, stacked)
        hit = known[np.minimum(found, len(known) - 1)] == stacked
        rows, columns = np.unique(found[hit], return_inverse=True)
        pointer = np.concatenate(([0], np.cumsum(hit.sum(axis=1))))
        features = csr_matrix(
            (np.ones(len(columns), dtype=np.float32), columns.astype(np.int32), pointer.astype(np.int32)),
            shape=(len(stacked), len(rows)),
        )
        gold = np.array([number[label] for index in group for label in labels[index]], dtype=np.int64)
        places = np.concatenate([np.arange(length) * len(group) + column for column, length in enumerate(lengths)])
        batches.append(_Batch(rows, features, gold, lengths, places))
    return batches


def _step(
    batch: _Batch,
    weights: _Ftrl,
    moves: _Ftrl,
    ok: NDArray[np.bool_],
    names: tuple[str, ...],
    options: FitOptions,
    rng: np.random.Generator,
) -> float:
    """Take one step down the negative log likelihood of a batch; return that loss."""
    count = len(names)
    features = batch.features
    if options.dropout:
        kept = (rng.random(features.nnz, dtype=np.float32) >= options.dropout) / np.float32(1 - options.dropout)
        features = csr_matrix((kept.astype(np.float32), features.indices, features.indptr), shape=features.shape)
    table = weights.values(batch.rows)
    shift = moves.values(np.arange(count))
    transitions = np.where(ok, shift, -np.inf).astype(np.float64)
    scores = np.asarray(features @ table, dtype=np.float64)
    steps, width = int(batch.lengths[0]), len(batch.lengths)
    padded = np.zeros((steps * width, count))
    padded[batch.places] = scores
    starts = np.array([0.0 if name[0] in "OBS" else -np.inf for name in names])
    ends = np.array([0.0 if name[0] in "OES" else -np.inf for name in names])
    cube = padded.reshape(steps, width, count)
    lattice = Lattice.of(cube, transitions, batch.lengths, starts, ends)
    marginals = (lattice.forward * lattice.backward).reshape(-1, count)[batch.places]
    gold_scores = scores[np.arange(len(scores)), batch.gold]
    left, right = _neighbours(batch)
    log_z = np.log(lattice.scales).reshape(-1)[batch.places].sum() + scores.max(axis=1).sum()
    loss = float(log_z - gold_scores.sum() - transitions[batch.gold[left], batch.gold[right]].sum())
    expected = _expected_moves(lattice, batch.lengths)
    np.subtract.at(expected, (batch.gold[left], batch.gold[right]), 1.0)
    marginals[np.arange(len(scores)), batch.gold] -= 1.0
    gradient = np.asarray(features.T @ marginals.astype(np.float32))
    weights.update(batch.rows, table, gradient)
    moves.update(np.arange(count), shift, np.where(ok, expected, 0.0).astype(np.float32))
    return loss


def _neighbours(batch: _Batch) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of all pairs of characters that follow each other in one sequence."""
    left = np.arange(len(batch.gold) - 1)
    inside = np.ones(len(left), dtype=bool)
    inside[np.cumsum(batch.lengths)[:-1] - 1] = False
    return left[inside], left[inside] + 1


def _expected_moves(lattice: Lattice, lengths: NDArray[np.int64]) -> Floats:
    """Sum the probability of each pair of neighbouring labels over a batch: shape ``(L, L)``."""
    steps = lattice.forward.shape[0]
    going = np.arange(1, steps)[:, None] < lengths[None, :]
    ending = np.arange(1, steps)[:, None] == lengths[None, :] - 1
    right = lattice.backward[1:] * lattice.potentials[1:] / lattice.scales[1:, :, None]
    right = np.where(going[:, :, None], right, 0.0)
    right = np.where(ending[:, :, None], right * lattice.closing, right)
    count = right.shape[2]
    pairs: Floats = lattice.forward[:-1].reshape(-1, count).T @ right.reshape(-1, count)
    return pairs * lattice.exchange
