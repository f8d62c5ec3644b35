"""Tests of the room of headers: what HTTP allows in them, refused where it is written."""

import http
import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from werkzeug.datastructures import Headers, WWWAuthenticate

from flask_httpstatus.headers import (
    HOP_BY_HOP,
    blocked_by_link,
    checked_challenges,
    checked_header,
    checked_methods,
    checked_protocols,
    checked_retry_after,
    pairs,
    retry_after_header,
    unsatisfied_range,
)

CONTROLS = [chr(code) for code in (*range(9), *range(10, 32), 127)]
BEARER = WWWAuthenticate("bearer", {"realm": "api"})


@pytest.mark.parametrize(
    ("name", "value", "sent"),
    [
        ("ETag", '"a"', '"a"'),
        ("x", "", ""),
        ("X-Count", 5, "5"),
        ("X-Status", http.HTTPStatus.NOT_FOUND, "404"),
        ("X-Tab", "a\tb", "a\tb"),
        ("X-Space", " \t a b \t ", "a b"),
        ("X-Latin", "café\xff\x80", "café\xff\x80"),
        ("X-Percent", "a%0d%0ab", "a%0d%0ab"),
        ("X-Markup", Markup("<b>"), "<b>"),
        ("!#$%&'*+-.^_`|~09azAZ", "a", "a"),
    ],
)
def test_what_is_sent(name, value, sent):
    """Text and numbers that HTTP can carry are sent, without the space around them."""
    assert checked_header(name, value) == (name, sent)


@pytest.mark.parametrize(
    "name",
    ["", "X A", "X:", "X-A: b", "X\r\nY", "X\n", "\nX", "X\0", "X-é", "(x)", "a/b", "\ud800"],
)
def test_names_that_are_refused(name):
    """A name is a token (RFC 9110, Section 5.1); another is an error that names it."""
    with pytest.raises(ValueError, match="is no header name") as caught:
        checked_header(name, "1")
    assert repr(name) in str(caught.value)


@pytest.mark.parametrize("name", [None, 5, b"X-A"])
def test_names_that_are_no_text(name):
    """A name that is no text is no header name, either."""
    with pytest.raises(ValueError, match="is no header name"):
        checked_header(name, "1")


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("place", ["{}", "a{}b", "a{}", "{}b", "a\r\n{}X: 1"])
def test_control_characters(control, place):
    """No control character but the tab is sent, wherever it stands."""
    with pytest.raises(ValueError, match=r"X-A: .* has control characters; remove them"):
        checked_header("X-A", place.format(control))


@pytest.mark.parametrize("value", ["日本", "\u2028", "Ā", "嘊嘍X: 1", "\ud800", "🎈"])
def test_what_is_not_latin(value):
    """What PEP 3333 cannot carry is refused, and low bytes of it make no line break."""
    with pytest.raises(ValueError, match="is not Latin-1; encode it"):
        checked_header("X-A", value)


@pytest.mark.parametrize("name", ["Content-Type", "content-length", "CONTENT-ENCODING"])
def test_headers_of_the_body(name):
    """What describes the body is refused, for the body is made later."""
    with pytest.raises(ValueError, match=f"{name} describes the body"):
        checked_header(name, "1")


@pytest.mark.parametrize("value", [0, "0", 30, "30", "Tue, 01 Jan 2030 00:00:00 GMT"])
def test_retry_after_as_a_header(value):
    """Retry-After given as a header is seconds or a date, too."""
    assert checked_header("Retry-After", value) == ("Retry-After", str(value))


@pytest.mark.parametrize(
    "value",
    [
        *["", "soon", "-1", "1.5", "+5", "0:00:30", "²", "2030-01-01", "Tue, 01 Jan 2030"],
        *["Wed, 01 Jan 2030 00:00:00 GMT", "Tue, 01 Jan 2030 00:00:00", "1 Jan 30 99:99:99 GMT"],
        *["Tue Jan  1 00:00:00 2030", "Tuesday, 01-Jan-30 00:00:00 GMT"],
    ],
)
def test_retry_after_as_a_wrong_header(value):
    """Any other value, and any other form of a date, is an error that says what to write."""
    with pytest.raises(ValueError, match="is neither seconds nor a date; pass retry_after="):
        checked_header("retry-after", value)


@pytest.mark.parametrize("value", [None, b"abc", ["a", "b"], 1.5, object(), ("a",), BEARER])
def test_values_that_are_no_text(value):
    """A value that is neither text nor a number is refused, and not sent as its repr."""
    with pytest.raises(
        TypeError, match=r"X-A: .* is no str or int; give several as a list of pairs"
    ):
        checked_header("X-A", value)


@given(st.text(st.characters(exclude_categories=())), st.text(st.characters(exclude_categories=())))
def test_any_header(name, value):
    """Whatever passes is one line of tokens, Latin-1 and no control characters."""
    try:
        name, text = checked_header(name, value)
    except ValueError:
        return
    assert re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name)
    assert re.fullmatch(
        r"(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?", text
    )


@pytest.mark.parametrize(
    ("given", "result"),
    [
        ({"A": "1", "B": 2}, [("A", "1"), ("B", 2)]),
        ([("A", "1"), ("A", "2")], [("A", "1"), ("A", "2")]),
        (Headers([("A", "1"), ("A", "2")]), [("A", "1"), ("A", "2")]),
        (iter([("A", "1")]), [("A", "1")]),
        ((), []),
    ],
)
def test_pairs(given, result):
    """Headers are given as a dict, as pairs or as Werkzeug's Headers, repeated ones included."""
    assert list(pairs(given)) == result


@pytest.mark.parametrize("given", ["A: 1", 5, BEARER])
def test_no_pairs(given):
    """What is nothing of the kind is an error that says what is."""
    with pytest.raises(TypeError, match="is no dict, nor a list of names and values"):
        pairs(given)


@pytest.mark.parametrize("row", [("A",), ("A", "1", "2"), "A1", 5, None])
def test_rows_that_are_no_pairs(row):
    """What is no pair among the headers is an error that shows one."""
    with pytest.raises(TypeError, match=r"headers has .*; each is a name and a value: \('ETag'"):
        pairs([("B", "2"), row])


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (0, "0"),
        (30, "30"),
        (10**30, "1" + "0" * 30),
        (timedelta(), "0"),
        (timedelta(minutes=2), "120"),
        (timedelta(milliseconds=1500), "2"),
        (timedelta(microseconds=1), "1"),
        (timedelta.max, "86400000000000"),
        (datetime(2030, 1, 1, tzinfo=UTC), "Tue, 01 Jan 2030 00:00:00 GMT"),
        (
            datetime(2030, 1, 1, tzinfo=timezone(timedelta(hours=2))),
            "Mon, 31 Dec 2029 22:00:00 GMT",
        ),
        (datetime.fromisoformat("2030-01-01"), "Tue, 01 Jan 2030 00:00:00 GMT"),
        (datetime.fromisoformat("2030-01-01T00:00:00.999"), "Tue, 01 Jan 2030 00:00:00 GMT"),
        (datetime.max.replace(tzinfo=UTC), "Fri, 31 Dec 9999 23:59:59 GMT"),
    ],
)
def test_retry_after(given, sent):
    """Seconds, rounded up, or an HTTP date in GMT; a naive time is UTC."""
    assert retry_after_header(checked_retry_after(given)) == sent


@pytest.mark.parametrize(
    "given", [True, 1.5, float("inf"), "30", "soon", "٣٠", Decimal(1), date(2030, 1, 1), b"1", None]
)
def test_retry_after_of_another_type(given):
    """Anything but an int, a timedelta or a datetime is an error that names them."""
    with pytest.raises(TypeError, match=r"is no int \(seconds\), timedelta or datetime") as caught:
        checked_retry_after(given)
    assert f"retry_after={given!r}" in str(caught.value)


@pytest.mark.parametrize("given", [-1, timedelta(seconds=-1), timedelta.min])
def test_retry_after_in_the_past(given):
    """Less than no time is an error that says what to write for now."""
    with pytest.raises(ValueError, match="is in the past; 0 means now"):
        checked_retry_after(given)


@pytest.mark.parametrize(
    "given",
    [
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-2))),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_retry_after_beyond_the_calendar(given):
    """A time that UTC has no date for is an error like other wrong values."""
    with pytest.raises(ValueError, match="is no time in UTC"):
        checked_retry_after(given)


@given(
    st.integers(0)
    | st.timedeltas(timedelta())
    | st.datetimes(datetime(1000, 1, 1), datetime(9999, 1, 1), timezones=st.timezones())  # noqa: DTZ001
)
def test_any_retry_after(given):
    """Whatever passes is digits or a date in the form of RFC 9110, Section 5.6.7."""
    sent = retry_after_header(checked_retry_after(given))
    date = r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"
    assert re.fullmatch(rf"[0-9]+|{date}", sent, re.ASCII)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (BEARER, ("Bearer realm=api",)),
        (WWWAuthenticate("bearer"), ("Bearer",)),
        (WWWAuthenticate("negotiate", token="YQ=="), ("Negotiate YQ==",)),
        (WWWAuthenticate("basic", {"realm": 'a"b\\c é'}), ('Basic realm="a\\"b\\\\c é"',)),
        ('Basic realm="x"', ('Basic realm="x"',)),
        ([BEARER, "Negotiate"], ("Bearer realm=api", "Negotiate")),
        (iter(["Negotiate"]), ("Negotiate",)),
        ((), ()),
    ],
)
def test_challenges(given, sent):
    """A challenge is Werkzeug's or a text that begins with a scheme; there may be several."""
    assert checked_challenges(given) == sent


@pytest.mark.parametrize("given", ["", "  ", "=", '"Bearer"', "realm=x", ["Bearer", ""]])
def test_no_scheme(given):
    """What begins with no scheme is an error that shows one."""
    with pytest.raises(ValueError, match="begins with no scheme such as 'Bearer'"):
        checked_challenges(given)


@pytest.mark.parametrize("value", ["a\r\nX: 1", "a\nb", "\0", "a\x0bb", "日本"])
@pytest.mark.parametrize(
    "challenge",
    [
        lambda value: f"Basic realm={value}",
        lambda value: WWWAuthenticate("basic", {"realm": value}),
    ],
)
def test_challenges_that_no_header_can_carry(value, challenge):
    """A challenge is a header like others."""
    with pytest.raises(ValueError, match="WWW-Authenticate"):
        checked_challenges(challenge(value))


@pytest.mark.parametrize("given", [5, None, b"Basic", [BEARER, 5], object()])
def test_no_challenge(given):
    """What is no challenge is an error that shows one."""
    with pytest.raises(TypeError, match=r"give one such as WWWAuthenticate\('bearer'\), or a list"):
        checked_challenges(given)


@pytest.mark.parametrize(
    ("given", "methods"),
    [
        (["POST", "GET"], ("GET", "POST")),
        ({"GET", "HEAD"}, ("GET", "HEAD")),
        (("GET", "GET"), ("GET",)),
        ("GET", ("GET",)),
        ([http.HTTPMethod.PUT], ("PUT",)),
        (["M-SEARCH", "x"], ("M-SEARCH", "x")),
        ((), ()),
    ],
)
def test_methods(given, methods):
    """Methods are tokens, each of them once and sorted."""
    assert checked_methods(given) == methods


@pytest.mark.parametrize(
    "method", ["", "GET, HEAD", "G T", "GET\r\n", "GÉT", '"GET"', "\0", "a\x85b"]
)
def test_no_methods(method):
    """What is no token is an error that shows a method."""
    for methods in (method, ["GET", method]):
        with pytest.raises(ValueError, match="is no method such as 'GET'") as caught:
            checked_methods(methods)
        assert repr(method) in str(caught.value)


@pytest.mark.parametrize("given", [5, ["GET", 5], [None], None])
def test_methods_of_another_type(given):
    """What is no text is an error that says what is wanted."""
    with pytest.raises(TypeError, match="give one such as 'GET', or a list of them"):
        checked_methods(given)


@pytest.mark.parametrize(
    ("given", "sent"),
    [("TLS/1.3", "TLS/1.3"), ("websocket", "websocket"), (["HTTP/3", "h2c"], "HTTP/3, h2c")],
)
def test_protocols(given, sent):
    """Protocols are tokens with or without a version, the preferred one first."""
    assert checked_protocols(given) == sent


@pytest.mark.parametrize(
    "given", ["", "TLS/", "/1.3", "TLS/1.3/4", "a b", "h2c\r\n", [], ["h2c", ""]]
)
def test_no_protocols(given):
    """What is no protocol is an error that shows one."""
    with pytest.raises(ValueError, match=r"is no protocol such as 'TLS/1\.3', nor several"):
        checked_protocols(given)


@pytest.mark.parametrize("given", [5, [5], None])
def test_protocols_of_another_type(given):
    """What is no text is an error that says what is wanted."""
    with pytest.raises(TypeError, match=r"give one such as 'TLS/1\.3', or a list of them"):
        checked_protocols(given)


@pytest.mark.parametrize(
    ("length", "units", "sent"), [(1234, "bytes", "bytes */1234"), (0, "items", "items */0")]
)
def test_unsatisfied_ranges(length, units, sent):
    """Content-Range tells how much there is (RFC 9110, Section 14.4)."""
    assert unsatisfied_range(length, units) == sent


@pytest.mark.parametrize(
    ("length", "units", "error", "text"),
    [
        (True, "bytes", TypeError, "length=True is no int: how many bytes there are"),
        ("5", "bytes", TypeError, "length='5' is no int"),
        (1.0, "items", TypeError, "how many items"),
        (-1, "bytes", ValueError, "length=-1 is less than nothing; leave it out if not known"),
        (1, "by tes", ValueError, "units='by tes' is no token such as 'bytes'"),
        (1, "a\r\nb", ValueError, "units"),
        (1, None, ValueError, "units=None"),
    ],
)
def test_no_unsatisfied_ranges(length, units, error, text):
    """A length is an int from 0, its unit a token; what is not is an error that says so."""
    with pytest.raises(error, match=text):
        unsatisfied_range(length, units)


@pytest.mark.parametrize(
    "uri", ["https://isp.example/", "urn:isp:1", "mailto:a@isp.example", "https://[::1]/?a=b#c%20d"]
)
def test_blocked_by(uri):
    """The link of RFC 7725, Section 4 names who blocks."""
    assert blocked_by_link(uri) == f'<{uri}>; rel="blocked-by"'


@pytest.mark.parametrize(
    "uri",
    [
        *["", "isp.example", "/isp", "//isp.example", "https:", "https://isp.example/>; rel=x"],
        *["a:b c", 'a:"b"', "a:b\r\nX: 1", "a:b\n", "a:é", "a:\ud800", "a:\\b", "1a:b"],
        *[None, 5, b"a:b"],
    ],
)
def test_not_blocked_by(uri):
    """What is no absolute URI is an error that shows one, and ends the link nowhere early."""
    with pytest.raises(ValueError, match=r"is no absolute URI such as 'https://isp\.example/'"):
        blocked_by_link(uri)


def test_hop_by_hop():
    """The set is that of PEP 3333's reference server, so that none reaches a server that fails."""
    from wsgiref.util import is_hop_by_hop

    assert all(map(is_hop_by_hop, HOP_BY_HOP - {"proxy-connection", "trailer"}))
    assert {"connection", "upgrade", "proxy-authenticate", "transfer-encoding"} <= HOP_BY_HOP
