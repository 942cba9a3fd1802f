"""The training sentences under data/nlu, checked and gathered.

Rasa reads a folder's sentences three times and copies and hashes them fourteen times before a component sees them,
which took half of the training; and it only warns about most of what is refused here. So Rasa is shown two sentences
a topic, enough for its own checks, and the classifier reads the whole set from a file beside them.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

FEWEST = 2  # sentences a topic


class DataBroken(Exception):
    """The data cannot be trained on. Its text lists the faults found, one a line."""


def gather(folders: Iterable[Path], intents: Collection[str]) -> dict[str, list[str]]:
    """Sentences by full label, each once. Raises DataBroken with every fault."""
    found: dict[str, list[str]] = {}
    faults: list[str] = []
    for path in sorted(path for folder in folders for path in folder.glob("*.yml")):
        for label, examples in _read(path, faults):
            found.setdefault(label, []).extend(examples)
    topics = {label: list(dict.fromkeys(examples)) for label, examples in found.items()}
    faults += [f"{label}: is not in domain.yml" for label in sorted(topics) if label.partition("/")[0] not in intents]
    faults += [
        f"{label}: has {len(examples)} sentences, {FEWEST} are the least"
        for label, examples in sorted(topics.items())
        if len(examples) < FEWEST
    ]
    faults += _said_of_two(topics)
    if not topics and not faults:
        faults.append("there are no sentences")
    if faults:
        raise DataBroken("\n".join(faults))
    return topics


def write_all(topics: Mapping[str, Sequence[str]], path: Path) -> None:
    """The whole set, for `read_all`."""
    path.write_text(json.dumps(topics, ensure_ascii=False), encoding="utf-8")


def read_all(path: Path) -> tuple[list[str], list[str]]:
    """Sentences and, in the same order, their labels."""
    topics: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    pairs = [(sentence, label) for label, examples in topics.items() for sentence in examples]
    return [sentence for sentence, _ in pairs], [label for _, label in pairs]


def write_samples(topics: Mapping[str, Sequence[str]], path: Path, count: int = FEWEST) -> None:
    """The first `count` sentences of each topic, as Rasa's training data."""
    blocks = [
        {"intent": label, "examples": "".join(f"- {example}\n" for example in examples[:count])}
        for label, examples in sorted(topics.items())
    ]
    text = yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True, sort_keys=False, width=10_000)
    path.write_text(text, encoding="utf-8")


def _read(path: Path, faults: list[str]) -> list[tuple[str, list[str]]]:
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        faults.append(f"{path.name}: {' '.join(str(error).split())}")
        return []
    blocks = content.get("nlu") if isinstance(content, Mapping) else None
    if not isinstance(blocks, list):
        faults.append(f"{path.name}: has no list under nlu")
        return []
    topics = []
    for block in blocks:
        if "intent" in block and isinstance(block.get("examples"), str):
            topics.append((str(block["intent"]), _examples(path.name, block, faults)))
        elif "intent" in block:
            faults.append(f"{path.name}: {block['intent']} has no text under examples")
    return topics


def _examples(name: str, block: Mapping[str, Any], faults: list[str]) -> list[str]:
    lines = [line.strip() for line in block["examples"].splitlines() if line.strip()]
    odd = [line for line in lines if not line.startswith("- ")]
    faults += [f"{name}: {block['intent']}: {line[:40]!r} does not begin with a hyphen" for line in odd]
    return [line[2:].strip() for line in lines if line.startswith("- ") and line[2:].strip()]


def _said_of_two(topics: Mapping[str, Sequence[str]]) -> list[str]:
    count = Counter(example for examples in topics.values() for example in examples)
    twice = {example for example, number in count.items() if number > 1}
    owners = {example: [label for label in topics if example in topics[label]] for example in sorted(twice)}
    return [f"{example!r} stands under {' and '.join(labels)}" for example, labels in owners.items()]
