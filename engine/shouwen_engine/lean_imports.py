"""Keeps TensorFlow and a dozen chat networks out of our processes.

Importing Rasa's processor pulls in TensorFlow, because `rasa.utils.train_utils` names classes that only DIET and TED
train with, and every channel Rasa knows (Slack, Telegram, Twilio …), because `rasa.core.channels` lists them; training
looks at every component Rasa ships. None of that is used here (design.md 11). Stand-ins for these modules save eight
seconds at start and 350 MB of memory (measured). A pipeline with DIET or TED needs the real ones: set
SHOUWEN_RASA_TENSORFLOW=1.
"""

import importlib
import os
import sys
import types
from pathlib import Path
from typing import Any

_WITH_TENSORFLOW = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator",),
    "rasa.nlu.classifiers.diet_classifier": ("DIETClassifier",),
    "rasa.nlu.selectors.response_selector": ("ResponseSelector",),
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": ("ConveRTFeaturizer",),
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": ("LanguageModelFeaturizer",),
    "rasa.core.policies.ted_policy": ("TEDPolicy",),
    "rasa.core.policies.unexpected_intent_policy": ("UnexpecTEDIntentPolicy",),
}


class _NeedsTensorFlow:
    def __init__(self, *_: Any, **__: Any) -> None:
        raise RuntimeError("this pipeline needs TensorFlow: start with SHOUWEN_RASA_TENSORFLOW=1")


def install() -> None:
    """Put the stand-ins in place. To be called before anything of Rasa is imported."""
    if os.environ.get("SHOUWEN_RASA_TENSORFLOW") == "1":
        return
    for name, classes in _WITH_TENSORFLOW.items():
        module = types.ModuleType(name)
        for class_name in classes:
            setattr(module, class_name, type(class_name, (_NeedsTensorFlow,), {}))
        sys.modules[name] = module
    core = importlib.import_module("rasa.core")
    channels = types.ModuleType("rasa.core.channels")
    channels.__path__ = [str(Path(core.__path__[0]) / "channels")]
    sys.modules["rasa.core.channels"] = channels
    vars(channels).update(_public(importlib.import_module("rasa.core.channels.channel")))


def _public(module: types.ModuleType) -> dict[str, Any]:
    return {name: value for name, value in vars(module).items() if not name.startswith("_")}
