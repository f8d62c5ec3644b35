"""Runs the Python blocks of the README and the docs as tests, those of a document in order."""

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser


def named(namespace: dict[str, object]) -> None:
    """Let ``Flask(__name__)`` find a name that is no module's."""
    namespace["__name__"] = "example"


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser()], patterns=["*.md"], setup=named
).pytest()
