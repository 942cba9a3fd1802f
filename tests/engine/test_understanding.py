"""Features, learner and calibration, without Rasa."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from shouwen_engine import lbfgs, tokens
from shouwen_engine.features import NgramConfig, Ngrams
from shouwen_engine.learner import SoftmaxConfig, calibrated, fit, held_out_rows, softmax
from shouwen_engine.settings import ROOT
from shouwen_engine.topic_model import TopicModel, tokeniser

CONFIG = {
    "embedding": {"weight": 1.0, "threads": 1},
    "ngrams": {"characters": {"lowest": 1, "highest": 2, "weight": 1.0, "min_count": 1}},
    "softmax": {"iterations": 60},
}
SENTENCES = {
    "card_report_loss": ["银行卡丢了", "卡不见了要挂失", "钱包被偷了卡也没了", "挂失", "信用卡找不到了"],
    "faq/transfer_fee": ["转账手续费多少", "跨行转账收费吗", "汇款要不要手续费", "转账费用", "异地转账收多少钱"],
    "faq/balance": ["查余额", "卡里还有多少钱", "怎么看余额", "余额查询", "我账户剩多少钱"],
}


@pytest.fixture(scope="module")
def topics() -> TopicModel:
    pairs = [(text, label) for label, texts in SENTENCES.items() for text in texts]
    return TopicModel.learn(CONFIG, [text for text, _ in pairs], [label for _, label in pairs])


def best(topics: TopicModel, text: str) -> str:
    return topics.rank([text], 3)[0][0].label


@pytest.mark.parametrize(
    ("text", "label"),
    [("我的卡丢了怎么办", "card_report_loss"), ("轉賬手續費是多少", "faq/transfer_fee"), ("余额有多少", "faq/balance")],
)
def test_a_sentence_like_the_learnt_ones_finds_its_topic(topics: TopicModel, text: str, label: str) -> None:
    assert best(topics, text) == label


def test_confidences_are_probabilities_in_order(topics: TopicModel) -> None:
    ranking = topics.rank(["卡丢了还要手续费吗"], 3)[0]
    confidences = [row.confidence for row in ranking]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("text", ["", " ", "。。。", "？？", "\u2060"])
def test_a_text_that_says_nothing_has_no_ranking(topics: TopicModel, text: str) -> None:
    assert topics.rank([text], 3) == [[]]


def test_one_by_one_and_in_a_batch_is_the_same(topics: TopicModel) -> None:
    texts = ["卡丢了", "手续费", "余额"]
    together = topics.rank(texts, 3)
    for text, ranking in zip(texts, together, strict=True):
        alone = topics.rank([text], 3)[0]
        assert [r.label for r in alone] == [r.label for r in ranking]
        assert [r.confidence for r in alone] == pytest.approx([r.confidence for r in ranking], abs=1e-4)


def test_a_saved_model_ranks_as_before(topics: TopicModel, tmp_path: Path) -> None:
    topics.save(tmp_path)
    loaded = TopicModel.load(CONFIG, tmp_path)
    before, after = topics.rank(["怎么挂失"], 3)[0], loaded.rank(["怎么挂失"], 3)[0]
    assert [r.label for r in after] == [r.label for r in before]
    assert [r.confidence for r in after] == pytest.approx([r.confidence for r in before], abs=5e-3)


def test_homophones_share_their_syllables() -> None:
    assert tokens.syllables("挂失") == tokens.syllables("挂施") != tokens.syllables("余额")


def test_zh_and_z_are_the_same_syllable() -> None:
    assert tokens.syllables("转账") == tokens.syllables("赚脏")


def test_words_are_cut_by_the_banks_dictionary() -> None:
    cut = tokeniser("words", ROOT / "data" / "dictionaries" / "bank_terms.txt")
    assert cut("跨行转账的手续费") == ["跨行转账", "手续费"]


def test_the_banks_dictionary_has_three_hundred_words_each_once() -> None:
    lines = (ROOT / "data" / "dictionaries" / "bank_terms.txt").read_text(encoding="utf-8").splitlines()
    words = [line.split(" ")[0] for line in lines]
    assert len(words) >= 300
    assert len(set(words)) == len(words)
    assert all(len(line.split(" ")) == 3 for line in lines)


def test_numbers_are_one_token() -> None:
    assert tokens.characters("尾号1234") == tokens.characters("尾号99") == ["尾", "号", "0"]


def test_unknown_features_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown features 'radicals'"):
        tokeniser("radicals", Path("nowhere"))


def test_rare_ngrams_are_dropped_and_rows_have_the_asked_length() -> None:
    learnt = Ngrams.learn(NgramConfig(1, 1, 0.5, 2), list, ["卡丢", "卡坏", "余额"])
    assert set(learnt.vocabulary) == {"卡", tokens.START, tokens.END}
    row = learnt.transform(["卡"])
    assert np.sqrt(row.multiply(row).sum()) == pytest.approx(0.5)
    assert learnt.transform(["查"]).shape == (1, 3)


def test_the_descent_finds_the_bottom_of_a_bowl() -> None:
    target = np.arange(20, dtype=np.float32)

    def bowl(weights: np.ndarray) -> tuple[float, np.ndarray]:
        away = weights - target
        return float((np.arange(1, 21) * away * away).sum()), (2 * np.arange(1, 21) * away).astype(np.float32)

    assert lbfgs.minimum(bowl, np.zeros(20), 60) == pytest.approx(target, abs=1e-2)


def test_a_layer_separates_what_is_separable() -> None:
    dense = np.eye(3, dtype=np.float32).repeat(5, axis=0)
    labels = np.arange(3).repeat(5)
    layer = fit(dense, csr_matrix((15, 0), dtype=np.float32), labels, 3, SoftmaxConfig())
    assert (layer.scores(dense, csr_matrix((15, 0))).argmax(1) == labels).all()


def test_labels_that_mean_nothing_are_not_believed() -> None:
    random = np.random.default_rng(1)
    dense = random.normal(size=(400, 30)).astype(np.float32)
    sparse, labels = csr_matrix((400, 0), dtype=np.float32), random.integers(0, 4, 400)
    layer, divisor = calibrated(dense, sparse, labels, 4, SoftmaxConfig(penalty=0.01))
    unsure = softmax(layer.scores(dense, sparse) / divisor).max(1).mean()
    sure = softmax(layer.scores(dense, sparse)).max(1).mean()
    assert divisor > 1
    assert unsure < sure


def test_every_topic_gives_the_same_share_to_calibration() -> None:
    labels = np.asarray([0] * 50 + [1] * 10)
    held_out = held_out_rows(labels, 0.2, seed=3)
    assert held_out[:50].sum() == 10
    assert held_out[50:].sum() == 2
