"""Loads a server with failures, and checks every answer, every id and every line of the log.

gunicorn on loopback, two workers of four threads, asked by eight connections at once. It ends with
an error where an answer is wrong, an id comes twice, a line of the log is broken, missing or too
many, or the workers grow. Run: python tests/benchmarks/load.py [SECONDS]
"""

import collections
import http.client
import itertools
import json
import logging
import os
import re
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

import flask

sys.path.insert(0, str(Path(__file__).parent.parent))

from servers import gunicorn

from flask_httpstatus import Conflict, Failures, Gone, NotFound, Problem, ServiceUnavailable

SECONDS = 3.0
MOST_SECONDS = 600.0
CONNECTIONS = 8
#: In kB, after the first third of the time: in 30 s, what 400 bytes kept of every request make.
MOST_GROWTH = 4096
HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
LOG, ACCESS = "LOAD_LOG", "access.log"


class NameTaken(Problem, Conflict):
    """The name is taken."""

    name_: str


class AsJson(logging.Formatter):
    """Writes a record as one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return what is compared, with the stack, which makes lines long."""
        names = ("status", "kind", "incident", "request_id", "trace_id", "path")
        facts = {name: getattr(record, name, None) for name in names}
        stack = self.formatException(record.exc_info) if record.exc_info else None
        return json.dumps({**facts, "message": record.getMessage(), "stack": stack})


def make_app() -> flask.Flask:
    """Return the application that the workers run."""
    app = flask.Flask("load")
    Failures(app)
    handler = logging.FileHandler(os.environ[LOG])
    handler.setFormatter(AsJson())
    logger = logging.getLogger(app.name)
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False

    @app.get("/raised/<name>")
    def raised(name: str) -> str:
        raise NotFound(f"no {name}")

    @app.get("/aborted/<name>")
    def aborted(name: str) -> str:
        flask.abort(410, f"no {name}")

    @app.get("/declared/<name>")
    def declared(name: str) -> str:
        raise NameTaken(name_=name)

    @app.get("/down/<name>")
    def down(name: str) -> str:
        try:
            return {}[name]
        except KeyError as error:
            raise ServiceUnavailable(f"no {name}", retry_after=30) from error

    @app.get("/bug/<name>")
    def bug(name: str) -> str:
        return {}[name]

    @app.get("/fine/<name>")
    def fine(name: str) -> str:
        return name

    return app


class Wanted(NamedTuple):
    """A request and what has to come back."""

    method: str
    place: str
    status: int
    kind: str | None
    shown: str = ""
    accept: str = "application/json"


WANTED = (
    Wanted("GET", "raised", 404, "NotFound", "no {name}"),
    Wanted("GET", "raised", 404, "NotFound", "no {name}", HTML),
    Wanted("GET", "aborted", 410, Gone.__name__, "no {name}", "text/plain"),
    Wanted("GET", "declared", 409, "NameTaken", "{name}"),
    Wanted("GET", "down", 503, "ServiceUnavailable", "no {name}"),
    Wanted("GET", "down", 503, "ServiceUnavailable", "no {name}", HTML),
    Wanted("GET", "bug", 500, "InternalServerError"),
    Wanted("GET", "bug", 500, "InternalServerError", "", HTML),
    Wanted("GET", "nowhere", 404, "NotFound"),
    Wanted("POST", "fine", 405, "MethodNotAllowed"),
    Wanted("GET", "fine", 200, None, "{name}"),
)
_INCIDENT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Answered(NamedTuple):
    """A request that was answered: its status, the kind in the log, the id that was shown."""

    status: int
    kind: str | None
    incident: str | None


class Client(threading.Thread):
    """Asks over one connection until the end, and keeps what was answered by the request's id."""

    def __init__(self, number: int, address: tuple[str, int], end: float) -> None:
        super().__init__()
        self.number, self.address, self.end = number, address, end
        self.answered: dict[str, Answered] = {}
        self.wrong: list[str] = []

    def run(self) -> None:
        """Ask for one kind of failure after the other."""
        connection = http.client.HTTPConnection(*self.address, timeout=30)
        for count, wanted in enumerate(itertools.cycle(WANTED)):
            if time.monotonic() > self.end:
                break
            name = f"{self.number}-{count}"
            try:
                self._ask(connection, wanted, name)
            except (OSError, http.client.HTTPException) as error:
                self.wrong.append(f"{name}: {error!r}")
                connection.close()
        connection.close()

    def _ask(self, connection: http.client.HTTPConnection, wanted: Wanted, name: str) -> None:
        headers = {"Accept": wanted.accept, "X-Request-ID": name}
        connection.request(wanted.method, f"/{wanted.place}/{name}", headers=headers)
        response = connection.getresponse()
        body = response.read().decode()
        shown = set(_INCIDENT.findall(body))
        if (
            response.status != wanted.status
            or wanted.shown.format(name=name) not in body
            or ("<h1" in body) != (wanted.accept == HTML and wanted.kind is not None)
            or len(shown) != (wanted.status >= 500)
            or response.headers.get("Retry-After") != ("30" if wanted.status == 503 else None)
            or ("GET" in response.headers.get("Allow", "")) != (wanted.status == 405)
        ):
            self.wrong.append(f"{wanted} {name}: {response.status} {body[:200]}")
        self.answered[name] = Answered(wanted.status, wanted.kind, *(shown or [None]))


def memory(worker: int) -> int:
    """Return what a process has in memory, in kB; 0 where the system does not tell."""
    status = Path(f"/proc/{worker}/status")
    found = status.exists() and re.search(r"VmRSS:\s+(\d+)", status.read_text())
    return int(found[1]) if found else 0


def run(seconds: float, folder: Path) -> tuple[list[Client], list[tuple[int, int]]]:
    """Load the server, and return what was answered and each worker's memory before and after."""
    os.environ[LOG] = str(folder / "failures.log")
    options = ["--workers=2", "--threads=4", f"--access-logfile={folder / ACCESS}"]
    options += ["--access-logformat=%({x-request-id}i)s %(s)s %({httpstatus.incident}e)s"]
    with gunicorn("benchmarks.load:make_app()", folder, *options) as server:
        end = time.monotonic() + seconds
        clients = [Client(number, server.address, end) for number in range(CONNECTIONS)]
        for client in clients:
            client.start()
        time.sleep(seconds / 3)
        booted = re.findall(r"worker with pid: (\d+)", (folder / "gunicorn.log").read_text())
        before = [memory(int(worker)) for worker in booted]
        for client in clients:
            client.join(seconds + 60)
        after = [memory(int(worker)) for worker in booted]
    return clients, list(zip(before, after, strict=True))


def mistakes(clients: list[Client], folder: Path) -> list[str]:
    """Return what is wrong with the answers, the log of failures and the access log."""
    found = [wrong for client in clients for wrong in client.wrong]
    answered = {name: one for client in clients for name, one in client.answered.items()}
    incidents = collections.Counter(one.incident for one in answered.values() if one.incident)
    found += [f"{incident} came {n} times" for incident, n in incidents.items() if n > 1]
    logged: dict[str, Answered] = {}
    for line in (folder / "failures.log").read_text().splitlines():
        try:
            record: dict[str, Any] = json.loads(line)
        except ValueError:
            found.append(f"a broken line: {line[:200]}")
            continue
        name = record["request_id"]
        if name in logged:
            found.append(f"two lines for {name}")
        if (record["stack"] is None) != (record["status"] < 500):
            found.append(f"a line with a wrong stack: {line[:200]}")
        logged[name] = Answered(record["status"], record["kind"], record["incident"])
    failed = {name: one for name, one in answered.items() if one.kind}
    found += [
        f"{name}: {failed.get(name)}, but logged is {logged.get(name)}"
        for name in failed.keys() | logged.keys()
        if failed.get(name) != logged.get(name)
    ]
    accessed = set((folder / ACCESS).read_text().splitlines())
    expected = {f"{name} {one.status} {one.incident or '-'}" for name, one in answered.items()}
    return found + [f"access log: {line}" for line in sorted(accessed ^ expected)]


def main(seconds: float = SECONDS) -> None:
    """Load, check, and print the figures."""
    seconds = min(seconds, MOST_SECONDS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clients, workers = run(seconds, folder)
        found = mistakes(clients, folder)
    statuses = collections.Counter(
        one.status for client in clients for one in client.answered.values()
    )
    asked = sum(statuses.values())
    found += [
        f"a worker grew from {before} kB to {after} kB"
        for before, after in workers
        # In less time, a worker is still loading what it needs.
        if seconds >= SECONDS and after - before > MOST_GROWTH
    ]
    print(f"{asked} requests in {seconds:g} s, {asked / seconds:.0f} a second")
    print("  " + ", ".join(f"{status}: {n}" for status, n in sorted(statuses.items())))
    for before, after in workers:
        print(f"  a worker: {before} kB after a third of the time, {after} kB at the end")
    print(f"{len(found)} mistakes")
    if found or not asked:
        sys.exit("\n".join(found[:20]) or "nothing was answered")


if __name__ == "__main__":
    main(*(float(argument) for argument in sys.argv[1:2]))
