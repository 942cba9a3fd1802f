"""Who may import whom (design.md, Layout), read off the source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EDGES = ("api", "live", "jobs", "turns", "command", "limits", "calls", "sending", "sign_ins", "refusals")
SQL = ("store", "tables", "db", "schema")


def sources(*folders: str) -> list[Path]:
    return [p for f in folders for p in sorted((ROOT / f).rglob("*.py")) if ".venv" not in p.parts]


def imports(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def offenders(paths: list[Path], forbidden: tuple[str, ...]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in paths
        for name in imports(path)
        if any(name == word or name.startswith(word + ".") for word in forbidden)
    ]


def test_rasa_is_imported_in_the_engine_only() -> None:
    assert offenders(sources("shouwen", "actions", "scripts"), ("rasa", "tensorflow")) == []


def test_rasa_sdk_is_imported_in_actions_only() -> None:
    assert offenders(sources("shouwen", "engine"), ("rasa_sdk",)) == []


def test_the_engine_knows_of_the_product_only_how_to_read_text() -> None:
    known = [o for o in offenders(sources("engine"), ("shouwen",)) if "imports shouwen.text" not in o]
    assert known == []


@pytest.mark.parametrize("forbidden", ["sqlalchemy", "sanic", "aiohttp", "os", "shouwen.settings", "shouwen.db"])
def test_text_is_pure(forbidden: str) -> None:
    assert offenders(sources("shouwen/text"), (forbidden,)) == []


def test_sql_stands_in_stores_only() -> None:
    allowed = ("sqlalchemy.engine.Connection", "sqlalchemy.exc.SQLAlchemyError")
    free = [p for p in sources("shouwen", "actions") if p.stem in SQL or p.stem.endswith("_store")]
    others = [p for p in sources("shouwen", "actions") if p not in free and p.name != "readiness.py"]
    found = [o for o in offenders(others, ("sqlalchemy",)) if not o.endswith(allowed)]
    assert found == []


def test_services_know_neither_the_web_nor_settings() -> None:
    features = [f"shouwen/{name}" for name in ("conversations", "content", "identity", "servicing", "vault")]
    inner = [p for p in sources(*features) if p.stem not in EDGES]
    assert offenders(inner, ("sanic", "shouwen.settings", "shouwen.wiring")) == []


@pytest.mark.parametrize("forbidden", ["sqlalchemy", "sanic", "shouwen.db", "shouwen.settings", "shouwen.outside"])
def test_the_nouns_of_identity_are_pure(forbidden: str) -> None:
    nouns = (
        "attempts",
        "check",
        "fields",
        "level",
        "otp",
        "progress",
        "prompts",
        "records",
        "risk",
        "rules",
        "salutation",
    )
    paths = [ROOT / "shouwen" / "identity" / f"{name}.py" for name in nouns]
    assert offenders(paths, (forbidden, "shouwen.identity.store", "shouwen.identity.tables")) == []


def test_the_identity_check_asks_the_bank_and_sends_codes_at_its_edges_only() -> None:
    inner = [p for p in sources("shouwen/identity") if p.stem not in EDGES]
    known = ("shouwen.outside", "shouwen.servicing", "asyncio", "time")
    assert offenders(inner, known) == []


@pytest.mark.parametrize(
    "forbidden", ["sqlalchemy", "sanic", "shouwen.db", "shouwen.settings", "shouwen.conversations"]
)
def test_the_nouns_of_servicing_are_pure(forbidden: str) -> None:
    nouns = ("instalment", "loss_stop", "money", "notification", "password_reset", "request", "sms_notice")
    paths = [ROOT / "shouwen" / "servicing" / f"{name}.py" for name in nouns]
    assert offenders(paths, (forbidden, "shouwen.servicing.store", "shouwen.servicing.tables")) == []


@pytest.mark.parametrize(
    "forbidden",
    ["sqlalchemy", "sanic", "os", "shouwen.db", "shouwen.settings", "shouwen.clock", "shouwen.conversations"],
)
def test_the_clocks_of_complaints_are_pure(forbidden: str) -> None:
    nouns = ("calendar", "calendar_change", "clock_dates", "clock_events", "clock_steps", "clocks")
    read = ("policy", "year_files")
    paths = [ROOT / "shouwen" / "complaints" / f"{name}.py" for name in (*nouns, *read)]
    assert offenders(paths, (forbidden, "shouwen.complaints.store", "shouwen.complaints.tables")) == []
    assert offenders(paths[: len(nouns)], ("yaml", "pathlib", "shouwen.complaints.year_files")) == []


def test_nothing_but_edges_and_commands_imports_the_wiring() -> None:
    free = ("web.py", "wiring.py", "publishing.py", "saying.py", "engine_process.py")
    inner = [p for p in sources("shouwen") if p.name not in free and p.stem not in EDGES]
    assert offenders(inner, ("shouwen.wiring",)) == []


def test_the_sandbox_bank_knows_nothing_of_the_assistant_but_the_contract() -> None:
    inside = ("sqlalchemy", "redis", "shouwen.db", "shouwen.conversations", "shouwen.content", "shouwen.identity")
    assert offenders(sources("shouwen/sandbox"), (*inside, "shouwen.servicing", "shouwen.vault")) == []


def test_nobody_but_the_door_and_the_command_knows_the_sandbox_bank() -> None:
    others = [p for p in sources("shouwen", "actions", "engine") if "sandbox" not in p.parts]
    guilty = offenders([p for p in others if p.name not in ("web.py", "cli.py")], ("shouwen.sandbox",))
    assert guilty == []


@pytest.mark.parametrize(
    "forbidden", ["sqlalchemy", "sanic", "shouwen.settings", "shouwen.db", "shouwen.conversations"]
)
def test_the_banks_adapters_know_http_only(forbidden: str) -> None:
    adapters = [ROOT / "shouwen" / "outside" / f"{name}.py" for name in ("partner", "corebank", "http_corebank", "sms")]
    assert offenders(adapters, (forbidden,)) == []


def test_conversations_know_no_later_feature() -> None:
    later = ("shouwen.desk", "shouwen.complaints", "shouwen.workbench", "shouwen.identity", "shouwen.servicing")
    assert offenders(sources("shouwen/conversations"), later) == []


def test_identity_knows_nothing_of_what_is_done_with_it() -> None:
    assert offenders(sources("shouwen/identity"), ("shouwen.servicing",)) == []


def test_python_speaks_no_chinese_to_customers() -> None:
    # words for customers stand in data/responses and web/; detectors and data tools may hold patterns
    free = ("text", "datacheck", "evaluation", "bench")
    guilty = []
    for path in sources("shouwen", "actions"):
        if path.relative_to(ROOT).parts[1] in free:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        guilty += [
            f"{path.relative_to(ROOT)}:{node.lineno} {node.value!r}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
            and any("\u4e00" <= c <= "\u9fff" for c in node.value)
        ]
    # placeholders of the transcript, and characters a name may have
    labelled = ("shouwen/content/render.py", "shouwen/cli.py", "shouwen/identity/fields.py")
    labels = [g for g in guilty if not g.startswith(labelled)]
    assert labels == []
