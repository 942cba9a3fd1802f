"""One customer's conversation, turn by turn, with the replies that are right at each. Pure."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shouwen.bench import mix
from shouwen.bench.mix import Kind
from shouwen.bench.script import Expected, Line, Script
from shouwen.content.publication import Publication

# By name of a reply: its buttons, as title and the reply that pressing it brings.
Buttons = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Step:
    """One turn. `say` is typed; with `press` it is the title of a button under the answer before."""

    kind: Kind
    say: str
    expected: Expected
    press: bool = False


def buttons_of(publication: Publication) -> Buttons:
    """The buttons that lead to an answer, whatever the state of the conversation: those of the FAQ."""
    return {
        name: [(publication.title(topic), f"utter_{topic}") for topic in reply.related if topic.startswith("faq/")]
        for name, reply in publication.replies.items()
    }


def compose(script: Script, buttons: Buttons, number: int) -> list[Step]:
    """Conversation `number` (from 0). The same number gives the same conversation.

    Scenes keep their order, and something else stands between any two of them: two misses in a row would hand off.
    """
    chance = random.Random(number)  # noqa: S311 - a load, not a secret
    counts = mix.counts(script.shares, script.turns, number)
    blocks = [[Step("unclear", line.say, line.expected)] for line in chance.sample(script.unclear, counts["unclear"])]
    blocks += _questions(script.faq, buttons, counts["faq"], counts["button"], chance)
    chance.shuffle(blocks)
    scenes = _scenes(script.action, counts["action"])
    places = sorted(chance.sample(range(len(blocks) + 1), len(scenes)))
    for place, scene in reversed(list(zip(places, scenes, strict=True))):
        blocks.insert(place, scene)
    return [step for block in blocks for step in block]


def _questions(
    lines: Sequence[Line], buttons: Buttons, questions: int, presses: int, chance: random.Random
) -> list[list[Step]]:
    blocks = []
    for line in chance.sample(lines, questions):
        block = [Step("faq", line.say, line.expected)]
        [reply] = line.expected[0] if len(line.expected[0]) == 1 else [""]
        if presses and (choice := buttons.get(reply)):
            title, answer = chance.choice(choice)
            block.append(Step("button", title, (frozenset({answer}),), press=True))
            presses -= 1
        blocks.append(block)
    return blocks


def _scenes(scenes: Sequence[Sequence[Line]], turns: int) -> list[list[Step]]:
    taken: list[list[Step]] = []
    for scene in scenes:
        if turns > 0:
            taken.append([Step("action", line.say, line.expected, line.press) for line in scene[:turns]])
            turns -= len(taken[-1])
    return taken
