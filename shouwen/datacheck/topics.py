"""One topic, one file name, in every tree; and domain.yml knows all of them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from shouwen.datacheck.corpus import Corpus
from shouwen.datacheck.dialogue import domain_intents, used_intents
from shouwen.datacheck.fault import Fault

CHECK = "topics"


def check_topics(corpus: Corpus) -> Iterator[Fault]:
    """Every topic has its sentences in one file, its answer in the file of the same name, and no other topic exists."""
    homes = _homes(corpus)
    for topic in corpus.topics.all():
        if topic not in homes:
            yield _error("data/nlu", None, f"{topic} has no sentences", f"add `- intent: {topic}` to a file there")
    for topic, files in homes.items():
        first, *others = files.items()
        if topic not in corpus.topics.all():
            yield _error(
                first[0], first[1], f"{topic} is no topic", "mend the id; a new topic belongs in topics_added.yml too"
            )
        for path, line in others:
            yield _error(path, line, f"{topic} has sentences in {first[0]} too", "put them together in one file")
        yield from _answer_elsewhere(corpus, topic, first[0])


def check_domain(corpus: Corpus) -> Iterator[Fault]:
    """The intents of domain.yml are the topics, and those that rules use."""
    known = domain_intents(corpus)
    if not corpus.domain.value:
        return  # reported by the reader
    line = corpus.domain.line("intents")
    for intent in corpus.topics.intents():
        if intent not in known:
            yield _error(corpus.domain.path, line, f"intent {intent} is missing", "add it below `intents:`")
    for intent in sorted(known - set(corpus.topics.intents()) - used_intents(corpus)):
        mend = "drop it, or add the topic to topics_added.yml"
        yield _error(corpus.domain.path, line, f"intent {intent} is no topic and no rule uses it", mend)


def _homes(corpus: Corpus) -> Mapping[str, dict[str, int | None]]:
    homes: dict[str, dict[str, int | None]] = {}
    for sentence in corpus.sentences:
        homes.setdefault(sentence.topic, {}).setdefault(sentence.path, sentence.line)
    return homes


def _answer_elsewhere(corpus: Corpus, topic: str, home: str) -> Iterator[Fault]:
    reply = corpus.replies.get(f"utter_{topic}")
    if reply and Path(reply.file.path).stem != Path(home).stem:
        what = f"{reply.name} stands here, its sentences in {home}"
        yield _error(reply.file.path, reply.line(), what, "use one file name for both")


def _error(path: str, line: int | None, what: str, mend: str) -> Fault:
    return Fault("error", CHECK, path, line, what, mend)
