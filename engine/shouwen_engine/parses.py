"""The shape of a parse: what Rasa expects of an intent and a retrieval response, and what we tell the gateway."""

from collections.abc import Mapping, Sequence
from typing import Any

from shouwen_engine.decision import ANSWER, ASK_BACK, MISS, REFUSE, Decision, Ranked

# U+2060 stands before every customer's text that is parsed: Rasa's regex handler strips blanks, not this, and so
# never sees a leading slash (design.md 6)
WORD_JOINER = "\u2060"

ASK_BACK_INTENT = "nlu_ask_back"
MISS_INTENT = "nlu_fallback"
# the gateway must not be able to reach Rasa's own commands through a button either
RASA_COMMANDS = frozenset({"restart", "back", "session_start"})


def readable(text: Any) -> tuple[str, int]:
    """A parsed text without the mark in front, and how far offsets have to be moved back."""
    text = text or ""
    return (text[len(WORD_JOINER) :], len(WORD_JOINER)) if text.startswith(WORD_JOINER) else (text, 0)


def retrieval_intents(labels: Sequence[str]) -> list[str]:
    """The intents that stand before a slash: `faq/card_limit` → `faq`."""
    return sorted({label.partition("/")[0] for label in labels if "/" in label})


def intent_of(label: str, confidence: float) -> dict[str, Any]:
    """The intent for a full label."""
    intent: dict[str, Any] = {"name": label.partition("/")[0], "confidence": confidence}
    if "/" in label:
        intent["full_retrieval_intent_name"] = label
    return intent


def full_label(intent: Mapping[str, Any]) -> Any:
    """The full label of an intent, None when there is none."""
    return intent.get("full_retrieval_intent_name") or intent.get("name")


def response_selector(ranking: Sequence[Ranked], retrieval: Sequence[str]) -> dict[str, Any]:
    """What Rasa's ResponseSelector would leave behind, for each retrieval intent; `utter_faq` reads it."""
    selector: dict[str, Any] = {"all_retrieval_intents": list(retrieval), "default": _selected([])}
    for intent in retrieval:
        selector[intent] = _selected([r for r in ranking if r.label.startswith(f"{intent}/")])
    return selector


def _selected(ranking: Sequence[Ranked]) -> dict[str, Any]:
    best = ranking[0] if ranking else Ranked("", 0.0)
    return {
        "response": {
            "responses": None,
            "confidence": best.confidence,
            "intent_response_key": best.label or None,
            "utter_action": f"utter_{best.label or None}",
        },
        "ranking": [{"confidence": r.confidence, "intent_response_key": r.label} for r in ranking],
    }


def set_topic(message: Any, ranking: Sequence[Ranked], retrieval: Sequence[str]) -> None:
    """Write a ranking into a message: intent, `intent_ranking` over full labels, response selector."""
    best = intent_of(ranking[0].label, ranking[0].confidence) if ranking else {"name": None, "confidence": 0.0}
    rows = [{"name": r.label, "confidence": r.confidence} for r in ranking]
    message.set("intent", best, add_to_output=True)
    message.set("intent_ranking", rows, add_to_output=True)
    message.set("response_selector", response_selector(ranking, retrieval), add_to_output=True)


def decided_intent(decision: Decision, ranking: Sequence[Ranked]) -> dict[str, Any]:
    """The intent after the decision. Its confidence stays that of the best topic."""
    confidence = ranking[0].confidence if ranking else 0.0
    if decision.kind == ANSWER:
        return intent_of(decision.candidates[0], confidence)
    name = {ASK_BACK: ASK_BACK_INTENT, REFUSE: "out_of_scope", MISS: MISS_INTENT}[decision.kind]
    return {"name": name, "confidence": confidence}


def given_parse(
    label: str, entities: Sequence[Mapping[str, Any]], retrieval: Sequence[str], shown: Any = None
) -> dict[str, Any]:
    """The parse of a button: its label is certain. The fallback's own label is a miss."""
    ranking = [Ranked(label, 1.0)]
    kind = MISS if label == MISS_INTENT else REFUSE if label == "out_of_scope" else ANSWER
    return {
        "text": shown,
        "intent": intent_of(label, 1.0),
        "intent_ranking": [{"name": label, "confidence": 1.0}],
        "entities": [dict(entity) for entity in entities],
        "response_selector": response_selector(ranking, retrieval),
        "decision": {"kind": kind, "candidates": [label]},
    }


def summary(parse: Mapping[str, Any]) -> dict[str, Any]:
    """A parse as the gateway and the evaluation read it."""
    decision = parse.get("decision") or {}
    return {
        "intent": full_label(parse["intent"]),
        "decision": decision.get("kind", ANSWER),
        "candidates": list(decision.get("candidates", ())),
        "confidence": round(float(parse["intent"].get("confidence") or 0.0), 4),
        "ranking": [
            {"label": row["name"], "confidence": round(float(row["confidence"]), 4)}
            for row in parse.get("intent_ranking", ())
        ],
        "entities": list(parse.get("entities", ())),
    }
