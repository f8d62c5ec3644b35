"""Measure how many open redirects well-known checks let through, and write docs/open-redirects.md.

Run it as ``python tests/benchmarks/open_redirects.py [PAGE]``; it needs ada-url, and measures
Django's check if Django is installed. The targets are made from the grammar below. A target is an
attack if a browser at https://shop.example/orders/page leaves that origin for it, according to the
WHATWG URL Standard as ada-url implements it: as Flask's own redirect() sends it in Location, or as
it is, which matters where it is put into a page, a script or another header.
"""

import platform
import re
import sys
from importlib.metadata import version
from itertools import product
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import ada_url
import flask

from flask_httpstatus.redirects import is_safe_location

HOST = "shop.example"
SITE = f"https://{HOST}"
HERE = f"{SITE}/orders/page"
OTHER = "other.example"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "open-redirects.md"
START, END = "<!-- table of checks -->", "<!-- end of the table of checks -->"

# The attacks: a start that some readers take for a path and browsers for a host, a host, an end.
SLASHES = ["//", "///", "////", "\\\\", "/\\", "\\/", "/\\/", "\\\\/", "//\\", "/\\\\", "/./\\"]
SCHEMES = ["http:", "https:", "HTTPS:", "hTtp:", "ftp:", "file:", "ws:"]
HOSTS = [
    *(
        OTHER,
        f"{OTHER}:443",
        f"www.{OTHER}",
        "192.0.2.7",
        "3221225991",
        "0xc0.2.519",
        "[2001:db8::7]",
    ),
    *(f"{HOST}.{OTHER}", f"{OTHER}.", "xn--bcher-kva.example", "b\xfccher.example"),
    *("other\u3002example", "other\uff0eexample", "other\uff61example", "\u24de\u24e3her.example"),
]
USERS = [
    *(HOST, f"{HOST}:443", f"{HOST}\\", f"{HOST}\\.", f"{HOST}%2f", f"{HOST}%00", "%40", ":"),
    *(f"{HOST}%20", f"{HOST}\t", f"https%3a%2f%2f{HOST}", f"{HOST};", f"{HOST}&", f"me:{HOST}"),
]
ENDS = ["", "/", f"/{HOST}", f"?{HOST}", f"#{HOST}", f"/@{HOST}", f"\\{HOST}", f"?{SITE}/"]
DROPPED = ["\t", "\n", "\r", "\r\n", "\t\t"]  # wherever they stand
STRIPPED = ["", " ", "\0", "\x01", "\x0b", "\x1f", "  ", "\t "]  # at the beginning
SCRIPTS = ["javascript:alert(1)", "JavaScript://x%0aalert(1)", "data:text/html,x", "vbscript:x"]
LIKE_OURS = [
    *(f"{SITE}.{OTHER}", f"{SITE}@{OTHER}", f"{SITE}\\@{OTHER}", f"{SITE}:x@{OTHER}", f"{SITE}x"),
    *(f"http://{HOST}", f"{SITE}:8443", f"{SITE}.", f"https://x{HOST}", f"https://x.{HOST}"),
    *(f"{SITE}%2f@{OTHER}", f"{SITE}%40@{OTHER}", f"{SITE}&@{OTHER}", f"{SITE}\t@{OTHER}"),
    *(f"{SITE}\u3002{OTHER}", f"{SITE}\u2044@{OTHER}", f"{SITE}\uff03@{OTHER}", f"{SITE}-{OTHER}"),
]
# What people want to be redirected to.
PATHS = [
    "/",
    "/orders",
    "/orders/",
    "/orders/7",
    "/a/b/c.html",
    "/@ada",
    "/~ada/",
    "/a:b",
    "/a;v=1,2",
]
PATHS += [
    "/two%20words",
    "/%C3%A9t%C3%A9",
    "/\xe9t\xe9",
    "/it's(me)!",
    "/50%25",
    "/-/x_y.z",
    "orders/7",
]
QUERIES = [
    "",
    "?page=2&sort=-date",
    "?next=https://other.example/",
    "?next=//other.example",
    "?q=a+b%20c",
]
QUERIES += ["?ids[]=1&ids[]=2", "?t=10:30@x/y?z", "?q=\xe9\u4eac"]
FRAGMENTS = ["", "#top", "#/route/7", "#//x"]


def targets():
    """Return all targets that can be made from the pieces."""
    hosts = [*HOSTS, *(f"{user}@{host}" for user, host in product(USERS, HOSTS[:3]))]
    starts = [
        *SLASHES,
        "//./",
        *(scheme + slashes for scheme in SCHEMES for slashes in ["", "/", *SLASHES]),
    ]
    plain = [start + host + end for start, host, end in product(starts, hosts, ENDS)]
    few = [
        start + OTHER + end
        for start, end in product([*SLASHES, "https:", "https:/", "https://"], ENDS[:3])
    ]
    few += [*SCRIPTS, *LIKE_OURS]
    dropped = [
        one[:place] + dropped + one[place:]
        for one, dropped in product(few, DROPPED)
        for place in (0, 1, 2, 4, 6, len(one))
    ]
    stripped = [strip + one for strip, one in product(STRIPPED, [*few, *dropped])]
    ends = [one + end for one, end in product(LIKE_OURS, ENDS)]
    return sorted({*plain, *dropped, *stripped, *ends, *SCRIPTS})


def ordinary():
    """Return targets of the site that nobody should mind."""
    sites = [SITE + path for path in PATHS if path.startswith("/")]
    return [*map("".join, product([*PATHS, *sites], QUERIES, FRAGMENTS)), SITE, "?page=2", "#top"]


def as_sent(target):
    """Return what Flask's own redirect() sends, None if that fails."""
    try:
        response = flask.redirect(target)
        return response.get_wsgi_headers(flask.request.environ)["Location"]
    except ValueError:
        return None


def leaves(target):
    """Tell whether a browser leaves the site for the target."""
    try:
        return target is not None and ada_url.URL(target, HERE).origin != SITE
    except ValueError:
        return False  # the browser shows an error


def joined(target):
    """Resolve it, then compare, as a snippet for Flask has it since 2011."""
    url = urlsplit(urljoin(f"{SITE}/", target))
    return url.scheme in {"http", "https"} and url.netloc == HOST


CHECKS = {
    "none": lambda _: True,
    '`urlsplit(target).netloc == ""`': lambda target: not urlsplit(target).netloc,
    "neither scheme nor netloc": lambda target: not any(urlsplit(target)[:2]),
    "`urlsplit(target).hostname in (None, host)`": lambda t: urlsplit(t).hostname in {None, HOST},
    '`target.startswith("/")`': lambda target: target.startswith("/"),
    "starts with `/` and not with `//`": lambda target: bool(re.match(r"/(?!/)", target)),
    "`^/[^/\\\\]`": lambda target: bool(re.match(r"/[^/\\]", target)),
    '`target.startswith(host_url.rstrip("/"))`': lambda target: target.startswith(SITE),
    "`urljoin`, then compare the netloc": joined,
}
try:
    from django.utils.http import url_has_allowed_host_and_scheme
except ImportError:
    pass
else:
    CHECKS[f"Django {version('django')}, `require_https=True`"] = lambda target: (
        url_has_allowed_host_and_scheme(target, {HOST}, require_https=True)
    )
CHECKS["**`is_safe_location(target)`**"] = is_safe_location


def accepts(check, target):
    """Tell what the check says; one that fails on a target does not accept it."""
    try:
        return bool(check(target))
    except ValueError:
        return False


def main(path=PAGE):
    """Measure, print and write the table into the page."""
    with flask.Flask(__name__).test_request_context("/orders/page", base_url=SITE):
        made = targets()
        attacks = [target for target in made if leaves(target)]
        attacks_as_sent = [target for target in made if leaves(as_sent(target))]
        wanted = ordinary()
        stray = [target for target in wanted if leaves(target) or leaves(as_sent(target))]
        assert not stray, stray
        rows = [
            (
                name,
                sum(accepts(check, target) for target in attacks_as_sent),
                sum(accepts(check, target) for target in attacks),
                sum(not accepts(check, target) for target in wanted),
            )
            for name, check in CHECKS.items()
        ]
    table = "\n".join(
        [
            START,
            "",
            (
                f"| check | lets through, of {len(attacks_as_sent):,} attacks as Flask sends them "
                f"| of {len(attacks):,} as they are | refuses, of {len(wanted):,} ordinary |"
            ),
            "|---|---:|---:|---:|",
            *(f"| {name} | {sent:,} | {raw:,} | {no:,} |" for name, sent, raw, no in rows),
            "",
            (
                f"Python {platform.python_version()}, Werkzeug {version('werkzeug')}, "
                f"ada-url {version('ada-url')}."
            ),
            "",
            END,
        ]
    )
    sys.stdout.write(table + "\n")
    page = path.read_text("utf-8")
    before, after = page.split(START)[0], page.split(END)[1]
    path.write_text(before + table + after, "utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
