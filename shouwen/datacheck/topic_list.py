"""The topics the assistant must recognise: `topics.yml` here is the contract, `topics_added.yml` what we add to it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

TOPICS_FILE = Path(__file__).with_name("topics.yml")
ADDED_FILE = Path(__file__).with_name("topics_added.yml")
OUT_OF_SCOPE = "out_of_scope"
RETRIEVAL_INTENT = "faq"


@dataclass(frozen=True)
class TopicList:
    """Ids by what the assistant does with them: a flow of several turns, an answer, or a word in return."""

    flows: tuple[str, ...]
    faq: tuple[str, ...]
    talk: tuple[str, ...]

    def all(self) -> tuple[str, ...]:
        """Every id, in the order of the files."""
        return self.flows + self.faq + self.talk

    def intents(self) -> tuple[str, ...]:
        """The intents domain.yml must list: all answers stand behind one retrieval intent."""
        return (*self.flows, RETRIEVAL_INTENT, *self.talk)


def parse_topics(text: str) -> TopicList:
    """The topic list in a file of this form; a group may be missing."""
    value = yaml.safe_load(text)
    return TopicList(*(tuple(value.get(group, ())) for group in ("flows", "faq", "talk")))


@cache
def topic_list() -> TopicList:
    """The topics of this product."""
    contract, added = (parse_topics(path.read_text(encoding="utf-8")) for path in (TOPICS_FILE, ADDED_FILE))
    return TopicList(contract.flows + added.flows, contract.faq + added.faq, contract.talk + added.talk)
