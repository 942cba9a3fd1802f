"""What the process writes: our own log, and of Rasa only what is wrong."""

import logging

import structlog


def quieten(level: str) -> None:
    """Our own log at `level`, Rasa's from WARNING on: at DEBUG it would print what customers say."""
    logging.captureWarnings(True)  # deprecations inside Rasa's dependencies are not ours to mend
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for name in ("rasa", "sanic", "apscheduler", "matplotlib"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=quiet, cache_logger_on_first_use=True)
