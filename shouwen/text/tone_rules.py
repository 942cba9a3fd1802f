"""The tone rules as values, read once from lexicon/tone.yml (tone.md 7a-7d, R86)."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from shouwen.text.phrases import any_of
from shouwen.text.word_lists import read_lexicon

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class When:
    """Which messages a rule is for: by tag, by kind of reply, by the customer's anger."""

    tags: frozenset[str]
    kinds: frozenset[str]
    unless: frozenset[str]
    angry: bool

    def fits(self, tags: frozenset[str], kind: str, angry: bool) -> bool:
        """Whether the rule is for such a message; one without tags, kinds or mood is for every message."""
        if tags & self.unless:
            return False
        if self.angry:
            return angry
        return bool(tags & self.tags) or kind in self.kinds or not (self.tags or self.kinds)


@dataclass(frozen=True)
class Part:
    """One thing a message must say, or with `Must.absent` must not, and what to tell the writer."""

    pattern: re.Pattern[str]
    say: str


@dataclass(frozen=True)
class Must:
    """A rule of 7a. `scope` is text, first_sentence, first_two or last_sentence."""

    rule: str
    level: Level
    when: When
    scope: str
    absent: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Guard:
    """Words that make a clause harmless (7b), unless `but_not` shows that they do not negate the request."""

    words: re.Pattern[str]
    but_not: re.Pattern[str]

    def spares(self, clause: str) -> bool:
        """Whether the clause is skipped."""
        return bool(self.words.search(clause)) and not self.but_not.search(clause)


@dataclass(frozen=True)
class Banned:
    """A rule of 7b. `scope` is sentence or clause."""

    rule: str
    level: Level
    when: When
    scope: str
    guard: Guard | None
    pattern: re.Pattern[str]
    say: str


@dataclass(frozen=True)
class Jargon:
    """A word of the trade and what in a message explains it (B12, R69)."""

    rule: str
    level: Level
    word: str
    pattern: re.Pattern[str]
    plain: str
    explained: re.Pattern[str]


@dataclass(frozen=True)
class Limits:
    """Counts of T12 and T16; sentences in characters."""

    sentence: int
    elder_sentence: int
    elder_questions: int
    steps: int
    exclamations: int


@dataclass(frozen=True)
class Rules:
    """Everything in tone.yml."""

    version: str
    tags: frozenset[str]
    kinds: frozenset[str]
    limits: Limits
    no_emoji_in: frozenset[str]
    customer_quote: re.Pattern[str]
    link: re.Pattern[str]
    must: tuple[Must, ...]
    banned: tuple[Banned, ...]
    jargon: tuple[Jargon, ...]


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The rules, read and compiled at first use."""
    data = read_lexicon("tone")
    guards = {name: Guard(any_of([raw["words"]]), any_of([raw["but_not"]])) for name, raw in data["guards"].items()}
    return Rules(
        version=data["version"],
        tags=frozenset(data["tags"]),
        kinds=frozenset(data["kinds"]),
        limits=Limits(**data["limits"]),
        no_emoji_in=frozenset(data["no_emoji_in"]),
        customer_quote=any_of([data["customer_quote"]]),
        link=any_of([data["link"]]),
        must=tuple(_must(raw) for raw in data["must"]),
        banned=tuple(_banned(raw, guards) for raw in data["banned"]),
        jargon=_jargon(data["jargon"]),
    )


def _when(raw: dict[str, Any]) -> When:
    when = raw.get("when", [])
    return When(
        tags=frozenset() if when == "angry" else frozenset(when),
        kinds=frozenset(raw.get("kind", [])),
        unless=frozenset(raw.get("unless", [])),
        angry=when == "angry",
    )


def _must(raw: dict[str, Any]) -> Must:
    return Must(
        rule=raw["rule"],
        level=raw["level"],
        when=_when(raw),
        scope=raw.get("scope", "text"),
        absent=raw.get("absent", False),
        parts=tuple(Part(any_of([part["pattern"]]), part["say"]) for part in raw["parts"]),
    )


def _banned(raw: dict[str, Any], guards: dict[str, Guard]) -> Banned:
    return Banned(
        rule=raw["rule"],
        level=raw["level"],
        when=_when(raw),
        scope=raw["scope"],
        guard=guards[raw["guard"]] if "guard" in raw else None,
        pattern=any_of(raw["patterns"]),
        say=raw["say"],
    )


def _jargon(raw: dict[str, Any]) -> tuple[Jargon, ...]:
    return tuple(
        Jargon(
            rule=raw["rule"],
            level=raw["level"],
            word=word,
            pattern=any_of([gloss.get("pattern", re.escape(word))]),
            plain=gloss["plain"],
            explained=any_of(
                [
                    re.escape(gloss["plain"]),
                    rf"{word}[\"”」]?(?:{raw['explained_by']})",
                    *([gloss["explained"]] if "explained" in gloss else []),
                ]
            ),
        )
        for word, gloss in raw["words"].items()
    )
