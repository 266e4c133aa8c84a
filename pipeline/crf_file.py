"""Stores a `LinearChain` in one file of plain arrays, with a checksum and without pickle."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from ..corpus.errors import ModelError
from .crf import LinearChain
from .templates import Keys

FORMAT = 1
_NAME = "crf.npz"


def to_bytes(chain: LinearChain, header: str) -> bytes:
    """Pack a chain and a JSON header.

    Notes
    -----
    Keys are sorted, so their differences compress; of the weights the non-zero cells are kept, as half floats.
    """
    rows, columns = np.nonzero(chain.weights)
    cells = chain.weights[rows, columns].astype(np.float16)
    arrays: dict[str, Any] = {
        "labels": np.array(json.dumps(chain.labels)),
        "header": np.array(header),
        "keys": np.diff(chain.keys, prepend=np.uint64(0)),
        "counts": np.bincount(rows, minlength=len(chain.keys)).astype(np.uint8),
        "columns": columns.astype(np.uint8),
        "cells": cells,
        "transitions": chain.transitions,
        "format": np.array(FORMAT),
    }
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    data = buffer.getvalue()
    return hashlib.sha256(data).digest() + data


def from_bytes(data: bytes, *, where: str) -> tuple[LinearChain, str]:
    """Unpack what `to_bytes` packed: the chain and the header.

    Raises
    ------
    ModelError
        When the bytes are not such a chain, were changed, or come from another version of the format.
    """
    digest, body = data[:32], data[32:]
    if hashlib.sha256(body).digest() != digest:
        raise ModelError(
            "damaged, or no tongbao CRF (wrong checksum): install or train the model again",
            where=where,
        )
    try:
        with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
            if int(arrays["format"]) != FORMAT:
                raise ModelError(
                    f"made for format {int(arrays['format'])}, this version reads {FORMAT}: train the model again",
                    where=where,
                )
            labels = tuple(json.loads(str(arrays["labels"])))
            keys: Keys = np.cumsum(arrays["keys"], dtype=np.uint64)
            weights = np.zeros((len(keys), len(labels)), dtype=np.float32)
            rows = np.repeat(np.arange(len(keys)), arrays["counts"])
            weights[rows, arrays["columns"]] = arrays["cells"]
            return LinearChain(labels, keys, weights, arrays["transitions"]), str(arrays["header"])
    except (KeyError, IndexError, ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(f"damaged: {error}; install or train the model again", where=where) from None


def write(chain: LinearChain, header: str, folder: Path) -> None:
    """Write a chain into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _NAME).write_bytes(to_bytes(chain, header))


def read(folder: Path) -> tuple[LinearChain, str]:
    """Read a chain from a folder.

    Raises
    ------
    ModelError
        When there is none, or a damaged one.
    """
    path = folder / _NAME
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"no CRF model here: {error.strerror}", where=str(path)) from None
    return from_bytes(data, where=str(path))
