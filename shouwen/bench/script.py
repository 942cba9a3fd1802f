"""The script: what customers say and which replies are right. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from shouwen.bench.mix import PERIOD, Kind, counts
from shouwen.errors import Misconfigured

# One set per reply of the turn, in order; any name in the set is right.
Expected = tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Line:
    """One thing a customer types, or with `press` the title of a button under the answer before."""

    say: str
    expected: Expected
    press: bool = False


@dataclass(frozen=True)
class Script:
    """`action` holds scenes: their order counts, and the lines of one are said back to back."""

    turns: int
    shares: Mapping[Kind, int]
    faq: Sequence[Line]
    unclear: Sequence[Line]
    action: Sequence[Sequence[Line]]

    def lines(self) -> Iterable[Line]:
        """Every line."""
        yield from self.faq
        yield from self.unclear
        for scene in self.action:
            yield from scene


def parse_script(raw: Any) -> Script:
    """The script that stands in `script.yml`. Raises Misconfigured with every fault."""
    try:
        script = Script(
            turns=int(raw["turns"]),
            shares={kind: int(raw["mix"][kind]) for kind in get_args(Kind)},
            faq=_pool(raw["faq"]),
            unclear=_pool(raw["unclear"]),
            action=[[_spoken(line) for line in scene] for scene in raw["action"]],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Misconfigured([f"script.yml: {error!r}"]) from None
    if faults := _faults(script):
        raise Misconfigured([f"script.yml: {fault}" for fault in faults])
    return script


def expected(names: Sequence[str]) -> Expected:
    """Names of replies in order; `a|b` where either is right."""
    if isinstance(names, str):
        raise TypeError(f"{names!r} is no list of replies")
    return tuple(frozenset(name.split("|")) for name in names)


def _most(shares: Mapping[Kind, int], turns: int) -> dict[Kind, int]:
    conversations = [counts(shares, turns, number) for number in range(PERIOD)]
    return {kind: max(each[kind] for each in conversations) for kind in shares}


def _pool(raw: Mapping[str, Sequence[str]]) -> list[Line]:
    return [Line(str(say), expected([reply])) for reply, said in raw.items() for say in said]


def _spoken(raw: Mapping[str, Any]) -> Line:
    press = "press" in raw
    return Line(str(raw["press"] if press else raw["say"]), expected(raw["replies"]), press)


def _faults(script: Script) -> list[str]:
    if sum(script.shares.values()) != PERIOD:
        return ["the mix is not 100 percent"]
    said = [line.say for line in script.lines() if not line.press]
    faults = [f"{say!r} stands there twice" for say in dict.fromkeys(said) if said.count(say) > 1]
    needed = _most(script.shares, script.turns)
    held: dict[Kind, int] = {
        "faq": len(script.faq),
        "unclear": len(script.unclear),
        "action": sum(map(len, script.action)),
    }
    faults += [
        f"{kind} holds {n} lines, a conversation needs {needed[kind]}" for kind, n in held.items() if n < needed[kind]
    ]
    return faults
