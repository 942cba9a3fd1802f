"""Training sentences: none twice, and enough of them."""

from collections import Counter
from collections.abc import Iterator

from shouwen.datacheck.corpus import Corpus, Sentence
from shouwen.datacheck.fault import Fault
from shouwen.datacheck.topic_list import OUT_OF_SCOPE

MINIMUM = 40  # sentences for a flow or an answer
MINIMUM_OUT_OF_SCOPE = 400


def check_duplicates(corpus: Corpus) -> Iterator[Fault]:
    """No sentence twice once case, width, script, known slips, punctuation and blanks are gone."""
    first: dict[str, Sentence] = {}
    for sentence in corpus.sentences:
        earlier = first.setdefault(sentence.key, sentence)
        if earlier is sentence:
            continue
        where = f"{earlier.path}:{earlier.line}"
        if earlier.topic == sentence.topic:
            what, mend = f"“{sentence.text}” stands at {where} too", "drop one"
        else:
            what = f"“{sentence.text}” of {sentence.topic} stands at {where} as {earlier.topic}"
            mend = "keep it where topics.yml puts it"
        yield Fault("error", "duplicates", sentence.path, sentence.line, what, mend)


def check_counts(corpus: Corpus) -> Iterator[Fault]:
    """A topic nobody wrote enough sentences for is not understood. Talk needs no minimum, being short and plain."""
    counted = Counter(sentence.topic for sentence in corpus.sentences)
    least = dict.fromkeys((*corpus.topics.flows, *corpus.topics.faq), MINIMUM) | {OUT_OF_SCOPE: MINIMUM_OUT_OF_SCOPE}
    for topic, needed in least.items():
        if 0 < counted[topic] < needed:
            first = next(sentence for sentence in corpus.sentences if sentence.topic == topic)
            what = f"{topic} has {counted[topic]} sentences, {needed} are needed"
            yield Fault("error", "counts", first.path, first.line, what, "write more, each a different situation")
