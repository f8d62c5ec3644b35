"""Reads facts for tests from the folder of cases beside the checkout, where there is one."""

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "cases"


def shared_cases(name):
    """Return the rows of a file as parameters; a single skipped one where the file is not."""
    path = FOLDER / name
    if not path.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason=f"no {name} beside the checkout"))]
    return [pytest.param(row, id=row["id"]) for row in json.loads(path.read_text("utf-8"))]
