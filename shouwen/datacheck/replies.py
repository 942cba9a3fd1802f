"""Every topic and every name in code, rules and domain has an answer that is valid today."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from shouwen.content.reply import Reply
from shouwen.conversations.answers import HUMAN_LABEL, NONE_LABEL
from shouwen.datacheck.corpus import Corpus, RawReply
from shouwen.datacheck.dialogue import domain_intents, used_replies
from shouwen.datacheck.fault import Fault, Level
from shouwen.datacheck.topic_list import RETRIEVAL_INTENT

CHECK = "replies"
EXPIRY_NOTICE = timedelta(days=30)
# labels that are no topics and still stand on buttons, by the title of their reply
_TITLES_ON_BUTTONS: Sequence[tuple[str, str, int | None]] = [
    (f"utter_{label}", "shouwen/conversations/answers.py", None) for label in (HUMAN_LABEL, NONE_LABEL)
]
_PROCESS_FIELDS = ("steps", "materials", "duration", "notes")


def check_answers(corpus: Corpus) -> Iterator[Fault]:
    """Every topic is answered, every reply that is named exists, and none stands there unused."""
    for topic in corpus.topics.all():
        if f"utter_{topic}" not in corpus.replies:
            path = next((s.path for s in corpus.sentences if s.topic == topic), "").replace("/nlu/", "/responses/")
            mend = f"write utter_{topic} in the file of its topic"
            yield Fault("error", CHECK, path or "data/responses", None, f"{topic} has no answer", mend)
    named = [*_named_in_code(corpus), *_TITLES_ON_BUTTONS, *used_replies(corpus), *_named_in_domain(corpus)]
    known = {*corpus.replies, *(f"utter_{topic}" for topic in corpus.topics.all()), f"utter_{RETRIEVAL_INTENT}"}
    for name, path, line in named:
        if name not in known:
            yield Fault("error", CHECK, path, line, f"there is no reply {name}", "write it in data/responses/")
    used = {name for name, *_ in named} | {f"utter_{topic}" for topic in corpus.topics.all()}
    for name, raw in corpus.replies.items():
        if name not in used:
            yield _fault(raw, "nothing says it", "drop it, or mend its name", "warning")


def check_dates(replies: Sequence[tuple[RawReply, Reply]], today: date) -> Iterator[Fault]:
    """What is over, not yet valid, or about to be over (R56). `today` is a day in Shanghai."""
    for raw, reply in replies:
        if reply.expires < today:
            yield _fault(
                raw, f"expired on {reply.expires}; customers get an apology instead", "renew it", field="expires"
            )
        elif reply.expires - today <= EXPIRY_NOTICE:
            yield _fault(raw, f"expires on {reply.expires}", "renew it in time", "warning", "expires")
        if reply.effective > today:
            what = f"is not valid before {reply.effective}; until then customers get an apology"
            yield _fault(raw, what, "publish it on that day, or keep the old answer", field="effective")
        if reply.updated > today:
            yield _fault(
                raw, f"was updated on {reply.updated}, which is to come", "mend the date", "warning", "updated"
            )


def check_fields(corpus: Corpus, replies: Sequence[tuple[RawReply, Reply]]) -> Iterator[Fault]:
    """Related topics and the labels of buttons exist, and a process names materials, duration, what to watch (R59)."""
    topics = corpus.topics.all()
    labels = domain_intents(corpus) | set(topics)
    for raw, reply in replies:
        for index, topic in enumerate(reply.related):
            if topic not in topics:
                what = f"related: {topic} is no topic"
                yield Fault(
                    "error", CHECK, raw.file.path, raw.line("related", index), f"{raw.name}: {what}", "mend the id"
                )
            elif topic == reply.topic:
                yield _fault(raw, "is related to itself", "drop it from related", field="related")
        for index, (title, label) in enumerate(reply.buttons):
            if label not in labels:
                what = f"{raw.name}: the button “{title}” leads to {label}, which is no label"
                yield Fault("error", CHECK, raw.file.path, raw.line("buttons", index), what, "mend the label")
        missing = [field for field in _PROCESS_FIELDS if not getattr(reply, field)]
        if reply.kind == "process" and missing:
            yield _fault(raw, f"is a process without {', '.join(missing)} (R59)", "add them, or make it a fact")


def _named_in_code(corpus: Corpus) -> list[tuple[str, str, int | None]]:
    return [(found.name, found.path, found.line) for found in corpus.code if found.name.startswith("utter_")]


def _named_in_domain(corpus: Corpus) -> Iterator[tuple[str, str, int | None]]:
    domain = corpus.domain
    for section in ("actions", "responses"):
        names = domain.value.get(section)
        for index, name in enumerate(names if isinstance(names, (list, dict)) else []):
            if isinstance(name, str) and name.startswith("utter_"):
                key = name if isinstance(names, dict) else index
                yield name, domain.path, domain.line(section, key)
    actions = domain.value.get("actions") or []
    forms = domain.value.get("forms")
    for form, value in (forms if isinstance(forms, dict) else {}).items():
        for slot in (value or {}).get("required_slots") or []:
            asks = (f"action_ask_{form}_{slot}", f"action_ask_{slot}")
            if not any(ask in actions for ask in asks):
                yield f"utter_ask_{slot}", domain.path, domain.line("forms", form)


def _fault(raw: RawReply, what: str, mend: str, level: Level = "error", field: str = "") -> Fault:
    line = raw.line(field) if field else raw.line()
    return Fault(level, CHECK, raw.file.path, line, f"{raw.name}: {what}", mend)
