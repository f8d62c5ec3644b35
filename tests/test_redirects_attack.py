"""What is_safe_location() accepts stays on the site, judged by a WHATWG URL parser."""

import posixpath
import re
from urllib.parse import unquote, urljoin, urlsplit

import flask
import pytest
from hypothesis import example, find, given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder, run_wsgi_app

from flask_httpstatus.redirects import UnsafeRedirect, is_safe_location, redirect

ada_url = pytest.importorskip("ada_url", reason="the judge, ada-url, is not installed")

HOST = "shop.example"
SITE = f"https://{HOST}"
OTHER = "other.example"

#: Where the browser may be when it gets the Location.
BASES = [
    f"{SITE}/",
    f"{SITE}/orders/page?x=//y#z",
    f"{SITE}//{OTHER}/x",
    f"{SITE}/.//{OTHER}",
    f"{SITE}/%2f%2f{OTHER}/a:b;c/",
    f"{SITE}///?//{OTHER}",
]

#: What URLs are made of, and what readers of URLs disagree about.
PIECES = [
    *"/\\:@?#;&=%[]|~.+,'\"<>^`{}$!*()_-",
    *("//", "///", "\\\\", "/\\", "\\/", "..", "./", "../", "/./", "/../", "/.//", "/..//"),
    *("%2f", "%2F", "%5c", "%5C", "%2e", "%2e%2e", "%3a", "%40", "%00", "%09", "%0d%0a", "%25"),
    *("%252f", "%255c", "%7f", "%80", "%c0%af", "%ef%bc%8f", "%u002f", "%", "%4"),
    *("\t", "\n", "\r", "\r\n", "\0", "\x01", "\x0b", "\x0c", "\x1f", " ", "\x7f"),
    *("\x80", "\x85", "\xa0", "\xad", "\u1680", "\u200b", "\u200c", "\u200d", "\u2028", "\u202e"),
    *("\u2060", "\u3000", "\ufeff", "\ufffd", "\ud800", "\udfff", "\U000e0001"),
    # IDNA and NFKC make "/", "\", ".", ":", "@", "?", "#", "%" and letters of these.
    *("\uff0f", "\u2215", "\u2044", "\uff3c", "\u3002", "\uff0e", "\uff61", "\u2024", "\u2025"),
    *("\uff1a", "\uff20", "\uff1f", "\uff03", "\uff05", "\u2100", "\u2105", "\u2a74", "\u24e2"),
    *("\u212a", "\u017f", "\u0131", "\u1e9e", "\xdf", "\uff11", "\u0661", "\U0001d42c", "\u0308"),
    *("http:", "https:", "HTTPS://", "https://", "http://", "javascript:", "data:", "file:"),
    *("ftp://", "blob:", "about:", "view-source:", "ws://", "x:", "C:", "C|"),
    *(HOST, HOST.upper(), f"{HOST}:443", f"{HOST}:8443", f"{HOST}.", f".{HOST}", f"@{HOST}"),
    *(OTHER, f"@{OTHER}", f".{OTHER}", "xn--", "xn--bcher-kva", "b\xfccher", "0x7f", "127.1"),
    *("[::1]", "2130706433", "localhost", ":443", ":0", ":99999", "@", "me:pw@"),
    *("a", "b", "7", "orders", "\xe9", "\u4eac\u90fd", "next=", "alert(1)"),
]
SITES_OWN = [
    *("/", "/orders", "/orders/7?page=2#row", "orders/7", "?page=2", "#row", SITE, f"{SITE}/"),
    *(f"{SITE}/orders?x=y#z", f"{SITE}:443/", f"{SITE}?x", "/a/b/c/", f"//{HOST}/", "/%C3%A9"),
]


@st.composite
def damaged(draw):
    """Return a location of the site with pieces put in, in place of others or not."""
    target = draw(st.sampled_from(SITES_OWN))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(target)))
        stop = draw(st.integers(start, min(start + 2, len(target))))
        target = target[:start] + draw(st.sampled_from(PIECES)) + target[stop:]
    return target


TARGETS = st.one_of(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join),
    damaged(),
    st.text(st.sampled_from("/\\.:@?#%a\t "), min_size=1, max_size=10),
    st.text(max_size=12),
)


def wire(target, *, scheme="https", path="/orders/page", **keywords):
    """Return the Location as it leaves an application, None if it is refused at the call."""
    environ = EnvironBuilder(path, f"{scheme}://{HOST}").get_environ()
    with flask.Flask(__name__, static_folder=None).request_context(environ):
        safe = is_safe_location(target)
        try:
            response = redirect(target, **keywords)
        except UnsafeRedirect:
            assert not safe
            return None
        assert safe or keywords
        location = run_wsgi_app(response, environ)[2]["Location"]
        assert location == response.location
        return location


def origin(url, base):
    """Return where a browser that is at the base would go."""
    return ada_url.URL(url, base).origin


@pytest.mark.parametrize(
    "naive",
    [
        lambda target: urlsplit(target).netloc in {"", HOST},
        lambda target: target.startswith("/") and not target.startswith("//"),
        lambda target: urlsplit(urljoin(SITE, target)).netloc == HOST,
    ],
)
def test_the_attack_is_one(naive):
    """The targets get through checks that are often seen; otherwise they would prove nothing."""

    def leaves(target):
        try:
            return naive(target) and origin(target, BASES[0]) != SITE
        except ValueError:
            return False

    assert find(TARGETS, leaves, settings=settings(max_examples=20000, database=None))


@settings(max_examples=3000, deadline=None)
@given(TARGETS)
@example("/\t/other.example")
@example("https://shop.example\\@other.example")
@example("https://shop.example:443@other.example")
@example("/.//other.example")
def test_what_is_accepted_stays(target):
    """A browser, wherever on the site it is, goes to the same origin, before and after cleaning."""
    location = wire(target)
    if location is not None:
        assert re.fullmatch(r"[!-~]*", location)
        for base in BASES:
            assert origin(location, base) == SITE
            assert origin(target, base) == SITE


@settings(max_examples=3000, deadline=None)
@given(TARGETS)
def test_what_is_accepted_survives_a_proxy(target):
    """A proxy or client that tidies the path of a Location does not make it another site's."""
    location = wire(target)
    if location is None:
        return
    local = location.removeprefix(f"{SITE}:443").removeprefix(SITE)
    path, rest = re.fullmatch(r"([^?#]*)(.*)", local).groups()
    for tidied in (
        path,
        unquote(local, "latin-1"),
        unquote(path, "latin-1") + rest,
        re.sub(r"^/[^/]+", "", path) + rest,
        re.sub(r"^/[^/]+/", "/", path) + rest,
        re.sub(r"//+", "/", path) + rest,
        (posixpath.normpath(path) if path else "") + rest,
        urljoin(f"{SITE}/orders/page", local),
        urljoin("/orders/page", local),
        local.strip(),
    ):
        assert origin(tidied, BASES[0]) == SITE


@settings(max_examples=1000, deadline=None)
@given(TARGETS)
def test_a_step_up_to_https_is_the_only_other_origin(target):
    """Asked by http, the own host is reached by http or https, and nothing else."""
    location = wire(target, scheme="http")
    if location is not None:
        here = f"http://{HOST}"
        assert origin(location, f"{here}/orders/") in {here, SITE}


@settings(max_examples=1000, deadline=None)
@given(TARGETS, st.sampled_from(["https://", "http://", "https://other.example"]))
def test_external_goes_where_it_says(target, prefix):
    """With external=True the browser reads the same host as everybody else, by http or https."""
    location = wire(prefix + target, external=True)
    if location is not None and "://" in location:
        scheme, host = re.match(
            r"(https?)://([a-z0-9_.-]+|\[[0-9a-f:.]+\])(?=[:/?#]|$)", location
        ).groups()
        try:
            url = ada_url.URL(location)
        except ValueError:
            return  # browsers refuse it: a host such as 1.2.3.4.5 or xn--
        assert (url.protocol, url.username, url.password) == (f"{scheme}:", "", "")
        is_number = re.search(r"(^|\.)(0x[0-9a-f]*|[0-9]+)\.?$", host) or ":" in host
        assert url.hostname == host or is_number


@settings(max_examples=1000, deadline=None)
@given(
    st.lists(
        st.text(min_size=1, max_size=5).filter(
            lambda text: (
                text not in {".", ".."}
                and not re.search(r"[\\/\x00-\x1f\x7f]|[\ud800-\udfff]", text)
            )
        ),
        max_size=4,
    ),
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"])),
        st.text(st.characters(exclude_categories=["Cs"])),
    ),
)
def test_what_url_for_makes_is_accepted(parts, query):
    """Whatever the values, if a path has no empty or dotted part, url_for's result is taken."""
    app = flask.Flask(__name__, static_folder=None)
    app.add_url_rule("/at/<path:rest>", "at", lambda rest: rest)
    with app.test_request_context("/", base_url=SITE):
        url = flask.url_for(
            "at", rest="/".join(parts) or "x", **{f"q{key}": one for key, one in query.items()}
        )
        assert is_safe_location(url)
        assert redirect(url).location == url
