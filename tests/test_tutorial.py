"""The tutorial does what it says, block by block, and what it builds is the example."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from test_examples import running

DOCS = Path(__file__).resolve().parents[1] / "docs"
TUTORIAL = DOCS / "tutorial.md"
NOTES = DOCS.parent / "examples" / "notes"
ADDRESS = "http://127.0.0.1:5000"
TIMEOUT = 60

BLOCK = re.compile(
    r"^```(?P<directive>\{[a-z-]+\} )?(?P<argument>\S+)\n"
    r"(?P<options>(?::[a-z]+: .*\n)*)\n?(?P<text>(?:.*\n)*?)```$",
    re.MULTILINE,
)
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
# Every answer has these, and the tutorial leaves them out.
LEFT_OUT = re.compile(r"^(?:Server|Date|Connection): .*\n", re.MULTILINE)


class Block(NamedTuple):
    """A block of the tutorial.

    :param line: where it begins.
    :param file: the file that it writes or, if it is a diff, changes; otherwise empty.
    """

    line: int
    language: str
    file: str
    text: str


def blocks():
    """Return the blocks of the tutorial in order."""
    tutorial = TUTORIAL.read_text("utf-8")
    for found in BLOCK.finditer(tutorial):
        line = tutorial.count("\n", 0, found.start()) + 1
        options = dict(re.findall(r":([a-z]+): (.*)", found["options"]))
        language, text = found["argument"], found["text"]
        if found["directive"] == "{literalinclude} ":
            language, text = "included", (DOCS / found["argument"]).read_text("utf-8")
        yield Block(line, language, options.get("caption", "").strip('"`'), text)


def write(block, folder):
    """Write or change the file of a block."""
    path = folder / block.file
    text = block.text
    if block.language == "diff":
        text = path.read_text("utf-8")
        for hunk in block.text.split("@@\n"):
            lines = [line if line.strip() else " \n" for line in hunk.splitlines(keepends=True)]
            old = "".join(line[1:] for line in lines if line[0] in " -")
            new = "".join(line[1:] for line in lines if line[0] in " +")
            assert text.count(old) == 1, f"line {block.line}: what is changed is not there once"
            text = text.replace(old, new)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def matches(told, came):
    """Return whether this is what was told, where an ellipsis stands for what differs."""
    pattern = ".*".join(re.escape(part) for part in told.split("…"))
    return re.fullmatch(pattern, came) is not None


class Terminals:
    """The two terminals of the reader: one for the application, one to ask it.

    :param folder: where the reader is.
    :param log: takes what the application says.
    """

    def __init__(self, folder, log):
        self.folder, self.log = folder, log
        self.address = ""
        self._running = ExitStack()
        # What pytest is told from outside is not for the reader's own.
        self._env = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
        self._env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        # A file may be written twice in a second, which the cache does not see.
        self._env["PYTHONDONTWRITEBYTECODE"] = "1"

    def restart(self):
        """Stop the application, if it is running, and start it."""
        self._running.close()
        server = running("notes", self.log, self.folder, self._env)
        self.address = self._running.enter_context(server)

    def close(self):
        """Stop the application."""
        self._running.close()

    def run(self, command):
        """Run a command and return what it says."""
        done = subprocess.run(
            ["bash", "-c", command.replace(ADDRESS, self.address)],
            cwd=self.folder,
            env=self._env,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
        # On a terminal, curl shows no progress.
        said = (done.stdout + (done.stderr if done.returncode else b"")).decode()
        said = said.replace("\r\n", "\n").replace(self.address, ADDRESS)
        return LEFT_OUT.sub("", said)


@pytest.fixture
def terminals(tmp_path):
    """Return the terminals, in an empty folder."""
    folder = tmp_path / "notebook"
    folder.mkdir()
    terminals = Terminals(folder, tmp_path / "log")
    yield terminals
    terminals.close()


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl; `apt-get install curl` does it")
def test_answers(terminals):
    """Every command, at its stage of the application, says what the tutorial says."""
    written = False
    for block in blocks():
        if block.file:
            write(block, terminals.folder)
            written = True
        elif block.language == "console":
            for command, told in COMMAND.findall(block.text):
                if written or command.endswith(" run"):
                    terminals.restart()
                    written = False
                if not command.endswith(" run"):
                    came = terminals.run(command).strip()
                    if not matches(told.strip(), came):
                        place = f"{TUTORIAL}:{block.line}: {command}"
                        assert came.splitlines() == told.strip().splitlines(), place
        elif block.language == "text":
            log = iter(terminals.log.read_text("utf-8").splitlines())
            for line in block.text.splitlines():
                assert any(matches(line, said) for said in log), f"{TUTORIAL}:{block.line}: {line}"
        else:
            assert block.language == "sh"
            assert "pip install Flask-HTTPStatus" in block.text


def test_example(tmp_path):
    """What the tutorial builds is the example, and nothing of that is missing."""
    for block in blocks():
        if block.file:
            write(block, tmp_path)
    built, example = (
        {
            str(path.relative_to(folder)): path.read_text("utf-8")
            for path in folder.rglob("*")
            if path.is_file() and path.suffix != ".pyc"
        }
        for folder in (tmp_path / "notes", NOTES)
    )
    assert built == example


def test_no_block_is_left_out():
    """Every block of the tutorial is read, and all but one are run, written or compared."""
    fences = re.findall("^```", TUTORIAL.read_text("utf-8"), re.MULTILINE)
    read = [*blocks()]
    assert len(fences) == 2 * len(read)
    assert [block.language for block in read if not block.file].count("sh") == 1
