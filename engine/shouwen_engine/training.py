"""data/ → models/: Rasa's training with our checks before it and an atomic write after it."""

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import yaml

from shouwen_engine import sentences
from shouwen_engine.progress import say
from shouwen_engine.sentences import DataBroken
from shouwen_engine.settings import ROOT

_DIALOGUE = ("rules", "stories")
_CLASSIFIER = "shouwen_engine.classifier.TopicClassifier"


def train(data: Path, models: Path, name: str = "") -> Path:
    """Train and return the model's file, which appears whole or not at all. Raises DataBroken."""
    say("reading sentences")
    topics = sentences.gather([data / "nlu"], _intents(ROOT / "domain.yml"))
    say(f"{sum(map(len, topics.values())):,} sentences of {len(topics)} topics; loading Rasa")
    from rasa.model_training import train as rasa_train
    from rasa.shared.exceptions import RasaException

    models.mkdir(parents=True, exist_ok=True)
    file_name = f"{name or time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.tar.gz"
    with _workshop(models) as workshop:
        samples = workshop / "nlu.yml"
        sentences.write_samples(topics, samples)
        sentences.write_all(topics, workshop / "sentences.json")
        dialogue = [str(data / folder) for folder in _DIALOGUE if (data / folder).is_dir()]
        say("checking rules")
        try:
            result = rasa_train(
                domain=str(ROOT / "domain.yml"),
                config=str(_config(workshop)),
                training_files=[str(samples), *dialogue],
                output=str(workshop),
                force_training=True,
                fixed_model_name=file_name,
            )
        except RasaException as error:
            raise DataBroken(str(error)) from error
        if result.code or not result.model:
            raise DataBroken(f"Rasa gave up with code {result.code}")
        target = models / file_name
        _force_to_disk(Path(result.model))
        Path(result.model).replace(target)
    say(f"wrote {target.name}, {target.stat().st_size / 1e6:.1f} MB")
    return target


def _config(workshop: Path) -> Path:
    # config.yml, with the way to the whole set for our classifier
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    for component in config["pipeline"]:
        if component["name"] == _CLASSIFIER:
            component["sentences"] = str(workshop / "sentences.json")
    path = workshop / "config.yml"
    path.write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def _intents(domain: Path) -> set[str]:
    listed = yaml.safe_load(domain.read_text(encoding="utf-8"))["intents"]
    return {next(iter(intent)) if isinstance(intent, dict) else intent for intent in listed}


@contextmanager
def _workshop(models: Path) -> Iterator[Path]:
    # beside the target, so that the last step is a rename
    folder = models / f".training-{os.getpid()}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _force_to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def newest(models: Path) -> Sequence[Path]:
    """Model files, the one written last first."""
    return sorted(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
