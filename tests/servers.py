"""Starts real servers for tests, and reads what they send byte by byte."""

import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from wsgiref import simple_server
from wsgiref.validate import validator

import h11

PATIENCE = 20.0


class Answer(NamedTuple):
    """What a server sent to one request, as h11's strict parser has read it."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes
    raw: bytes
    goes_on: bool

    def all(self, name):
        """Return every value of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def header(self, name):
        """Return the only value of a header, None where it is not sent."""
        values = self.all(name)
        assert len(values) < 2, f"{name} is sent {len(values)} times"
        return values[0] if values else None

    @property
    def media_type(self):
        """Return the type of the body without its parameters."""
        return (self.header("Content-Type") or "").partition(";")[0]


class Connection:
    """One connection to a server, kept alive as long as the server lets it."""

    def __init__(self, address):
        self.socket = socket.create_connection(address, timeout=PATIENCE)
        self.parser = h11.Connection(our_role=h11.CLIENT)

    def close(self):
        """Hang up."""
        self.socket.close()

    def ask(self, target="/", method="GET", headers=(), body=b"", *, version="1.1"):
        """Send a request as it is, however wrong, and read the answer strictly.

        :param target: str is sent as Latin-1, so that any byte can be.
        """
        given = dict(headers) if isinstance(headers, dict) else headers
        pairs = [*(given.items() if isinstance(given, dict) else given)]
        names = {name.lower() for name, _ in pairs}
        if "host" not in names:
            pairs.insert(0, ("Host", "localhost"))
        if body and not names & {"content-length", "transfer-encoding"}:
            pairs.append(("Content-Length", str(len(body))))
        lines = [f"{method} {target} HTTP/{version}", *(f"{n}: {v}" for n, v in pairs), "", ""]
        return self.send("\r\n".join(lines).encode("latin-1") + body, method)

    def send(self, request, method="GET"):
        """Send these bytes, and read the answer strictly.

        :return: None where the server has closed the connection before it.
        """
        if self.parser.our_state is not h11.IDLE:
            return None
        # What h11 itself would send is thrown away: it refuses to send what is wrong.
        wanted = h11.Request(method=method, target="/", headers=[("Host", "localhost")])
        self.parser.send(wanted)
        self.parser.send(h11.EndOfMessage())
        with suppress(OSError):  # A server may answer and close before it has read all.
            self.socket.sendall(request)
        return self._read()

    def _read(self):
        response, body, raw = None, b"", b""
        while True:
            event = self.parser.next_event()
            if event is h11.NEED_DATA:
                received = self._receive()
                if not received and not raw:
                    return None
                raw += received
                self.parser.receive_data(received)
            elif isinstance(event, h11.Response):
                response = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                break
            else:
                raise AssertionError(f"no final answer but {event!r} in {raw[:500]!r}")
        assert self.parser.trailing_data[0] == b"", "bytes after the end of the answer"
        goes_on = self.parser.their_state is h11.DONE
        if goes_on:
            self.parser.start_next_cycle()
        headers = [
            (n.decode("latin-1"), v.decode("latin-1")) for n, v in response.headers.raw_items()
        ]
        reason = response.reason.decode("latin-1")
        return Answer(response.status_code, reason, headers, body, raw, goes_on)

    def _receive(self):
        try:
            return self.socket.recv(65536)
        except ConnectionResetError:
            return b""


class Server(NamedTuple):
    """A server that is running."""

    name: str
    address: tuple[str, int]

    def connect(self):
        """Open a connection, to be used in a with statement."""
        return closing(Connection(self.address))

    def ask(self, *args, **kwargs):
        """Send one request over a connection of its own."""
        with self.connect() as connection:
            return connection.ask(*args, **kwargs)


@contextmanager
def werkzeug(app):
    """Run Werkzeug's development server."""
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, app, threaded=True)
    with _in_thread(server.serve_forever, server.shutdown):
        yield Server("werkzeug", server.server_address)
    server.server_close()


class _QuietHandler(simple_server.WSGIRequestHandler):
    def log_message(self, *args):
        """Leave standard error to what is wrong."""


@contextmanager
def wsgiref(app):
    """Run the standard library's server, every call checked by its validator."""
    server = simple_server.make_server("127.0.0.1", 0, validator(app), handler_class=_QuietHandler)
    with _in_thread(server.serve_forever, server.shutdown):
        yield Server("wsgiref", server.server_address)
    server.server_close()


@contextmanager
def waitress(app):
    """Run waitress."""
    from waitress.server import create_server

    channels = {}
    server = create_server(app, channels, host="127.0.0.1", port=0, threads=2)

    def close_all():
        for channel in list(channels.values()):
            channel.close()

    def stop():
        # Where its thread has ended by itself, there is nothing left to wake up.
        with suppress(OSError):
            server.trigger.pull_trigger(close_all)

    with _in_thread(server.run, stop):
        yield Server("waitress", (server.effective_host, int(server.effective_port)))
    server.task_dispatcher.shutdown()


@contextmanager
def _in_thread(run, stop):
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


@contextmanager
def gunicorn(application, folder, *options):
    """Run gunicorn as a process, with the workers that keep connections alive.

    :param application: a module in the folder of tests and a call in it.
    :param folder: for what it writes.
    :param options: of its command line; they win over those that are given here.
    """
    log = folder / "gunicorn.log"
    command = [sys.executable, "-m", "gunicorn", application, "--bind=127.0.0.1:0"]
    command += ["--worker-class=gthread", "--threads=2", f"--chdir={Path(__file__).parent}"]
    command += [
        f"--worker-tmp-dir={folder}",
        f"--log-file={log}",
        "--graceful-timeout=1",
        "--no-control-socket",
        *options,
    ]
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        yield Server("gunicorn", ("127.0.0.1", _port_in(log, process)))
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _port_in(log, process):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        found = re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", log.read_text())
        if found:
            return int(found[1])
        time.sleep(0.05)
    raise AssertionError(log.read_text())
