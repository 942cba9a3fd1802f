"""What the documents name exists, both READMEs say the same, and no file knows the machine it was written on."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from shouwen import cli
from shouwen.settings import ROOT

READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
DOCS = [*READMES, *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
DECISION_HEADINGS = ["Context", "Decision", "Consequences", "Alternatives", "What enforces it"]
# made by set-up or by a run, and so in no checkout
MADE = (".venv", ".env", "engine/.venv", "var/", "models/", "web/dist")
SUFFIXES = "py|md|yml|toml|txt|ts|html|json|sh|png"
ROUTES = re.compile(r"(?:GET|POST|PUT|DELETE|WS) (/[\w/.-]*)")


def code(text: str) -> Iterator[str]:
    """What stands in code spans and in fenced blocks, a line at a time."""
    outside = []
    for number, part in enumerate(re.split(r"^```.*$", text, flags=re.MULTILINE)):
        if number % 2:
            yield from part.strip("\n").splitlines()
        else:
            outside.append(part)
    yield from re.findall(r"`([^`\n]+)`", "\n".join(outside))


def shell(text: str) -> Iterator[str]:
    """Code spans, and the lines of `sh` blocks."""
    for block in re.findall(r"^```sh\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL):
        yield from block.splitlines()
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def links(text: str) -> list[str]:
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]


def paths(text: str) -> Iterator[str]:
    """Code spans that name a file or a folder, from the root or beside the document."""
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()}
    for span in code(text):
        for word in re.findall(r"(?<![\w./*-])[\w.*-][\w./*-]*", span):
            is_topic = word.startswith("faq/")
            is_file = re.fullmatch(rf"[\w./*-]*[\w*-]\.(?:{SUFFIXES})", word)
            if not is_topic and (is_file or word.endswith("/") or (word.partition("/")[0] in folders and "/" in word)):
                yield word


def exists(name: str, beside: Path) -> bool:
    if name.startswith(MADE):
        return True
    if "/" not in name.rstrip("/") and not name.endswith("/"):
        # a bare name speaks of a file of the folder just mentioned
        return any(ROOT.glob(name)) or any(beside.glob(name)) or any(known.name == name for known in checked_in())
    return any(ROOT.glob(name.rstrip("/")))


def checked_in() -> list[Path]:
    """Files of the checkout, those not yet added included."""
    return [ROOT / name for name in git("ls-files", "--cached", "--others", "--exclude-standard")]


def git(*arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments, "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split("\0") if name]


def makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


def make_targets() -> list[str]:
    return re.findall(r"^([a-z][a-z-]*):(?!=)", makefile(), flags=re.MULTILINE)


def help_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit):
        cli.main([*arguments, "--help"])
    return capsys.readouterr().out


def choices(help_text: str) -> set[str]:
    found = re.search(r"\{([\w,]+)\}", help_text)
    assert found, help_text
    return set(found[1].split(","))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(params=DOCS, ids=named)
def document(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture
def text(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def test_every_link_leads_somewhere(document: Path, text: str) -> None:
    dead = [link for link in links(text) if not (document.parent / link.partition("#")[0]).exists()]
    assert dead == []


def test_every_path_that_is_named_exists(document: Path, text: str) -> None:
    assert [name for name in paths(text) if not exists(name, document.parent)] == []


def test_every_make_target_that_is_named_exists(text: str) -> None:
    asked = {target for line in shell(text) for target in re.findall(r"^make ([a-z][a-z-]*)", line)}
    assert asked - set(make_targets()) == set()


def test_every_subcommand_that_is_named_exists(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = {words for line in shell(text) for words in re.findall(r"(?:^|/)shouwen ([a-z]+)(?: ([a-z]+))?", line)}
    known = choices(help_of(capsys))
    assert {command for command, _ in asked} - known == set()
    actions = {action for command, action in asked if command == "content" and action}
    assert actions - choices(help_of(capsys, "content")) == set()


def test_every_setting_that_is_named_exists(text: str) -> None:
    known = set(re.findall(r"^SHOUWEN_\w+", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    for path in (ROOT / "engine" / "shouwen_engine").glob("*.py"):
        known |= set(re.findall(r"SHOUWEN_[A-Z_]+", path.read_text(encoding="utf-8")))
    assert set(re.findall(r"SHOUWEN_[A-Z_]+", text)) - known == set()


def test_every_call_that_is_named_stands_in_the_openapi_document(text: str) -> None:
    described = (ROOT / "shouwen" / "openapi.yml").read_text(encoding="utf-8")
    asked = [route for span in code(text) for route in ROUTES.findall(span)]
    assert [route for route in asked if f"\n  {route}:" not in described] == []


def test_every_test_that_is_named_exists(text: str) -> None:
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    asked = {name for span in code(text) for name in re.findall(r"\btest_\w+\b(?!\.py|/)", span)}
    assert asked - written == set()


def test_no_em_dash_stands_in_a_document(text: str) -> None:
    assert chr(0x2014) not in text


@pytest.mark.parametrize("path", DECISIONS, ids=named)
def test_a_decision_has_its_five_headings_and_fits_on_a_page(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == DECISION_HEADINGS
    assert text.startswith(f"# {path.name[:4]} ")
    assert len(text.splitlines()) <= 60


def test_decisions_are_numbered_without_gaps() -> None:
    assert [path.name[:4] for path in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]


def test_every_make_target_says_what_it_does() -> None:
    documented = re.findall(r"^([a-z][a-z-]*):.*##\s*\S", makefile(), flags=re.MULTILINE)
    assert make_targets() == documented
    phony = re.search(r"^\.PHONY: (.+)$", makefile(), re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == set(documented)


def test_both_readmes_have_the_same_sections_in_the_same_order() -> None:
    english, chinese = (path.read_text(encoding="utf-8") for path in READMES)
    levels = [re.findall(r"^(#+) ", re.sub(r"^```.*?^```", "", t, flags=re.M | re.S), re.M) for t in (english, chinese)]
    assert levels[0] == levels[1]
    assert sections(english) == sections(chinese)


def sections(readme: str) -> list[dict[str, object]]:
    """Per section what must be the same in any language: commands, links, paths, addresses, rows of tables."""
    return [
        {
            "commands": re.findall(r"^```sh\n(.*?)^```", part, flags=re.MULTILINE | re.DOTALL),
            "links": [link for link in links(part) if not link.startswith("README")],
            "paths": sorted(paths(part)),
            "addresses": re.findall(r"<(http\S+)>", part),
            "rows": len(re.findall(r"^\|", part, re.MULTILINE)),
            "points": len(re.findall(r"^- ", part, re.MULTILINE)),
        }
        for part in re.split(r"^#+ .*$", readme, flags=re.MULTILINE)
    ]


# written so that this file itself holds none of what it looks for
MACHINE_PATHS = re.compile(r"(?<![\w.}*])/(?:home|Users|root|work|mnt|workspace)/[\w.-]+")
REGISTRIES = re.compile(
    r"(?:pypi|pythonhosted|npmjs|npmmirror|yarnpkg)\.(?:org|com|cn)|registry\.[a-z]|\bmirrors?\.[a-z]+\.(?:com|cn|edu)"
    r"|(?:index|registry)[-_]?(?:url)?\s*[=:]\s*[\"']?https?:|\"resolved\":"
)


@pytest.mark.parametrize("pattern", [MACHINE_PATHS, REGISTRIES], ids=["paths", "registries"])
def test_no_file_knows_a_machine_or_a_registry(pattern: re.Pattern[str]) -> None:
    found = []
    for name in git("ls-files", "--cached"):
        path = ROOT / name
        if not path.is_file():
            continue
        content = path.read_bytes()
        if b"\0" not in content:
            lines = content.decode("utf-8").splitlines()
            found += [f"{name}:{at}" for at, line in enumerate(lines, 1) if pattern.search(line)]
    assert found == []


@pytest.mark.parametrize(
    ("pattern", "guilty"),
    [
        (MACHINE_PATHS, ["/ho" + "me/lee/x", "see /wor" + "k/main", "file:///Use" + "rs/lee"]),
        (
            REGISTRIES,
            ["https://py" + "pi.org/simple", '"reso' + 'lved": 1', "index-" + "url = https://x", "mirr" + "ors.x.com"],
        ),
    ],
    ids=["paths", "registries"],
)
def test_the_patterns_find_what_they_are_for(pattern: re.Pattern[str], guilty: list[str]) -> None:
    assert [text for text in guilty if not pattern.search(text)] == []


def test_no_link_of_the_file_system_is_checked_in() -> None:
    assert [name for name in git("ls-files", "--cached") if (ROOT / name).is_symlink()] == []
