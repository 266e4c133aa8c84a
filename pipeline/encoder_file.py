"""Stores an encoder with its CRF layer as safetensors and JSON, with a checksum and without pickle."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from ..corpus.errors import ModelError
from .crf import LinearChain
from .encoder import Network, rebuild
from .lattice import allowed
from .vocabulary import Vocabulary

FORMAT = 1
HEADER = "encoder.json"
WEIGHTS = "encoder.safetensors"


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A network, the names of the labels that it scores, and the characters that it knows."""

    labels: tuple[str, ...]
    vocabulary: Vocabulary
    network: Network

    def chain(self) -> LinearChain:
        """Return the chain that decodes the scores; it has no features of its own."""
        learned = self.network.transitions.detach().double().numpy()
        return LinearChain(
            self.labels,
            np.zeros(0, dtype=np.uint64),
            np.zeros((0, len(self.labels)), dtype=np.float32),
            np.where(allowed(self.labels), learned, -np.inf),
        )


def to_files(fitted: Fitted, options: dict[str, Any]) -> dict[str, bytes]:
    """Pack a fitted network and the component's options into two files; weights become half floats."""
    tensors = {
        name: tensor.detach().half().contiguous() if tensor.is_floating_point() else tensor.contiguous()
        for name, tensor in fitted.network.state_dict().items()
    }
    weights = save(tensors)
    header = {
        "format": FORMAT,
        "labels": fitted.labels,
        "vocabulary": fitted.vocabulary.to_dict(),
        "encoder": fitted.network.encoder.blueprint(),
        "options": options,
    }
    content = json.dumps(header, ensure_ascii=False, sort_keys=True)
    document = {"sha256": _digest(content, weights), "content": content}
    return {HEADER: json.dumps(document, ensure_ascii=False).encode(), WEIGHTS: weights}


def from_files(files: dict[str, bytes], *, where: str) -> tuple[Fitted, dict[str, Any]]:
    """Unpack what `to_files` packed: the network and the options.

    Raises
    ------
    ModelError
        When the files are no such network, were changed, or come from another version of the format.
    """
    try:
        document = json.loads(files[HEADER])
        content, weights = document["content"], files[WEIGHTS]
        if _digest(content, weights) != document["sha256"]:
            raise ModelError("damaged (wrong checksum): install or train the model again", where=where)
        header = json.loads(content)
        if header["format"] != FORMAT:
            what = f"made for format {header['format']}, this version reads {FORMAT}: train the model again"
            raise ModelError(what, where=where)
        labels = tuple(header["labels"])
        vocabulary = Vocabulary.from_dict(header["vocabulary"])
        with torch.random.fork_rng():
            network = Network(rebuild(header["encoder"], vocabulary), len(labels))
        network.load_state_dict({name: _whole(tensor) for name, tensor in load(weights).items()})
    except (KeyError, TypeError, ValueError, RuntimeError, SafetensorError) as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ModelError(f"damaged: {first}; install or train the model again", where=where) from None
    return Fitted(labels, vocabulary, network.eval()), header["options"]


def write(files: dict[str, bytes], folder: Path) -> None:
    """Write the files into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)


def read(folder: Path) -> dict[str, bytes]:
    """Read the files of a folder.

    Raises
    ------
    ModelError
        When one is missing.
    """
    try:
        return {name: (folder / name).read_bytes() for name in (HEADER, WEIGHTS)}
    except OSError as error:
        raise ModelError(f"no encoder here: {error.strerror}", where=str(error.filename)) from None


def _digest(content: str, weights: bytes) -> str:
    digest = hashlib.sha256(content.encode())
    digest.update(weights)
    return digest.hexdigest()


def _whole(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.float() if tensor.is_floating_point() else tensor
