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


def mypy():
    """Return where mypy finds errors, and what it prints."""
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(FOLDER)]
    output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = re.findall(r"^(.+?):(\d+): error", output, re.MULTILINE)
    return {(Path(file).name, int(line)) for file, line in found}, output


def pyright():
    """Return where pyright finds errors, and what it prints."""
    command = [sys.executable, "-m", "pyright", "--outputjson", str(FOLDER)]
    output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return {
        (Path(one["file"]).name, one["range"]["start"]["line"] + 1)
        for one in json.loads(output)["generalDiagnostics"]
        if one["severity"] == "error"
    }, output


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_usage_and_mistakes(checker):
    """The type checkers accept what the documentation shows, and see every mistake.

    Mistakes are the lines that end in "# error".
    """
    marked = {
        (path.name, number)
        for path in FOLDER.glob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if line.endswith("# error")
    }
    found, output = checker()
    assert found == marked, output
