"""Networks that score the labels of each character from its whole window, in PyTorch.

Only what the accurate tagger runs imports this module: `torch` is no dependency of the default pipeline.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from .lattice import Floats
from .vocabulary import Vocabulary
from .windows import batches

LIMIT = 510
"""Characters of a window, at most."""
_HOME = os.getpid()


class Transformer(torch.nn.Module):
    """A BERT-like encoder over single characters.

    Parameters
    ----------
    model
        Of ``transformers``, without a head.
    vocabulary
        What its embeddings stand for.
    """

    def __init__(self, model: Any, vocabulary: Vocabulary) -> None:
        super().__init__()
        if getattr(model, "pooler", None) is not None:
            model.pooler = None  # would only be stored
        self.model = model
        self.width = int(model.config.hidden_size)
        self._padding = vocabulary.padding
        self._edges = vocabulary.edges or (vocabulary.unknown, vocabulary.unknown)

    def forward(self, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Encode ``(B, T, 1)`` numbers of ``(B,)`` lengths: shape ``(B, T, width)``."""
        count, steps = ids.shape[:2]
        framed = ids.new_full((count, steps + 2), self._padding)
        framed[:, 0] = self._edges[0]
        framed[:, 1:-1] = ids[:, :, 0]
        framed[torch.arange(count, device=ids.device), lengths + 1] = self._edges[1]
        mask = torch.arange(steps + 2, device=ids.device)[None] < (lengths + 2)[:, None]
        return self.model(input_ids=framed, attention_mask=mask.long()).last_hidden_state[:, 1:-1]

    def blueprint(self) -> dict[str, Any]:
        """Return what `rebuild` makes the network from, without its weights."""
        return {"kind": "transformer", "config": self.model.config.to_dict()}


class BiLstm(torch.nn.Module):
    """Embeddings of characters and pairs of them, and LSTMs in both directions.

    Parameters
    ----------
    characters, pairs
        Sizes of the vocabulary.
    width
        Of what comes out, both directions together.
    depth
        Layers.
    embed
        Width of an embedding.
    dropout
        After the embeddings and between the layers.
    """

    def __init__(self, *, characters: int, pairs: int, width: int, depth: int, embed: int, dropout: float) -> None:
        super().__init__()
        sizes = {"characters": characters, "pairs": pairs, "width": width, "depth": depth, "embed": embed}
        self._made_of = {"kind": "bilstm", **sizes, "dropout": dropout}
        self.width = width
        self.characters = torch.nn.Embedding(characters, embed, padding_idx=0)
        self.pairs = torch.nn.Embedding(pairs, embed, padding_idx=0)
        self.dropout = torch.nn.Dropout(dropout)
        between = dropout if depth > 1 else 0.0
        self.lstm = torch.nn.LSTM(
            2 * embed, width // 2, num_layers=depth, dropout=between, bidirectional=True, batch_first=True
        )

    def forward(self, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Encode ``(B, T, 2)`` numbers of ``(B,)`` lengths, descending: shape ``(B, T, width)``."""
        embedded = torch.cat((self.characters(ids[:, :, 0]), self.pairs(ids[:, :, 1])), dim=2)
        packed = torch.nn.utils.rnn.pack_padded_sequence(self.dropout(embedded), lengths.cpu(), batch_first=True)
        encoded, _ = torch.nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        return encoded

    def blueprint(self) -> dict[str, Any]:
        """Return what `rebuild` makes the network from, without its weights."""
        return dict(self._made_of)


class Network(torch.nn.Module):
    """An encoder, dropout, a linear layer, and what each move from label to label is worth.

    Parameters
    ----------
    encoder
        A `Transformer` or a `BiLstm`.
    labels
        How many there are.
    dropout
        Between encoder and linear layer.
    """

    def __init__(self, encoder: Any, labels: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = torch.nn.Dropout(dropout)
        self.linear = torch.nn.Linear(encoder.width, labels)
        self.transitions = torch.nn.Parameter(torch.zeros(labels, labels))

    def forward(self, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Score the labels of ``(B, T, C)`` numbers of ``(B,)`` lengths, descending: shape ``(B, T, L)``."""
        return self.linear(self.dropout(self.encoder(ids, lengths)))


def rebuild(blueprint: dict[str, Any], vocabulary: Vocabulary) -> Any:
    """Make an encoder of the shape that its ``blueprint()`` told; its weights are arbitrary."""
    kind, shape = blueprint["kind"], {key: value for key, value in blueprint.items() if key != "kind"}
    if kind == "bilstm":
        return BiLstm(**shape)
    from transformers import AutoConfig, AutoModel

    config = AutoConfig.for_model(**shape["config"])
    return Transformer(AutoModel.from_config(config), vocabulary)


def padded(rows: Sequence[Any], padding: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Set arrays ``(n, C)`` of numbers, longest first, side by side: ``(B, T, C)`` and their ``(B,)`` lengths."""
    lengths = np.array([len(row) for row in rows])
    cube = np.full((len(rows), lengths[0], rows[0].shape[1]), padding, dtype=np.int64)
    for place, row in enumerate(rows):
        cube[place, : len(row)] = row
    return torch.from_numpy(cube), torch.from_numpy(lengths)


def scores(network: Network, rows: Sequence[Any], *, padding: int, batch_size: int) -> list[Floats]:
    """Score the labels of each window, ``batch_size`` characters at a time: arrays ``(n, L)``."""
    found: list[Floats] = [np.empty(0)] * len(rows)
    network.eval()
    if os.getpid() != _HOME:
        # A forked process has none of its parent's threads; to wait for them would be for ever.
        torch.set_num_threads(1)
    with torch.inference_mode():
        for group in batches([len(row) for row in rows], batch_size):
            ids, lengths = padded([rows[index] for index in group], padding)
            values = network(ids, lengths).double().numpy()
            for place, index in enumerate(group):
                found[index] = values[place, : len(rows[index])]
    return found
