"""The loss of the CRF layer is that of the definition: all paths counted one by one."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("lengths", [[3], [4, 2], [3, 1, 1]])
def test_the_loss_is_that_of_all_paths(lengths: list[int]) -> None:
    from tongbao.pipeline.encoder_fit import negative_log_likelihood

    torch.manual_seed(0)
    labels, steps = 3, max(lengths)
    scores = torch.randn(len(lengths), steps, labels)
    moves = torch.randn(labels, labels)
    limits = [torch.randn(labels, labels), torch.randn(labels), torch.randn(labels)]
    gold = torch.randint(labels, (len(lengths), steps))

    def worth(row: int, path: tuple[int, ...]) -> float:
        value = limits[1][path[0]] + limits[2][path[-1]] + sum(scores[row, i, label] for i, label in enumerate(path))
        pairs = pairwise(path)
        return float(value + sum((moves + limits[0])[left, right] for left, right in pairs))

    expected = 0.0
    for row, length in enumerate(lengths):
        every = torch.tensor([worth(row, path) for path in product(range(labels), repeat=length)])
        expected += float(every.logsumexp(0)) - worth(row, tuple(gold[row, :length].tolist()))
    found = negative_log_likelihood(scores, moves, gold, torch.tensor(lengths), limits)
    assert float(found) == pytest.approx(expected, abs=1e-4)
