"""Everything the checks look at, read once: sentences, replies, bank facts, domain, rules, stories, names in code."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from shouwen.datacheck.code_names import CodeName, names_in_code
from shouwen.datacheck.fault import Fault
from shouwen.datacheck.located import Located, parse_yaml
from shouwen.datacheck.topic_list import TopicList, topic_list
from shouwen.text import zh

CHECK = "yaml"
_NOT_A_WORD = re.compile(r"[\W_]+")
_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True)
class Sentence:
    """A training sentence as a customer would type it, entity marks taken off."""

    text: str
    topic: str
    path: str
    line: int | None

    @cached_property
    def key(self) -> str:
        """What makes two sentences the same: normalised, without punctuation and blanks."""
        return sentence_key(self.text)

    @property
    def stem(self) -> str:
        """The name of its file, which is its topic's name in every tree."""
        return Path(self.path).stem


@dataclass(frozen=True)
class RawReply:
    """A reply as it stands in its file."""

    name: str
    value: Any
    file: Located

    def line(self, *keys: str | int) -> int | None:
        """The line of a field of it."""
        return self.file.line("replies", self.name, *keys)


@dataclass(frozen=True)
class Corpus:
    """What stands in the checkout. Missing or broken files are empty here; the reader reported them."""

    topics: TopicList
    sentences: Sequence[Sentence]
    replies: Mapping[str, RawReply]
    bank: Located
    domain: Located
    dialogue: Sequence[Located]
    code: Sequence[CodeName]
    paths: Sequence[str]


def sentence_key(text: str) -> str:
    """See `Sentence.key`; a sentence of nothing but signs keeps them."""
    normal = zh.normalise(text)
    return _NOT_A_WORD.sub("", normal) or normal


def read_corpus(data: Path, domain: Path, code: Path) -> tuple[Corpus, list[Fault]]:
    """The corpus of a data folder, a domain file and a source tree, and every fault met in reading."""
    reader = _Reader(data.parent)
    bank = reader.read(data / "bank.yml")
    nlu = [reader.read(path) for path in sorted((data / "nlu").glob("*.yml"))]
    responses = [reader.read(path) for path in sorted((data / "responses").glob("*.yml"))]
    dialogue = [reader.read(path) for tree in ("rules", "stories") for path in sorted((data / tree).glob("*.yml"))]
    corpus = Corpus(
        topics=topic_list(),
        sentences=[sentence for file in nlu for sentence in reader.sentences(file)],
        replies=reader.replies(responses),
        bank=bank,
        domain=reader.read(domain),
        dialogue=dialogue,
        code=names_in_code(code),
        paths=[_shown(path, data.parent) for path in sorted(data.rglob("*")) if path.is_file()],
    )
    return corpus, reader.faults


class _Reader:
    def __init__(self, root: Path) -> None:
        self._root = root
        self.faults: list[Fault] = []

    def read(self, path: Path) -> Located:
        shown = _shown(path, self._root)
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            self._blame(shown, None, "is not there", "put it back, or check SHOUWEN_DATA")
            return Located(shown)
        except OSError as error:
            self._blame(shown, None, f"cannot be read: {error.strerror}", "look at its permissions")
            return Located(shown)
        except UnicodeDecodeError as error:
            self._blame(shown, None, f"is not UTF-8 (byte {error.start})", "save it as UTF-8")
            return Located(shown)
        located, faults = parse_yaml(shown, text)
        self.faults += faults
        return located

    def sentences(self, file: Located) -> Iterator[Sentence]:
        groups = file.value.get("nlu") or []
        if not isinstance(groups, list):
            self._blame(file.path, file.line("nlu"), "nlu is not a list", "write `- intent: …` below it")
            return
        for index, group in enumerate(groups):
            if not isinstance(group, dict):
                self._blame(file.path, file.line("nlu", index), "is no `intent:` entry", "give it intent and examples")
            elif "intent" in group:
                yield from self._examples(file, index, str(group["intent"]), group.get("examples"))

    def _examples(self, file: Located, index: int, topic: str, examples: object) -> Iterator[Sentence]:
        start = file.line("nlu", index, "examples")
        if not isinstance(examples, str) or start is None:
            self._blame(file.path, start, f"{topic}: examples is not a block of lines", "write `examples: |`")
            return
        for offset, row in enumerate(examples.splitlines(), start=1):
            if not row.strip():
                continue
            if not row.startswith("- ") or not row[2:].strip():
                self._blame(file.path, start + offset, f"{topic}: a line is no `- sentence`", "start it with `- `")
                continue
            yield Sentence(_ENTITY.sub(r"\1", row[2:].strip()), topic, file.path, start + offset)

    def replies(self, files: Sequence[Located]) -> dict[str, RawReply]:
        found: dict[str, RawReply] = {}
        for file in files:
            replies = file.value.get("replies")
            if file.value and not isinstance(replies, dict):
                self._blame(
                    file.path, file.line("replies"), "has no mapping `replies`", "put the answers below `replies:`"
                )
                continue
            for name, value in (replies or {}).items():
                line = file.line("replies", name)
                if name in found:
                    other = found[name]
                    where = f"{other.file.path}:{other.line()}"
                    self._blame(file.path, line, f"{name} stands in {where} too", "keep one of them")
                    continue
                found[name] = RawReply(str(name), value, file)
        return found

    def _blame(self, path: str, line: int | None, what: str, mend: str) -> None:
        self.faults.append(Fault("error", CHECK, path, line, what, mend))


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
