"""Run every test: the engine's in its own Python, then all others. The last line counts them together."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COUNT = re.compile(r"(\d+) (passed|failed|skipped|errors?)\b")


def main(arguments: list[str]) -> int:
    """With arguments, hand them to the service's pytest; without, run all."""
    service = [str(ROOT / ".venv" / "bin" / "python"), "-m", "pytest", "-ra"]
    if arguments:
        return subprocess.call([*service, *arguments], cwd=ROOT)
    engine = [str(ROOT / "engine" / ".venv" / "bin" / "python"), "-m", "pytest", "-ra", "-c", "engine/pyproject.toml"]
    codes, total = [], {"passed": 0, "failed": 0, "skipped": 0}
    for command in ([*engine, "--rootdir", str(ROOT), "tests/engine"], service):
        code, counts = run(command)
        codes.append(code)
        for word, number in counts.items():
            total[word] += number
    print(f"all tests: {total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    return max(codes)


def run(command: list[str]) -> tuple[int, dict[str, int]]:
    """Run one pytest, showing its output as it comes, and read its closing line."""
    counts: dict[str, int] = {}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            if found := COUNT.findall(line) if " in " in line else []:
                counts = {}
                for number, word in found:
                    key = "failed" if word.startswith("error") else word
                    counts[key] = counts.get(key, 0) + int(number)
    return process.returncode, counts


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
