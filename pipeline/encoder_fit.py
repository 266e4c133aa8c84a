"""Fits an encoder with a CRF layer: AdamW down the negative log likelihood, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from .encoder import LIMIT, Network, padded
from .lattice import allowed
from .vocabulary import Vocabulary
from .windows import batches

FORBIDDEN = -1e4
"""What an impossible move is worth: low enough to be never taken, and finite, so that gradients are."""


@dataclass(frozen=True, slots=True)
class EncoderFitOptions:
    """Hyperparameters of the fit.

    Parameters
    ----------
    epochs
        Passes over the training data.
    batch_size
        Characters in a mini-batch, padding included.
    window
        Characters of the sentences that are seen together; a longer sentence is seen whole, up to 510.
    encoder_rate, head_rate
        Highest learning rates of the encoder, and of linear layer and transitions.
    warmup
        Share of the steps in which the rates rise; then they fall, both linearly.
    decay
        Weight decay of matrices.
    clip
        Highest norm of a gradient.
    dropout
        Between encoder and linear layer.
    seed
        Of weights, dropout and the order of the batches.
    device
        Where to fit, as PyTorch names it (``cpu``, ``cuda``); the fitted tagger runs on the CPU.
    """

    epochs: int = 4
    batch_size: int = 4000
    window: int = 254
    encoder_rate: float = 2e-4
    head_rate: float = 2e-3
    warmup: float = 0.1
    decay: float = 0.01
    clip: float = 1.0
    dropout: float = 0.1
    seed: int = 0
    device: str = "cpu"


def fit(
    make: Callable[[Sequence[str]], tuple[Vocabulary, Any]],
    texts: Sequence[str],
    labels: Sequence[Sequence[str]],
    *,
    options: EncoderFitOptions,
    on_epoch: Callable[[int, float], None] | None = None,
) -> tuple[tuple[str, ...], Vocabulary, Network]:
    """Fit a network.

    Parameters
    ----------
    make
        Makes vocabulary and encoder from the texts.
    texts
        Windows, of at most 510 characters.
    labels
        One BMES label a character, for the same windows.
    options
        Hyperparameters.
    on_epoch
        Called after each epoch with its number, from 1, and the mean loss a character (negative log likelihood).

    Returns
    -------
    The names of the labels, the vocabulary, and the network on the CPU.

    Raises
    ------
    ValueError
        When there is no span in the training data.
    """
    kinds = sorted({label[2:] for sequence in labels for label in sequence if label != "O"})
    if not kinds:
        raise ValueError("nothing to learn: no span in the training data")
    names = ("O", *(f"{part}-{kind}" for kind in kinds for part in "BMES"))
    device = torch.device(options.device)
    with torch.random.fork_rng():
        torch.manual_seed(options.seed)
        vocabulary, encoder = make(texts)
        network = Network(encoder, len(names), options.dropout).to(device)
        number = {name: index for index, name in enumerate(names)}
        rows = [vocabulary.numbers(text[:LIMIT]) for text in texts]
        gold = [np.array([[number[label]] for label in sequence[:LIMIT]]) for sequence in labels]
        _run(network, rows, gold, names, vocabulary.padding, options, on_epoch)
    return names, vocabulary, network.cpu().eval()


def _run(
    network: Network,
    rows: Sequence[Any],
    gold: Sequence[Any],
    names: tuple[str, ...],
    padding: int,
    options: EncoderFitOptions,
    on_epoch: Callable[[int, float], None] | None,
) -> None:
    rng = np.random.default_rng(options.seed)
    lengths = [len(row) for row in rows]
    plan = [batches(lengths, options.batch_size, rng=rng) for _ in range(options.epochs)]
    optimizer = torch.optim.AdamW(_groups(network, options))
    slope = torch.optim.lr_scheduler.LambdaLR(optimizer, _slope(sum(map(len, plan)), options.warmup))
    device = network.linear.weight.device
    limits = [limit.to(device) for limit in _limits(names)]
    network.train()
    for epoch, groups in enumerate(plan, start=1):
        total = 0.0
        for group in groups:
            ids, sizes = (array.to(device) for array in padded([rows[index] for index in group], padding))
            targets = padded([gold[index] for index in group], 0)[0][:, :, 0].to(device)
            loss = negative_log_likelihood(network(ids, sizes), network.transitions, targets, sizes, limits)
            optimizer.zero_grad()
            (loss / len(group)).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), options.clip)
            optimizer.step()
            slope.step()
            total += float(loss.detach())
        if on_epoch is not None:
            on_epoch(epoch, total / sum(lengths))


def negative_log_likelihood(
    scores: torch.Tensor,
    transitions: torch.Tensor,
    gold: torch.Tensor,
    lengths: torch.Tensor,
    limits: Sequence[torch.Tensor],
) -> torch.Tensor:
    """Compute how improbable the gold paths of a batch are, summed over it.

    Parameters
    ----------
    scores
        Shape ``(B, T, L)``.
    transitions
        Shape ``(L, L)``, from row to column.
    gold
        Shape ``(B, T)``: label numbers, anything in the padding.
    lengths
        Shape ``(B,)``.
    limits
        Shapes ``(L, L)``, ``(L,)``, ``(L,)``: what is added to a move, a first and a last label, 0 or `FORBIDDEN`.
    """
    moves, starts, ends = transitions + limits[0], limits[1], limits[2]
    steps = scores.shape[1]
    inside = torch.arange(steps, device=scores.device)[None] < lengths[:, None]
    value = scores[:, 0] + starts
    for step in range(1, steps):
        further = torch.logsumexp(value[:, :, None] + moves, dim=1) + scores[:, step]
        value = torch.where(inside[:, step, None], further, value)
    everything = torch.logsumexp(value + ends, dim=1)
    own = scores.gather(2, gold[:, :, None])[:, :, 0] * inside
    taken = moves[gold[:, :-1], gold[:, 1:]] * inside[:, 1:]
    last = gold.gather(1, (lengths - 1)[:, None])[:, 0]
    path = own.sum(1) + taken.sum(1) + starts[gold[:, 0]] + ends[last]
    return (everything - path).sum()


def _limits(names: tuple[str, ...]) -> list[torch.Tensor]:
    possible = (allowed(names), [name[0] in "OBS" for name in names], [name[0] in "OES" for name in names])
    return [torch.from_numpy(np.where(each, 0.0, FORBIDDEN).astype(np.float32)) for each in possible]


def _groups(network: Network, options: EncoderFitOptions) -> list[dict[str, Any]]:
    """Sort the parameters by learning rate and by whether they decay: only matrices do."""
    groups: dict[tuple[float, float], list[Any]] = {}
    for name, parameter in network.named_parameters():
        rate = options.encoder_rate if name.startswith("encoder.") else options.head_rate
        decay = options.decay if parameter.dim() > 1 and name != "transitions" else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    return [{"params": each, "lr": rate, "weight_decay": decay} for (rate, decay), each in groups.items()]


def _slope(steps: int, warmup: float) -> Callable[[int], float]:
    rising = max(1, round(steps * warmup))
    return lambda step: min((step + 1) / rising, max(0.0, (steps - step) / max(1, steps - rising)))
