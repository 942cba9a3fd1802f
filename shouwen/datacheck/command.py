"""`shouwen check`: reads everything, runs every check, prints all faults at once."""

import time
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from shouwen.datacheck import (
    bank,
    dev_copies,
    dialogue,
    files,
    personal_data,
    replies,
    report,
    sentences,
    topics,
    wording,
)
from shouwen.datacheck.corpus import Corpus, read_corpus
from shouwen.datacheck.fault import Fault
from shouwen.datacheck.rendering import publication_of, speak
from shouwen.evaluation.rows import parse_rows
from shouwen.settings import ROOT, Settings
from shouwen.text import zh

DEV_BESIDE = ROOT.parent / "shared" / "nlu" / "dev.jsonl"


def run(settings: Settings, dev: Path | None) -> int:
    """Print every fault of data/ and domain.yml; 1 when one of them is an error.

    `dev` holds measuring sentences; without it the file beside the checkout is taken, and its absence is shown.
    """
    started = time.perf_counter()
    today = zh.shanghai_day(datetime.now(UTC))
    corpus, faults = read_corpus(settings.data, ROOT / "domain.yml", ROOT)
    faults += check(corpus, today)
    faults += check_dev(corpus, dev, DEV_BESIDE)
    took = time.perf_counter() - started
    measured = f"{len(corpus.sentences)} sentences and {len(corpus.replies)} replies, {took:.1f} s"
    for line in report.lines(faults, measured):
        print(line)
    return int(any(fault.level == "error" for fault in faults))


def check(corpus: Corpus, today: date) -> list[Fault]:
    """Every fault that can be seen without measuring sentences. `today` is a day in Shanghai."""
    publication, unpublished = publication_of(corpus)
    spoken, unspoken = speak(corpus, publication) if publication else ([], [])
    answers = [(corpus.replies[name], reply) for name, reply in publication.replies.items()] if publication else []
    found: list[Iterable[Fault]] = [
        unpublished,
        unspoken,
        files.check_files(corpus),
        topics.check_topics(corpus),
        topics.check_domain(corpus),
        sentences.check_duplicates(corpus),
        sentences.check_counts(corpus),
        replies.check_answers(corpus),
        replies.check_dates(answers, today),
        replies.check_fields(corpus, answers),
        bank.check_bank(corpus),
        wording.check_wording(spoken),
        wording.check_page(corpus.bank),
        personal_data.check_sentences(corpus.sentences, corpus.bank),
        personal_data.check_replies(spoken, corpus.bank),
        dialogue.check_dialogue(corpus),
    ]
    return [fault for of_one_check in found for fault in of_one_check]


def check_dev(corpus: Corpus, given: Path | None, beside: Path) -> list[Fault]:
    """Copies of measuring sentences. A file that was asked for and is not there is an error."""
    path = given or beside
    try:
        rows, unread = parse_rows(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        if given or path.exists():
            return [Fault("error", dev_copies.CHECK, str(path), None, f"cannot be read: {error}", "give --dev FILE")]
        what = "there are no measuring sentences: COPIES OF THEM WERE NOT LOOKED FOR"
        return [Fault("skipped", dev_copies.CHECK, path.name, None, what, "give --dev FILE")]
    faults = [Fault("error", dev_copies.CHECK, path.name, None, what, "mend the line") for what in unread]
    return faults + list(dev_copies.check_dev_copies(corpus.sentences, [(r.line, r.text) for r in rows], path.name))
