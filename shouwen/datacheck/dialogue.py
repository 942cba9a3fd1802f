"""Rules and stories speak of intents, actions, slots and forms that exist."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shouwen.datacheck.corpus import Corpus
from shouwen.datacheck.fault import Fault
from shouwen.datacheck.located import Keys, Located
from shouwen.datacheck.topic_list import RETRIEVAL_INTENT

CHECK = "dialogue"

# Rasa 3.6 knows these without a domain
BUILT_IN_ACTIONS = frozenset({
    "action_listen", "action_restart", "action_session_start", "action_default_fallback", "action_deactivate_loop",
    "action_revert_fallback_events", "action_default_ask_affirmation", "action_default_ask_rephrase",
    "action_two_stage_fallback", "action_unlikely_intent", "action_back", "action_extract_slots",
})  # fmt: skip
BUILT_IN_INTENTS = frozenset({"nlu_fallback", "restart", "back", "session_start"})
_BUILT_IN_SLOTS = frozenset({"requested_slot", "session_started_metadata"})

Step = tuple[Located, Keys, str, str]  # file, where, "intent" or "action" …, name


def domain_intents(corpus: Corpus) -> frozenset[str]:
    """The intents domain.yml lists, plain or with options."""
    return frozenset(_names(corpus.domain.value.get("intents")))


def domain_actions(corpus: Corpus) -> frozenset[str]:
    """What a rule may name as an action: listed actions and responses, forms, the retrieval action, Rasa's own."""
    domain = corpus.domain.value
    listed = [*_names(domain.get("actions")), *_names(domain.get("responses")), *_names(domain.get("forms"))]
    return frozenset(listed) | {f"utter_{RETRIEVAL_INTENT}"} | BUILT_IN_ACTIONS


def used_intents(corpus: Corpus) -> frozenset[str]:
    """The intents rules, stories and forms speak of."""
    forms = corpus.domain.value.get("forms") or {}
    ignored = [form.get("ignored_intents") or [] for form in forms.values() if isinstance(form, dict)]
    mapped = [str(name) for names in ignored for name in ([names] if isinstance(names, str) else names)]
    return frozenset([name for *_, kind, name in _all_steps(corpus) if kind == "intent"] + mapped)


def used_replies(corpus: Corpus) -> list[tuple[str, str, int | None]]:
    """Replies that rules and stories name, with path and line."""
    steps = _all_steps(corpus)
    return [
        (name, file.path, file.line(*keys))
        for file, keys, kind, name in steps
        if kind == "action" and name.startswith("utter_")
    ]


def check_dialogue(corpus: Corpus) -> Iterator[Fault]:
    """Each step of each rule and story, and the classes behind the actions of domain.yml."""
    if not corpus.domain.value:
        return  # reported by the reader
    domain = corpus.domain.value
    known = {
        "intent": domain_intents(corpus) | frozenset(corpus.topics.faq) | BUILT_IN_INTENTS,
        "action": domain_actions(corpus),
        "active_loop": frozenset(_names(domain.get("forms"))),
        "slot_was_set": frozenset(_names(domain.get("slots"))) | _BUILT_IN_SLOTS,
    }
    for file, keys, kind, name in _all_steps(corpus):
        if name not in known[kind]:
            mend = f"mend the name, or add it to {corpus.domain.path}"
            yield Fault("error", CHECK, file.path, file.line(*keys), f"{kind} {name} is unknown", mend)
    yield from _actions_without_class(corpus)


def _actions_without_class(corpus: Corpus) -> Iterator[Fault]:
    written = {found.name for found in corpus.code if not found.path.startswith("shouwen/")}
    for index, name in enumerate(_names(corpus.domain.value.get("actions"))):
        if name.startswith(("action_", "validate_")) and name not in written | BUILT_IN_ACTIONS:
            line = corpus.domain.line("actions", index)
            yield Fault(
                "error", CHECK, corpus.domain.path, line, f"{name} has no class", "add it to actions/, or drop it"
            )


def _names(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [str(name) for name in value]
    if isinstance(value, list):
        return [str(next(iter(item))) if isinstance(item, Mapping) and item else str(item) for item in value]
    return []


def _all_steps(corpus: Corpus) -> list[Step]:
    return [step for file in corpus.dialogue for step in _steps_of(file)]


def _steps_of(file: Located) -> Iterator[Step]:
    for tree in ("rules", "stories"):
        entries = file.value.get(tree)
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            if isinstance(entry, Mapping):
                for part in ("condition", "steps"):
                    yield from _steps(file, (tree, index, part), entry.get(part))


def _steps(file: Located, keys: Keys, steps: Any) -> Iterator[Step]:
    for index, step in enumerate(steps if isinstance(steps, Sequence) and not isinstance(steps, str) else []):
        here = (*keys, index)
        if not isinstance(step, Mapping):
            continue
        if "or" in step:
            yield from _steps(file, (*here, "or"), step["or"])
        for kind in ("intent", "action", "active_loop"):
            if isinstance(step.get(kind), str):
                yield file, (*here, kind), kind, step[kind]
        for slot in _names(step.get("slot_was_set")):
            yield file, (*here, "slot_was_set"), "slot_was_set", slot
