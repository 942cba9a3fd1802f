"""A small checkout on disk, sound until a test breaks it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

import yaml

from shouwen.datacheck.corpus import Corpus, read_corpus
from shouwen.datacheck.fault import Fault
from shouwen.datacheck.topic_list import TopicList
from shouwen.identity.level import Act

TOPICS = TopicList(("card_report_loss",), ("faq/card_limit",), ("greet", "out_of_scope"))
BANK = {
    "name": "云杉银行",
    "hotline": "400-000-0000",
    "loss_hotline": "400-000-0000",
    "hotline_open": "08:00",
    "hotline_close": "22:00",
    "page": {
        "name": "云杉银行",
        "bot_name": "智能客服小杉",
        "hotline": "400-000-0000",
        "colours": {"strong": "#0b5d4b"},
        "starters": [{"title": "银行卡丢了", "topic": "card_report_loss"}],
        "notice_version": "2026-10-01",
        "notice": {"title": "隐私说明", "paragraphs": ["您可以随时转人工。"]},
        "secure_notice": {"text": "不同意也可以转人工。"},
    },
    "card_kinds": {"debit": "储蓄卡", "credit": "信用卡"},
    "secure_fields": dict.fromkeys(("name", "id_number", "phone", "card_tail", "otp"), "姓名"),
    "purposes": dict.fromkeys(get_args(Act), "用来核对是您本人。"),
    "purpose_names": dict.fromkeys(get_args(Act), "临时挂失"),
    "facts": {"card": {"first_limit": "5万元"}},
}
DOMAIN = {
    "intents": ["card_report_loss", {"faq": {"use_entities": []}}, "greet", "out_of_scope"],
    "actions": ["utter_greet", "action_handoff_open"],
    "slots": {"callback_phone": {"type": "text"}},
    "forms": {"callback_form": {"required_slots": ["callback_phone"]}},
}
SENTENCES = {
    "card": {"card_report_loss": ["卡丢了怎么办", "钱包被偷"], "faq/card_limit": ["额度怎么提高"]},
    "smalltalk": {"greet": ["在吗"], "out_of_scope": ["今天天气怎么样"]},
}


def reply(**changes: object) -> dict[str, object]:
    """A sound reply, with the given fields changed."""
    sound: dict[str, object] = {
        "title": "额度",
        "kind": "fact",
        "owner": "个人金融部",
        "source": "价目表 2026 年版",
        "updated": "2026-10-01",
        "effective": "2026-10-01",
        "expires": "2027-12-31",
        "text": "首次额度最高{{ facts.card.first_limit }}，请拨打{{ bank.hotline }}。",
    }
    return sound | changes


class Checkout:
    """Files of a checkout; `corpus()` reads them as `shouwen check` does."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, path: str, content: object) -> None:
        """YAML of a value, or text as it is."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        target.write_text(text, encoding="utf-8")

    def write_sentences(self, stem: str, by_topic: dict[str, Sequence[str]]) -> None:
        """An NLU file in the form data/nlu/ has: the first sentence of the first topic stands in line 5."""
        rows = ['version: "3.1"', "nlu:"]
        for topic, sentences in by_topic.items():
            rows += [f"- intent: {topic}", "  examples: |", *(f"    - {sentence}" for sentence in sentences)]
        self.write(f"data/nlu/{stem}.yml", "\n".join(rows) + "\n")

    def write_replies(self, stem: str, replies: dict[str, object]) -> None:
        """A file of data/responses/."""
        self.write(f"data/responses/{stem}.yml", {"replies": replies})

    def read(self) -> tuple[Corpus, list[Fault]]:
        """The corpus with the small topic list, and the faults of reading."""
        corpus, faults = read_corpus(self.root / "data", self.root / "domain.yml", self.root)
        return replace(corpus, topics=TOPICS), faults

    def corpus(self) -> Corpus:
        """The corpus alone."""
        return self.read()[0]


def make_checkout(root: Path) -> Checkout:
    """A sound checkout in `root`."""
    made = Checkout(root)
    made.write("data/bank.yml", BANK)
    made.write("domain.yml", DOMAIN)
    for stem, by_topic in SENTENCES.items():
        made.write_sentences(stem, dict(by_topic))
    made.write_replies("card", {"utter_card_report_loss": reply(), "utter_faq/card_limit": reply()})
    made.write_replies("smalltalk", {"utter_greet": reply(), "utter_out_of_scope": reply()})
    made.write_replies("handoff", {"utter_ask_callback_phone": reply(kind="system")})
    made.write(
        "data/rules/card.yml", {"rules": [{"rule": "greet", "steps": [{"intent": "greet"}, {"action": "utter_greet"}]}]}
    )
    made.write("actions/handoff.py", 'NAME = "action_handoff_open"\n')
    return made


def shown(faults: Iterable[Fault]) -> list[str]:
    """Place and words of each fault."""
    return [f"{fault.path}:{fault.line} {fault.what}" for fault in faults]
