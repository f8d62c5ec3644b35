"""What the type checkers say of usage and of mistakes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "typing"
pytest.importorskip("mypy")
pytest.importorskip("pyright")


def mypy(path):
    """Return the lines in which mypy finds an error, and what it prints."""
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(path)]
    output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return {int(line) for line in re.findall(r"^[^:]+:(\d+): error", output, re.MULTILINE)}, output


def pyright(path):
    """Return the lines in which pyright finds an error, and what it prints."""
    command = [sys.executable, "-m", "pyright", "--outputjson", str(path)]
    output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = json.loads(output)["generalDiagnostics"]
    return {
        one["range"]["start"]["line"] + 1 for one in found if one["severity"] == "error"
    }, output


@pytest.mark.parametrize("checker", [mypy, pyright])
@pytest.mark.parametrize("name", ["usage.py", "clients.py"])
def test_usage(checker, name):
    """The type checkers accept what the documentation shows."""
    if name == "clients.py":
        pytest.importorskip("httpx")
        pytest.importorskip("requests")
    lines, output = checker(FOLDER / name)
    assert not lines, output


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_mistakes(checker):
    """The type checkers see every mistake, and nothing else in these lines."""
    path = FOLDER / "mistakes.py"
    lines, output = checker(path)
    marked = {
        number
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if line.endswith("# error")
    }
    assert lines == marked, output
