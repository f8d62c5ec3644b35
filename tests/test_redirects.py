"""redirect(), the raisable redirects and is_safe_location() stay on the site."""

import copy
import pickle

import flask
import pytest
from shared_cases import shared_cases
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import Client

from flask_httpstatus import Failure, Failures, Flask, catching_failure, failure_answered, http
from flask_httpstatus.redirects import (
    MAX_LENGTH,
    Found,
    MovedPermanently,
    NotModified,
    PermanentRedirect,
    Redirection,
    SeeOther,
    TemporaryRedirect,
    UnsafeRedirect,
    is_safe_location,
    redirect,
)

SITE = "https://shop.example"
KINDS = [
    (MovedPermanently, 301),
    (Found, 302),
    (SeeOther, 303),
    (TemporaryRedirect, 307),
    (PermanentRedirect, 308),
]

#: What is given, and what is sent for it.
ORDINARY = {
    "/": "/",
    "/orders": "/orders",
    "/orders/": "/orders/",
    "/orders/7?page=2&sort=-date#row-3": "/orders/7?page=2&sort=-date#row-3",
    "orders/7": "orders/7",
    "orders/": "orders/",
    ".well-known/x": ".well-known/x",
    "/...": "/...",
    "/~ada/@home/a:b;v=1,2/it's(me)!*$+=&": "/~ada/@home/a:b;v=1,2/it's(me)!*$+=&",
    "orders/at:7": "orders/at:7",
    "?page=2": "?page=2",
    "??": "??",
    "#top": "#top",
    "#a#b": "#a#b",
    "?next=https://other.example//\\": "?next=https://other.example//%5C",
    "#//other.example": "#//other.example",
    "/search?q=/../..//": "/search?q=/../..//",
    "/50%25": "/50%25",
    "/search?q=50%": "/search?q=50%",
    "/search?q=%0D%0A%00": "/search?q=%0D%0A%00",
    "/search?ids[]=1&ids[]=2": "/search?ids%5B%5D=1&ids%5B%5D=2",
    "/two words/{x}|<y>": "/two%20words/%7Bx%7D%7C%3Cy%3E",
    "/straße/京都?ä=ö#ü": ("/stra%C3%9Fe/%E4%BA%AC%E9%83%BD?%C3%A4=%C3%B6#%C3%BC"),
    "/\u200c\ufeff\u202e": "/%E2%80%8C%EF%BB%BF%E2%80%AE",
    # Werkzeug drops what is empty; for the last two this means "this page".
    "/orders?": "/orders",
    "/orders?#": "/orders",
    "?": "",
    "#": "",
    SITE: SITE,
    f"{SITE}/": f"{SITE}/",
    f"{SITE}?page=2": f"{SITE}?page=2",
    f"{SITE}#top": f"{SITE}#top",
    f"{SITE}/orders/7?x=//y#z": f"{SITE}/orders/7?x=//y#z",
    f"{SITE}:443/orders": f"{SITE}:443/orders",
    "HTTPS://Shop.EXAMPLE/Orders": f"{SITE}/Orders",
}

HOSTILE = [
    # another host, in the spellings of browsers
    "https://other.example/",
    "//other.example/",
    "///other.example/",
    "/\\other.example/",
    "\\\\other.example/",
    "\\/other.example",
    "https:other.example",
    "https:/other.example",
    "https:///other.example",
    "https:\\\\other.example",
    "//shop.example/",  # harmless, but there is no need for it
    # user information, and what looks like it
    "https://shop.example@other.example/",
    "https://shop.example\\@other.example/",
    "https://shop.example:443@other.example/",
    "https://@shop.example/",
    "https://shop.example%40other.example/",
    # almost this host
    "https://shop.example.other.example/",
    "https://othershop.example/",
    "https://www.shop.example/",
    "https://shop.example./",
    "https://shop.example:8443/",
    "https://shop.example:0443/",
    "https://shop.example:/",
    "https://shop.example:99999/",
    "https://shop.example:x/",
    "https://shop.example%2f.other.example/",
    "https://shop.example\u3002other.example/",
    "https://\u24e2hop.example/",
    "https://sho\u00adp.example/",
    "https://\u212aelvin.example/",
    "https://[shop.example]/",
    "https://[::1/",
    "https:///",
    "https://",
    "https:",
    # another scheme
    "http://shop.example/",
    "ftp://shop.example/",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "data:text/html,x",
    "mailto:ada@shop.example",
    "x:y",
    ":x",
    "https%3a/other.example",
    # what browsers drop or Werkzeug cleans up
    " //other.example",
    "/ /other.example/..//x",
    "\t//other.example",
    "/\t/other.example",
    "/\n/other.example",
    "/orders\r\nSet-Cookie: a=b",
    "/orders?q=\x00",
    "java\nscript:alert(1)",
    "\x01https://other.example",
    "/orders/\x7f",
    # paths that could become another host on the way
    "/.//other.example",
    "/..//other.example",
    "/a/..//other.example",
    "/a/../b",
    "..//other.example",
    ".//other.example",
    "./x",
    "..",
    ".?x",
    "/..#x",
    "/%2e%2e//other.example",
    "/%2E/x",
    "/.%2e/x",
    "/prefix//other.example",
    "/a//",
    "/%2fother.example",
    "/%2Fother.example",
    "/a/%5cother.example",
    "/%09/other.example",
    "/%0d%0ax",
    "/%7f",
    f"{SITE}//other.example",
    f"{SITE}/a/../..//other.example",
    f"{SITE}/%5cother.example",
    f"{SITE}\\other.example",
    # nothing that could be sent
    "",
    "/50%",
    "/%zz",
    "/\ud800",
    "https://\ud800.example/",
    "https://shop..example/",
    "https://" + "ä" * 70 + ".example/",
    "/" + "x" * MAX_LENGTH,
    "/" + "京" * (MAX_LENGTH // 9 + 1),
]


def sent(response, environ=None):
    """Return the Location that leaves through WSGI."""
    return response.get_wsgi_headers(environ or flask.request.environ).get("Location")


def get(app, path="/", **kwargs):
    """Return the answer of an application without following it."""
    return Client(app, flask.Response).get(path, **{"base_url": SITE, **kwargs})


@pytest.fixture
def site(app):
    """Ask for a page two folders deep, by https."""
    with app.test_request_context("/orders/page", base_url=SITE):
        yield app


# The rule


@pytest.mark.parametrize(("given", "expected"), ORDINARY.items())
def test_ordinary_locations_are_taken(site, given, expected):
    """A location of this site is taken, and what is not ASCII is percent-encoded."""
    assert is_safe_location(given)
    response = redirect(given)
    assert response.location == expected
    assert sent(response) == expected


@pytest.mark.parametrize("given", HOSTILE, ids=lambda given: ascii(given)[:50])
def test_hostile_locations_are_refused(site, given):
    """A location that may lead elsewhere, or not be sent at all, is refused at the call."""
    assert not is_safe_location(given)
    with pytest.raises(UnsafeRedirect):
        redirect(given)
    with pytest.raises(UnsafeRedirect):
        Found(given)


@pytest.mark.parametrize("given", [None, 7, b"/orders", ["/orders"], flask.Flask])
def test_what_is_no_text_is_refused(site, given):
    """Anything but a str is not safe; a missing parameter of the request is None."""
    assert not is_safe_location(given)
    with pytest.raises(UnsafeRedirect):
        redirect(given)


def test_a_location_may_be_as_long_as_every_server_takes(site):
    """8000 characters are sent, one more is refused, counted after encoding."""
    assert is_safe_location("/" + "x" * (MAX_LENGTH - 1))
    assert not is_safe_location("/" + "x" * MAX_LENGTH)
    assert is_safe_location("/" + "ä" * 1333)
    assert not is_safe_location("/" + "ä" * 1334)


@pytest.mark.parametrize("row", shared_cases("redirects.json"))
def test_shared_cases(row):
    """No exploit and no dubious target is accepted, every ordinary one is."""
    app = Flask("example")
    with app.test_request_context("/app/page", base_url="https://example.com"):
        safe = is_safe_location(row["url"])
        if not row["safe"]:
            assert not safe
        elif row["must_accept"]:
            assert safe
            assert redirect(row["url"]).status_code == 302


# The host


def test_the_own_host_by_https_is_safe_from_http(app):
    """A step up to https is fine, and http is as good as the request itself."""
    with app.test_request_context(base_url="http://shop.example"):
        assert is_safe_location("https://shop.example/")
        assert is_safe_location("https://shop.example:443/")
        assert is_safe_location("http://shop.example/")
        assert is_safe_location("http://shop.example:80/")
        assert not is_safe_location("http://shop.example:443/")
        assert not is_safe_location("https://shop.example:80/")


def test_there_is_no_step_down_to_http(app):
    """From https, not even the own host is safe by http."""
    with app.test_request_context(base_url=SITE):
        assert not is_safe_location("http://shop.example/")


@pytest.mark.parametrize("host", ["shop.example:8443", "127.0.0.1:5000", "[::1]:5000", "a-b:81"])
def test_the_own_port_counts(app, host):
    """Another port is another origin."""
    with app.test_request_context(base_url=f"https://{host}"):
        assert sent(redirect(f"https://{host}/x?y")) == f"https://{host}/x?y"
        assert not is_safe_location(f"https://{host}0/")
        assert not is_safe_location(f"https://{host.rpartition(':')[0]}/")


def test_both_spellings_of_an_international_host(app):
    """The Unicode spelling of the own host, as in request.url, is sent as its ASCII one."""
    with app.test_request_context("/ö", base_url="https://xn--bcher-kva.example"):
        assert flask.request.url == "https://bücher.example/ö"
        expected = "https://xn--bcher-kva.example/%C3%B6"
        assert redirect(flask.request.url).location == expected
        assert redirect(expected).location == expected
        assert not is_safe_location("https://BÜCHER.example/")
        assert not is_safe_location("https://bu\u0308cher.example/")


def test_a_rejected_host_is_not_ours(app):
    """Where TRUSTED_HOSTS rejects the Host header, only the locations without host are safe."""
    app.config["TRUSTED_HOSTS"] = ["shop.example"]

    @app.before_request
    def before():
        raise Found(flask.request.args["next"])

    host = {"Host": "other.example"}
    assert get(app, "/?next=/x", headers=host).location == "/x"
    assert get(app, "/?next=https://other.example/", headers=host).status_code == 400
    assert get(app, f"/?next={SITE}/", headers=host).status_code == 400
    assert get(app, f"/?next={SITE}/").location == f"{SITE}/"


def test_the_host_header_is_trusted_as_flask_trusts_it(app):
    """Without TRUSTED_HOSTS the own host is the one that was asked for."""
    app.add_url_rule("/", view_func=lambda: redirect(flask.request.args["next"]))
    answer = get(app, "/?next=https://other.example/", headers={"Host": "other.example"})
    assert answer.location == "https://other.example/"


@pytest.mark.parametrize("host", ["", "shop.example@other.example", "shop example", "a/b", "[x]"])
def test_a_malformed_host_header_gives_no_host(app, host):
    """A Host header that is none makes nothing safe, and nothing fails."""
    with app.test_request_context(headers={"Host": host}):
        assert is_safe_location("/x")
        for target in ("http://", f"http://{host}", "http:///x", f"https://{host}/"):
            assert not is_safe_location(target)


def test_outside_a_request_there_is_no_own_host():
    """With an application context alone, paths and listed hosts are safe."""
    app = Flask("example", static_folder=None)
    Failures(app, redirect_hosts=["accounts.example"])
    with app.app_context():
        assert is_safe_location("/x")
        assert is_safe_location("https://accounts.example/x")
        assert not is_safe_location("http://accounts.example/x")
        assert not is_safe_location("https://localhost/")
        assert redirect("/x").location == "/x"


def test_without_an_application_flask_says_what_to_do():
    """Nothing can be answered without an application, but paths can be judged."""
    assert is_safe_location("/x")
    assert not is_safe_location(SITE)
    for make in (lambda: redirect("/x"), lambda: Found("/x"), NotModified):
        with pytest.raises(RuntimeError, match="app_context"):
            make()


# FAILURES_REDIRECT_HOSTS


@pytest.mark.parametrize(
    ("location", "safe"),
    {
        "https://accounts.example": True,
        "https://accounts.example/login?x=1": True,
        "https://ACCOUNTS.example:443/": True,
        "https://pay.example:8443/": True,
        "https://bücher.example/": True,
        "https://accounts.example:8443/": False,
        "https://pay.example/": False,
        "https://www.accounts.example/": False,
        "https://accounts.example.other.example/": False,
        "https://me@accounts.example/": False,
        "http://accounts.example/": False,
        "//accounts.example/": False,
        "ftp://accounts.example/": False,
        "https://accounts.example//x": False,
        "https://other.example/": False,
    }.items(),
)
def test_listed_hosts(location, safe):
    """A host of FAILURES_REDIRECT_HOSTS is as good as the own one: that host and that port."""
    app = Flask("example")
    app.config["FAILURES_REDIRECT_HOSTS"] = [
        "Accounts.example",
        "pay.example:8443",
        "xn--bcher-kva.example:443",
    ]
    app.register_extension(Failures())
    with app.test_request_context(base_url=SITE):
        assert is_safe_location(location) is safe


def test_listed_hosts_by_http_from_http():
    """In development, where the request is http, a listed host may be so, too."""
    app = Flask("example")
    app.register_extension(Failures(redirect_hosts=["localhost:9000"]))
    with app.test_request_context(base_url="http://localhost:5000"):
        assert is_safe_location("http://localhost:9000/")
        assert is_safe_location("https://localhost:9000/")
        assert not is_safe_location("http://localhost:9001/")


def test_a_listed_port_that_there_is_not():
    """A setting that cannot be sent makes no error after the view."""
    app = Flask("example")
    app.register_extension(Failures(redirect_hosts=["pay.example:99999"]))
    with app.test_request_context(base_url=SITE):
        assert not is_safe_location("https://pay.example:99999/")


# external


@pytest.mark.parametrize(
    ("given", "expected"),
    {
        "https://other.example": "https://other.example",
        "http://other.example:8080/a//b/../c%2Fd?x=//y#z": None,
        "HTTPS://Other.Example/": "https://other.example/",
        "https://bücher.example/ö ü\\": ("https://xn--bcher-kva.example/%C3%B6%20%C3%BC%5C"),
        "https://bücher.example:81?x[]": "https://xn--bcher-kva.example:81?x%5B%5D",
        "https://[2001:db8::1]:81/": None,
        "https://192.0.2.7/": None,
        "https://a_b.example./#x": None,
        "/x": None,
    }.items(),
)
def test_external_locations(site, given, expected):
    """With external=True any plain host is taken, by http or https."""
    response = redirect(given, external=True)
    assert response.location == sent(response) == (expected or given)


@pytest.mark.parametrize(
    "given",
    [
        "//other.example/",
        "https:other.example",
        "https:///other.example/",
        "https://me@other.example/",
        "https://me:x@other.example/",
        "https://shop.example\\@other.example/",
        "https://other.example\\x",
        "https://other.example:0/",
        "https://other.example:65536/",
        "https://other%2eexample/",
        "https://other example/",
        "https://-\u2488.example/",
        "https://[::::]/",
        "https://[2001:db8::1%25eth0]/",
        "https://x..example/",
        "https://.example/",
        f"https://{'x' * 64}.example/",
        "https://other.example/\r\nx",
        "https://other.example/\t",
        "https://other.example/?\ud800",
        "ftp://other.example/",
        "javascript:alert(1)",
        "https://",
        "",
        None,
    ],
)
def test_external_is_for_plain_hosts_only(site, given):
    """With external=True other schemes, user information and disguised hosts stay refused."""
    with pytest.raises(UnsafeRedirect):
        redirect(given, external=True)


# The response


@pytest.mark.parametrize(("kind", "status"), KINDS)
def test_statuses(site, kind, status):
    """The five statuses that have a Location can be given, as member or as int."""
    assert redirect("/x", status).status_code == status
    assert redirect("/x", http.status(status)).status_code == status


@pytest.mark.parametrize("status", [200, 300, 304, 305, 306, 404, "302", True, None])
def test_other_statuses(site, status):
    """Any other status is the developer's error, who is told what to do."""
    with pytest.raises(ValueError, match=r"301, 302, 303, 307, 308.*NotModified"):
        redirect("/x", status)


def test_the_default_is_found_whatever_flask_has():
    """A Flask that redirects with 303 by default changes nothing here."""

    class Newer(flask.Flask):
        def redirect(self, location, code=303):
            return super().redirect(location, code)

    app = Newer("example")
    with app.test_request_context():
        assert app.redirect("/x").status_code == 303
        assert redirect("/x").status_code == 302


def test_the_response_is_of_the_applications_class(site):
    """An application's own response class is used."""

    class Own(flask.Response):
        default_mimetype = "text/plain"

    site.response_class = Own
    response = redirect("/x")
    assert type(response) is Own
    assert response.mimetype == "text/html"


def test_the_body_repeats_nothing(site):
    """The page that is seen where nobody follows has no link and nothing of the target."""
    body = redirect("/secret-of-the-target").get_data(as_text=True)
    assert "secret" not in body
    assert "href" not in body
    assert "<h1>Redirecting</h1>" in body


def test_head_has_no_body(client):
    """The answer to HEAD is that to GET without its body."""
    client.application.add_url_rule("/", view_func=lambda: redirect("/x"))
    answer = client.head("/")
    assert (answer.status_code, answer.location, answer.data) == (302, "/x", b"")
    assert answer.headers == client.get("/").headers


def test_a_refusal_tells_the_client_nothing(client):
    """The client gets a plain 400, the failure a note with everything escaped."""
    client.application.add_url_rule("/", view_func=lambda: redirect(flask.request.args["next"]))
    answered = []
    with failure_answered.connected_to(lambda _, **sent: answered.append(sent["failure"])):
        answer = client.get("/", query_string={"next": "//other.example/\x1b[2J\u202e\n"})
    assert answer.status_code == 400
    assert answer.location is None
    assert b"other" not in answer.data
    assert b"redirect" not in answer.data.lower()
    assert r"'//other.example/\x1b[2J\u202e\n'" in answered[0].__notes__[0]


def test_a_refusal_is_logged(client, caplog):
    """The log has what was refused, in one line, as a warning."""
    caplog.set_level("WARNING")
    client.application.add_url_rule("/", view_func=lambda: redirect(flask.request.args["next"]))
    client.get("/", query_string={"next": "//other.example/\n"})
    assert r"'//other.example/\n'" in caplog.text


def test_a_refusal_is_noted(site):
    """The note says what was refused and what to do; a flood is cut."""
    with pytest.raises(UnsafeRedirect) as caught:
        redirect("//other.example")
    (note,) = caught.value.__notes__
    assert "'//other.example'" in note
    assert "FAILURES_REDIRECT_HOSTS" in note
    assert caught.value.message == "Bad request"
    with pytest.raises(UnsafeRedirect) as caught:
        redirect("//" + "x" * 9998)
    (note,) = caught.value.__notes__
    assert "(10002 characters)" in note
    assert len(note) < 8500


def test_a_fallback_replaces_what_is_refused(site):
    """With a fallback an unsafe or missing location is replaced, a safe one is not."""
    for location in ("//other.example", "", None):
        assert redirect(location, fallback="/home").location == "/home"
    assert redirect("/x", fallback="/home").location == "/x"
    assert redirect(None, 303, fallback=f"{SITE}/ö").location == f"{SITE}/%C3%B6"
    to_partner = redirect(None, external=True, fallback="https://other.example/")
    assert to_partner.location == "https://other.example/"


@pytest.mark.parametrize("location", ["/x", "//other.example", None])
def test_an_unsafe_fallback_is_an_error_at_once(site, location):
    """A fallback that is not safe is the developer's error, needed or not."""
    with pytest.raises(ValueError, match=r"fallback='https://other\.example'.*url_for"):
        redirect(location, fallback="https://other.example")
    with pytest.raises(ValueError, match="fallback=''"):
        Found(location, fallback="")


# The raisable redirects


@pytest.mark.parametrize("extension", [True, False])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize(("kind", "status"), [*KINDS, (Redirection, 302)])
def test_raised_below_a_view(kind, status, method, extension):
    """A redirect raised anywhere below a view is the answer, with and without the extension."""
    app = flask.Flask("example")
    if extension:
        Failures(app)

    @app.errorhandler(OSError)
    @app.errorhandler(404)
    def handler(error):  # pragma: no cover
        raise AssertionError(error)

    @app.route("/", methods=["GET", "POST"])
    @catching_failure
    def view():
        try:
            below()
        except Failure:  # pragma: no cover
            pytest.fail("a redirect is no failure")

    def below():
        raise kind("/ö", headers={"Cache-Control": "no-store", "X-Count": 1})

    answer = app.test_client().open("/", method=method)
    assert answer.status_code == status
    assert answer.location == "/%C3%B6"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Count"] == "1"
    assert bool(answer.data) is (method != "HEAD")


@pytest.mark.parametrize("extension", [True, False])
def test_raised_before_the_view(extension):
    """A redirect raised in before_request or a blueprint's is the answer, and cookies are kept."""
    app = flask.Flask("example")
    app.secret_key = "x"
    if extension:
        Failures(app)

    @app.before_request
    def before():
        flask.session["next"] = flask.request.path
        raise SeeOther("/login")

    @app.after_request
    def after(response):
        response.headers["X-After"] = "1"
        return response

    answer = app.test_client().get("/")
    assert (answer.status_code, answer.location) == (303, "/login")
    assert "session=" in answer.headers["Set-Cookie"]
    assert answer.headers["X-After"] == "1"


def test_raised_in_an_async_view(client):
    """A redirect raised in an async view is the answer."""

    @client.application.get("/")
    async def view():
        raise Found("/x")

    assert client.get("/").location == "/x"


def test_trapping_http_exceptions(app):
    """TRAP_HTTP_EXCEPTIONS traps in plain Flask what has a response; the extension lets it go."""
    plain = flask.Flask("example")

    def found():
        raise Found("/x")

    for one in (plain, app):
        one.config.update(TRAP_HTTP_EXCEPTIONS=True, TESTING=True)
        one.add_url_rule("/aborted", "aborted", lambda: flask.abort(redirect("/x")))
        one.add_url_rule("/found", "found", found)
    for path in ("/aborted", "/found"):
        assert app.test_client().get(path).location == "/x"
        with pytest.raises(HTTPException):
            plain.test_client().get(path)


def test_error_handlers_return_a_redirect(client):
    """An error handler returns a redirect; whatever it raises is an error to Flask."""
    app = client.application
    app.testing = False

    @app.errorhandler(401)
    def to_login(_):
        return redirect("/login")

    @app.errorhandler(403)
    def raising(_):
        raise Found("/login")

    app.add_url_rule("/<int:code>", view_func=flask.abort)
    assert client.get("/401").location == "/login"
    assert client.get("/403").status_code == 500


def test_unsafe_raisables_are_answered_like_failures(client):
    """The constructors judge as redirect() does, and take the same keywords."""
    client.application.add_url_rule("/", view_func=lambda: SeeOther("//other.example"))
    assert client.get("/").status_code == 400
    with client.application.test_request_context():
        assert Found(None, fallback="/x").response.location == "/x"
        external = Found("https://other.example/", external=True)
        assert external.response.location == "https://other.example/"


def test_not_modified(client):
    """304 has the headers of the 200, and no body, type or length."""
    headers = {"ETag": '"7"', "Vary": "Cookie", "Cache-Control": "max-age=60"}

    @client.application.get("/")
    def view():
        raise NotModified(headers=headers)

    @client.application.get("/bare")
    def bare():
        raise NotModified

    for method in ("GET", "HEAD"):
        answer = client.open("/", method=method)
        assert answer.status_code == 304
        assert answer.data == b""
        assert dict(answer.headers) == headers
        assert dict(client.open("/bare", method=method).headers) == {}


def test_repeated_headers(site):
    """Pairs can repeat a name; nothing of the response is overwritten."""
    headers = [("Link", "</a>; rel=preload"), ("Link", "</b>; rel=preload")]
    assert Found("/x", headers=headers).response.headers.getlist("Link") == [
        "</a>; rel=preload",
        "</b>; rel=preload",
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {"Location": "//other.example"},
        {"location": "/y"},
        {"Connection": "close"},
        {"Content-Type": "text/plain"},
        {"X": "a\r\nb"},
        {"X": "京"},
        {"a b": "c"},
    ],
)
def test_headers_that_are_not_to_be_given(site, headers):
    """A header that HTTP forbids, or that is not the caller's, is refused at the call."""
    for make in (lambda: Found("/x", headers=headers), lambda: NotModified(headers=headers)):
        with pytest.raises(ValueError, match=r"(?i)location|connection|type|newline|京|a b"):
            make()


def test_an_application_may_derive(site):
    """A kind of one's own keeps the status; with a wrong one it says so when it is built."""

    class ToLogin(SeeOther):
        def __init__(self):
            super().__init__("/login")

    class Wrong(Redirection):
        status = http.OK

    assert ToLogin().response.status_code == 303
    with pytest.raises(ValueError, match="301, 302"):
        Wrong("/x")


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS])
def test_no_failures(site, kind):
    """The raisable redirects are HTTPExceptions with a response and no code, no failures."""
    redirection = kind("/x")
    assert isinstance(redirection, HTTPException)
    assert not isinstance(redirection, Failure)
    assert redirection.code is None
    assert redirection.get_response() is redirection.response


def test_texts(site):
    """In a log or debugger they say status and location."""
    assert str(SeeOther("/x")) == "303 See Other /x"
    assert repr(SeeOther("/x")) == "<SeeOther '303 See Other /x'>"
    assert str(NotModified()) == "304 Not Modified"


def test_copies():
    """Copies and pickles answer the same, and need no application to be made."""
    with flask.Flask("example").app_context():
        made = Found("https://other.example/", external=True, headers={"X": "y"})
        missing = NotModified(headers={"ETag": '"7"'})
    made.add_note("private")
    for duplicate in (copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))):
        again = duplicate(made)
        assert type(again) is Found
        assert again.response.headers == made.response.headers
        assert again.__notes__ == ["private"]
        assert str(again) == str(made)
        assert duplicate(missing).response.headers["ETag"] == '"7"'


# Real applications


def test_url_for_with_odd_values(site):
    """What url_for makes of a value is taken, whatever letters the value has."""
    site.add_url_rule("/users/<name>", "user", lambda name: name)
    site.add_url_rule("/files/<path:name>", "file", lambda name: name)
    for name in (
        "ada",
        "Ada Lovelace",
        "a/b",
        "a?b#c",
        "100%",
        "a:b@c;d",
        "京都",
        "'\"<>&[]|",
        "...",
    ):
        for endpoint in ("user", "file"):
            for external in (False, True):
                with site.test_request_context(base_url=SITE):
                    url = flask.url_for(endpoint, name=name, _external=external, q=f"{name}//..")
                    assert redirect(url).location == url


def test_script_name_and_root_paths():
    """Under a prefix, url_for, relative and absolute locations lead where they should."""
    inner = flask.Flask("inner")
    inner.add_url_rule("/login", "login", lambda: redirect(flask.url_for("home")))
    inner.add_url_rule("/far", "far", lambda: redirect(flask.url_for("home", _external=True)))
    inner.add_url_rule("/near", "near", lambda: redirect("home"))
    inner.add_url_rule("/home", "home", lambda: "home")
    app = DispatcherMiddleware(flask.Flask("outer"), {"/shop": inner})
    assert get(app, "/shop/login").location == "/shop/home"
    assert get(app, "/shop/far").location == f"{SITE}/shop/home"
    assert get(app, "/shop/near").location == "home"


def test_application_root():
    """APPLICATION_ROOT is part of what url_for makes outside of a request."""
    app = flask.Flask("example")
    app.config.update(APPLICATION_ROOT="/shop", SERVER_NAME="shop.example")
    app.add_url_rule("/home", "home", lambda: "home")
    with app.app_context():
        assert redirect(flask.url_for("home", _external=False)).location == "/shop/home"
        # There is no request, so there is no own host.
        assert not is_safe_location(flask.url_for("home"))
        assert redirect(flask.url_for("home"), external=True).location.endswith("/shop/home")


def test_server_name_and_subdomains():
    """Another subdomain is another origin, even one of the application's own."""
    app = Flask("example", subdomain_matching=True)
    app.config["SERVER_NAME"] = "shop.example"
    app.register_extension(Failures(redirect_hosts=["help.shop.example"]))
    app.add_url_rule("/", "home", lambda: redirect(flask.url_for("tenant", tenant="help")))
    app.add_url_rule("/other", "other", lambda: redirect(flask.url_for("tenant", tenant="ada")))
    app.add_url_rule(
        "/vouched",
        "vouched",
        lambda: redirect(flask.url_for("tenant", tenant="ada"), external=True),
    )
    app.add_url_rule(
        "/",
        "tenant",
        lambda tenant: redirect(flask.url_for("tenant2", tenant=tenant)),
        subdomain="<tenant>",
    )
    app.add_url_rule("/2", "tenant2", lambda tenant: tenant, subdomain="<tenant>")
    assert get(app).location == "https://help.shop.example/"
    assert get(app, "/other").status_code == 400
    assert get(app, "/vouched").location == "https://ada.shop.example/"
    assert get(app, base_url="https://ada.shop.example").location == "/2"


def test_host_matching():
    """With host matching the own host is the one of the request."""
    app = flask.Flask("example", host_matching=True, static_host="static.example")
    app.add_url_rule(
        "/", "a", lambda: redirect(flask.url_for("a", _external=True)), host="a.example"
    )
    app.add_url_rule("/b", "b", lambda: redirect(flask.url_for("a")), host="b.example")
    assert get(app, base_url="https://a.example").location == "https://a.example/"
    assert get(app, "/b", base_url="https://b.example").status_code == 400


def test_behind_a_proxy():
    """With ProxyFix, scheme, host and prefix are those that the browser sees."""
    app = flask.Flask("example")
    app.add_url_rule("/far", "far", lambda: redirect(flask.url_for("far", _external=True)))
    app.add_url_rule("/down", "down", lambda: redirect("http://shop.example/"))
    app.add_url_rule("/inside", "inside", lambda: redirect("http://10.0.0.7:8000/"))
    headers = {
        "X-Forwarded-For": "192.0.2.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "shop.example",
        "X-Forwarded-Prefix": "/shop",
    }
    inside = "http://10.0.0.7:8000"
    fixed = ProxyFix(app, x_host=1, x_prefix=1)
    assert get(fixed, "/far", base_url=inside, headers=headers).location == f"{SITE}/shop/far"
    assert get(fixed, "/down", base_url=inside, headers=headers).status_code == 400
    assert get(fixed, "/inside", base_url=inside, headers=headers).status_code == 400
    # Without it, the application is where it thinks it is, and does not believe the headers.
    assert get(app, "/far", base_url=inside, headers=headers).location == f"{inside}/far"
    assert get(app, "/down", base_url=inside, headers=headers).status_code == 400


def test_responses_that_make_locations_absolute(site):
    """A response class that completes the Location keeps it on the site."""

    class Absolute(flask.Response):
        autocorrect_location_header = True

    site.response_class = Absolute
    with site.test_request_context("//other.example/page", base_url=SITE):
        for location in ("/x", "x", "?x", "#x", f"{SITE}/x"):
            assert sent(redirect(location)).startswith(f"{SITE}/")


def test_flask_login_like_flow(client):
    """The round trip of a login: the page asked for, letters and all, is the page shown."""
    app = client.application

    @app.get("/<path:page>")
    def page(page):
        if not flask.request.cookies.get("user"):
            raise SeeOther(flask.url_for("login", next=flask.request.full_path))
        return page

    @app.route("/login")
    def login():
        response = redirect(flask.request.args.get("next"), fallback="/home")
        response.set_cookie("user", "ada")
        return response

    answer = client.get("/bücher/zwei worte?q=ä&x[]=1", follow_redirects=True)
    assert answer.text == "bücher/zwei worte"
    assert dict(answer.request.args) == {"q": "ä", "x[]": "1"}
    assert client.get("/login?next=//other.example").location == "/home"
