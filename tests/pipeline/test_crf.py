"""The chain's decoding and marginals, against the enumeration of all paths."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from numpy.typing import NDArray
from tongbao.corpus.errors import ModelError
from tongbao.pipeline.crf import LinearChain
from tongbao.pipeline.crf_file import from_bytes, to_bytes
from tongbao.pipeline.crf_fit import FitOptions, bmes, fit
from tongbao.pipeline.lattice import allowed, spans

LABELS = ("B-X", "E-X", "M-X", "O", "S-X")


def random_chain(rng: np.random.Generator, features: int = 40) -> LinearChain:
    keys = np.unique(rng.integers(1, 2**63, features, dtype=np.uint64))
    weights = rng.normal(size=(len(keys), len(LABELS))).astype(np.float16).astype(np.float32)
    transitions = np.where(allowed(LABELS), rng.normal(size=(5, 5)), -np.inf)
    return LinearChain(LABELS, keys, weights, transitions)


def all_paths(chain: LinearChain, scores: NDArray[np.float64]) -> list[tuple[tuple[int, ...], float]]:
    """Enumerate every legal path and its score."""
    found = []
    for path in product(range(len(LABELS)), repeat=len(scores)):
        if LABELS[path[0]][0] not in "OBS" or LABELS[path[-1]][0] not in "OES":
            continue
        score = sum(scores[i, label] for i, label in enumerate(path))
        score += sum(chain.transitions[a, b] for a, b in pairwise(path))
        if np.isfinite(score):
            found.append((path, score))
    return found


@pytest.mark.parametrize("seed", range(8))
def test_tag_finds_the_best_path_and_its_spans_probability(seed: int) -> None:
    rng = np.random.default_rng(seed)
    chain = random_chain(rng)
    lengths = [5, 1, 3, 4]
    scores = rng.normal(scale=2, size=(sum(lengths), len(LABELS)))
    bounds = np.cumsum([0, *lengths])
    sequences = list(zip(bounds.tolist(), bounds[1:].tolist(), strict=False))
    tagged = chain.tag(scores, sequences)
    expected = []
    for start, end in sequences:
        paths = all_paths(chain, scores[start:end])
        best, _ = max(paths, key=lambda pair: pair[1])
        total = np.logaddexp.reduce([score for _, score in paths])
        for left, right, label in spans(np.array(best), LABELS):
            same = [score for path, score in paths if path[left:right] == best[left:right]]
            probability = np.exp(np.logaddexp.reduce(same) - total)
            expected.append((start + left, start + right, label, pytest.approx(probability)))
    assert [tuple(span) for span in tagged] == expected
    asked = chain.probabilities(scores, sequences, [(start, end, label) for start, end, label, _ in expected])
    assert asked == [score for *_, score in expected]


def test_spans_outside_every_sequence_have_no_probability() -> None:
    chain = random_chain(np.random.default_rng(4))
    scores = np.zeros((6, len(LABELS)))
    wanted = [(0, 1, "X"), (1, 4, "X"), (2, 3, "NONE")]
    inside, across, unknown = chain.probabilities(scores, [(0, 2), (2, 6)], wanted)
    assert inside > 0
    assert across == unknown == 0


def test_every_key_is_found_and_no_other() -> None:
    rng = np.random.default_rng(1)
    chain = random_chain(rng, 5000)
    for index in (0, 17, len(chain.keys) - 1):
        scores = chain.emissions(chain.keys[index : index + 1].reshape(1, 1))
        assert scores == pytest.approx(chain.weights[index : index + 1].astype(np.float64))
    strangers = np.setdiff1d(rng.integers(1, 2**63, 5000, dtype=np.uint64), chain.keys).reshape(-1, 1)
    assert not chain.emissions(strangers).any()


def test_repeated_keys_are_an_error() -> None:
    keys = np.full(20, 7, dtype=np.uint64)
    with pytest.raises(ValueError, match="collide"):
        LinearChain(("O",), keys, np.zeros((20, 1), dtype=np.float32), np.zeros((1, 1)))


def test_bmes_spells_spans_out() -> None:
    assert bmes(6, [(0, 1, "A"), (2, 5, "B")]) == ["S-A", "O", "B-B", "M-B", "E-B", "O"]


def test_bytes_round_trip() -> None:
    chain = random_chain(np.random.default_rng(2))
    back, header = from_bytes(to_bytes(chain, '{"a": 1}'), where="x")
    assert header == '{"a": 1}'
    assert back.labels == chain.labels
    np.testing.assert_array_equal(back.keys, chain.keys)
    np.testing.assert_array_equal(back.weights, chain.weights)
    np.testing.assert_array_equal(back.transitions, chain.transitions)


@pytest.mark.parametrize("damage", [b"", b"PK", b"x" * 5000])
def test_damaged_bytes_are_a_clear_error(damage: bytes) -> None:
    with pytest.raises(ModelError, match="model/ner: damaged"):
        from_bytes(damage, where="model/ner")


def test_a_changed_byte_is_noticed() -> None:
    data = bytearray(to_bytes(random_chain(np.random.default_rng(3)), "{}"))
    data[100] ^= 1
    with pytest.raises(ModelError, match="checksum"):
        from_bytes(bytes(data), where="x")


def one_hot(text: str) -> NDArray[np.uint64]:
    """Give each character and each pair a key of its own."""
    codes = np.array([ord(c) for c in text], dtype=np.uint64)
    before = np.concatenate(([np.uint64(1)], codes[:-1])) << np.uint64(21)
    return np.stack([codes, codes | before | np.uint64(1 << 50)], axis=1)


def test_fit_learns_and_its_loss_falls_and_stays_a_likelihood() -> None:
    texts = ["给李某警告", "给王某记过", "对张某警告", "他说警告过", "给赵某记过"]
    gold = [[(1, 3, "N"), (3, 5, "S")]] * 3 + [[]] + [[(1, 3, "N"), (3, 5, "S")]]
    losses: list[float] = []
    chain = fit(
        [one_hot(text) for text in texts],
        [bmes(len(text), found) for text, found in zip(texts, gold, strict=True)],
        options=FitOptions(epochs=60, alpha=0.5, l1=0.0, l2=0.01, dropout=0.0, min_count=1),
        on_epoch=lambda _, loss: losses.append(loss),
    )
    assert losses[-1] < losses[0]
    assert min(losses) >= 0
    scores = chain.emissions(one_hot("给赵某警告"))
    assert [tuple(span[:3]) for span in chain.tag(scores, [(0, 5)])] == [(1, 3, "N"), (3, 5, "S")]


def test_fit_is_the_same_with_the_same_seed() -> None:
    text = "给李某警告"
    arguments = ([one_hot(text)] * 3, [bmes(5, [(1, 3, "N")])] * 3)
    first = fit(*arguments, options=FitOptions(min_count=1, seed=5))
    second = fit(*arguments, options=FitOptions(min_count=1, seed=5))
    np.testing.assert_array_equal(first.weights, second.weights)


def test_bags_are_the_mean_of_their_chains() -> None:
    texts = ["给李某警告", "给王某记过", "对张某警告"]
    arguments = ([one_hot(text) for text in texts], [bmes(5, [(1, 3, "N"), (3, 5, "S")])] * 3)
    options = FitOptions(min_count=1, l1=0.0, epochs=3)
    single = [fit(*arguments, options=replace(options, seed=seed)) for seed in (4, 5)]
    epochs: list[int] = []
    both = fit(*arguments, options=replace(options, seed=4, bags=2), on_epoch=lambda epoch, _: epochs.append(epoch))
    assert epochs == [1, 2, 3, 4, 5, 6]
    keys = one_hot("给赵某警告")
    mean = (single[0].emissions(keys) + single[1].emissions(keys)) / 2
    # The batches are made once, with the first seed, so that only the second chain may differ from a fit of its own.
    np.testing.assert_allclose(both.emissions(keys), mean, atol=0.05)
    assert not np.array_equal(both.weights, single[0].weights)


def test_fit_without_spans_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing to learn"):
        fit([one_hot("平安")], [["O", "O"]], options=FitOptions())
