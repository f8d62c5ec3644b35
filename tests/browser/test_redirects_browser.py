"""What redirect() sends keeps a real Chromium on the site.

Every case is a site of its own, ``http://case7.shop.example``, in an iframe of one page. The
server is also the browser's only proxy, so it sees every host that the browser asks for, and
nothing leaves the loopback interface.
"""

import random
import re
import shutil
import subprocess
import threading

import flask
import pytest
from test_redirects_attack import HOST, OTHER, PIECES
from werkzeug.serving import make_server

from flask_httpstatus.redirects import is_safe_location, redirect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium; `apt-get install chromium` brings it"
)

#: Where the browser is when it gets the Location.
PATHS = ["/orders/page?x=//y", "/", f"//{OTHER}/x", f"/%2f%2f{OTHER}/a:b;c/", f"/x?//{OTHER}#y"]

ORDINARY = [
    *("/", "/orders", "/orders/7?page=2&sort=-date#row", "orders/7", "?page=2", "#row"),
    *("#//x", "?//x", "/a:b", "/@x", "/\xe9/\u4eac\u90fd?\xe4=\xf6", "/two words", "/a;b=c"),
    *(f"http://{HOST}", f"http://{HOST}/x?y#z", f"http://{HOST}?y", f"HTTP://{HOST.upper()}/x"),
    *(f"https://{HOST}/", f"/?next=https://{OTHER}/", f"#https://{OTHER}", f"/@{OTHER}"),
    *(f"/https:{OTHER}", "/a\uff0fb", "\uff0f\uff0fx", "/\u2028x", "/50%25", "/?q=%0d%0a%00\\"),
]
# Without user information, which browsers follow in a window but not in a frame, and without a
# leading backslash, which Werkzeug makes "%5C".
HOSTILE = [
    *(f"https://{OTHER}/", f"http://{OTHER}/", f"//{OTHER}/", f"/\t/{OTHER}/", f" //{OTHER}/"),
    *(f"\t//{OTHER}", f"\x01//{OTHER}", f"https:{OTHER}/", f"https://{HOST}.{OTHER}/"),
    *(f"//{OTHER}\u3002/", f"HTTPS://{OTHER}:8443", f"//{OTHER}\\"),
]


def of_case(text, number):
    """Return the text with the hosts that belong to this case."""
    return re.sub(f"{HOST}|{OTHER}", rf"case{number}.\g<0>", text, flags=re.IGNORECASE)


def follow(targets, redirecting, folder):
    """Let Chromium follow a redirect to each target; return the hosts that it asked, in order."""
    targets = [of_case(target, number) for number, target in enumerate(targets)]
    asked = [[] for _ in targets]
    app = flask.Flask(__name__, static_folder=None)

    @app.before_request
    def answer():
        uri = flask.request.environ["REQUEST_URI"]  # a proxy gets all of it, or "host:443"
        host = re.match(r"(?:http://)?([^/:?#]*)", uri)[1]
        if host == "index.example":
            urls = (
                of_case(f"http://{HOST}{PATHS[number % len(PATHS)]}", number)
                for number in range(len(targets))
            )
            frames = "".join(f'<iframe src="{url}"></iframe>' for url in urls)
            return f"<!doctype html><title>Index</title>{frames}"
        case = re.search(r"case(\d+)\.", uri)
        if case is None:
            return "", 502  # what Chromium wants to tell its makers
        number = int(case[1])
        asked[number].append(host)
        if flask.request.method == "CONNECT":
            return "There is no TLS here.", 502
        if len(asked[number]) == 1:
            return redirecting(targets[number])
        return "<!doctype html><title>Arrived</title>"

    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever).start()
    try:
        page = subprocess.run(
            [
                *(CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
                *("--no-first-run", "--disable-background-networking", "--disable-sync"),
                *("--disable-component-update", "--disable-extensions", "--disable-dev-shm-usage"),
                "--disable-features=IsolateOrigins,site-per-process,HttpsUpgrades",
                f"--user-data-dir={folder}",
                f"--proxy-server=http://127.0.0.1:{server.port}",
                "--proxy-bypass-list=<-loopback>",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                *("--dump-dom", "http://index.example/"),
            ],
            capture_output=True,
            timeout=180,
            check=True,
            text=True,
        )
    finally:
        server.shutdown()
        server.server_close()
    assert "<title>Index</title>" in page.stdout, page.stderr
    return targets, asked


def test_chromium_stays(tmp_path):
    """Ordinary locations, and the odd ones that are accepted, lead to the same host."""
    chance = random.Random(7)
    odd = set()
    with flask.Flask(__name__).test_request_context("/", base_url=f"http://{HOST}"):
        while len(odd) < 100:
            target = "".join(chance.choices(PIECES, k=chance.randint(1, 5)))
            # Of the paths alone there would be far too many.
            if is_safe_location(target) and re.search(r"[^\w%]", target):
                odd.add(target)
    targets, asked = follow([*ORDINARY, *sorted(odd)], redirect, tmp_path)
    for number, (target, hosts) in enumerate(zip(targets, asked, strict=True)):
        assert len(hosts) > 1, f"not followed: {target!a}"
        assert set(hosts) == {f"case{number}.{HOST}"}, ascii(target)


def test_chromium_leaves_by_flask(tmp_path):
    """The same hostile locations lead elsewhere by Flask's redirect() and nowhere by ours."""
    targets, asked = follow(HOSTILE, flask.redirect, tmp_path / "flask")
    for number, (target, hosts) in enumerate(zip(targets, asked, strict=True)):
        assert set(hosts[1:]) - {f"case{number}.{HOST}"}, f"did not leave: {target!a} {hosts}"
    targets, asked = follow(HOSTILE, redirect, tmp_path / "ours")
    for target, hosts in zip(targets, asked, strict=True):
        assert len(hosts) == 1, ascii(target)
