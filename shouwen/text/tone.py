"""Tone of voice as a check over everything a customer is about to read (tone.md 7a-7d).

For answers, generated text and agents' drafts. The rules are data in lexicon/tone.yml; here is how they are applied.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from shouwen.text.mood import Mood
from shouwen.text.phrases import clauses, sentences
from shouwen.text.tone_rules import Banned, Level, Must, Rules, rules
from shouwen.text.zh import simplify, strip_invisible

_BULLET = re.compile(r"^[ \t]*(?:[·•*\-\u2460-\u2473]|\d{1,2}[.、)）])[ \t]*", re.MULTILINE)
_STEP = re.compile(r"^[ \t]*(?:[\u2460-\u2473]|\d{1,2}[.、)）](?!\d)|第[一二三四五六七八九十]+步)", re.MULTILINE)
_COMMAS_AND_BLANKS = re.compile(r"[,\s]+")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\u231a\u231b\u23e9-\u23f3]")


@dataclass(frozen=True)
class Finding:
    """One breach. An error must not be sent, a warning should be read; `explanation` tells the writer what to do.

    `clause` is the half-width piece of text at fault, "" when something is missing from the whole.
    """

    rule: str
    level: Level
    clause: str
    explanation: str


def lint(
    text: str, *, kind: str = "any", tags: Collection[str] = (), previous_mood: Mood | None = None
) -> list[Finding]:
    """Every breach of T1-T16 and B1-B12 in a rendered text, in the order of the rules; [] when it may go out.

    `kind` is the reply's kind and `tags` are its message types, both from lexicon/tone.yml; `previous_mood` is the mood
    of the customer's last message (T4, and T12 for the elderly). Raises ValueError for a kind or tag nobody defined:
    a misspelt one would silently switch a rule off.
    """
    rulebook = rules()
    unknown = sorted({*tags, kind} - rulebook.tags - rulebook.kinds)
    if unknown or kind not in rulebook.kinds:
        raise ValueError(f"unknown kind or tags: {', '.join(unknown) or kind}")
    message = _Message(text, kind, frozenset(tags), previous_mood or Mood(), rulebook)
    found = [*_missing(message), *_forbidden(message), *_jargon(message), *_shape(message)]
    return sorted(found, key=_place)


class _Message:
    """A text cut up once. `own` is without the customer's quoted words (7d)."""

    def __init__(self, text: str, kind: str, tags: frozenset[str], mood: Mood, rulebook: Rules) -> None:
        self.kind, self.tags, self.mood, self.rulebook = kind, tags, mood, rulebook
        self.text = strip_invisible(text)
        self.own = _BULLET.sub("", rulebook.customer_quote.sub("", self.text))
        self.sentences = sentences(self.own)
        self.clauses = clauses(self.own)
        self._tight = [_tight(sentence) for sentence in sentences(_BULLET.sub("", self.text))]

    @property
    def is_for_elder(self) -> bool:
        return self.mood.elderly or "elder" in self.tags

    def scope(self, name: str) -> str:
        """The tight text a rule of 7a looks at, a line for each sentence."""
        chosen = {"first_sentence": self._tight[:1], "first_two": self._tight[:2], "last_sentence": self._tight[-1:]}
        return "\n".join(chosen.get(name, self._tight))

    def concerns(self, rule: Must | Banned) -> bool:
        return rule.when.fits(self.tags, self.kind, self.mood.angry)


def _missing(message: _Message) -> Iterator[Finding]:
    for rule in filter(message.concerns, message.rulebook.must):
        scope = message.scope(rule.scope)
        for part in rule.parts:
            if bool(part.pattern.search(scope)) == rule.absent:
                yield Finding(rule.rule, rule.level, "" if rule.scope == "text" else scope, f"{part.say}。")


def _forbidden(message: _Message) -> Iterator[Finding]:
    for rule in filter(message.concerns, message.rulebook.banned):
        for piece in message.clauses if rule.scope == "clause" else message.sentences:
            tight = _tight(piece)
            match = rule.pattern.search(tight)
            if match and not (rule.guard and rule.guard.spares(tight)):
                yield Finding(rule.rule, rule.level, piece, f"“{match.group()}”：{rule.say}。")


def _jargon(message: _Message) -> Iterator[Finding]:
    whole = message.scope("text")
    for term in message.rulebook.jargon:
        for sentence in message.sentences:
            if term.pattern.search(_tight(sentence)) and not term.explained.search(whole):
                yield Finding(
                    term.rule, term.level, sentence, f"“{term.word}”是行话，请改成“{term.plain}”，或在后面用括号解释。"
                )


def _shape(message: _Message) -> Iterator[Finding]:
    """Lengths and counts: T12 and T16."""
    limits = message.rulebook.limits
    longest = limits.elder_sentence if message.is_for_elder else limits.sentence
    for sentence in message.sentences:
        length = len(re.sub(r"\s", "", message.rulebook.link.sub("#", sentence)))
        if length > longest:
            yield Finding("T12", "warning", sentence, f"这句有{length}个字，超过{longest}个字，请拆成短句。")
    steps = len(_STEP.findall(message.text))
    if steps > limits.steps:
        yield Finding("T12", "warning", "", f"共{steps}步，超过{limits.steps}步，请合并或分开写。")
    if not steps and (message.kind == "process" or "process" in message.tags):
        yield Finding("T12", "warning", "", "办理类答案请分步写，每步一行并编号（①②③）。")
    half_width = unicodedata.normalize("NFKC", message.own)
    if message.is_for_elder and half_width.count("?") > limits.elder_questions:
        yield Finding("T12", "warning", "", f"对老年客户一次只问{limits.elder_questions}个问题。")
    if half_width.count("!") > limits.exclamations:
        yield Finding("T16", "warning", "", f"感叹号最多{limits.exclamations}个，请改成句号。")
    emoji = _EMOJI.search(message.own)
    if emoji and message.tags & message.rulebook.no_emoji_in:
        yield Finding("T16", "warning", emoji.group(), "投诉、挂失和被骗的消息里请不要用表情。")


def _tight(piece: str) -> str:
    """A half-width, simplified piece without commas and blanks."""
    return simplify(_COMMAS_AND_BLANKS.sub("", unicodedata.normalize("NFKC", piece)))


def _place(finding: Finding) -> tuple[bool, int]:
    return finding.rule.startswith("B"), int(finding.rule[1:])
