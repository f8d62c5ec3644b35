"""Database: a SQLite file, created when it is first used."""

import sqlite3
from pathlib import Path
from typing import Any

from flask import current_app, g

SCHEMA = """
CREATE TABLE IF NOT EXISTS author (
    username TEXT PRIMARY KEY,
    password TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS note (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    author TEXT NOT NULL REFERENCES author,
    title TEXT NOT NULL,
    text TEXT NOT NULL
);
"""


def execute(sql: str, *values: Any) -> sqlite3.Cursor:
    """Execute the statement over the connection of this request."""
    if "connection" not in g:
        folder = Path(current_app.instance_path)
        folder.mkdir(parents=True, exist_ok=True)
        g.connection = sqlite3.connect(folder / "notes.sqlite", isolation_level=None)
        g.connection.row_factory = sqlite3.Row
        g.connection.executescript(SCHEMA)
    cursor: sqlite3.Cursor = g.connection.execute(sql, values)
    return cursor


def close(_: BaseException | None) -> None:
    """Close the connection of this request, if it has one."""
    if "connection" in g:
        g.pop("connection").close()
