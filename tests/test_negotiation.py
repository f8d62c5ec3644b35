"""Tests of the room of formats: what is offered, and which of it is chosen."""

import sys
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared_cases import shared_cases

from flask_httpstatus.negotiation import (
    DEFAULT,
    FORMATS,
    HTML,
    MARKDOWN,
    PROBLEM,
    TEXT,
    XML,
    Format,
    Policy,
    formats_named,
    negotiate,
)

CSV = Format("text/csv", "text/csv")
NAMES_OF_CASES = {"html": HTML, "problem+json": PROBLEM, "text": TEXT}
ORDERS = list(permutations(DEFAULT))


def hostile_accepts():
    """Return the hostile values of Accept, those that the facts have no value for left out."""
    return [
        case
        for case in shared_cases("hostile_values.json")
        if case.values[0] is None or case.values[0]["category"] == "accept"
    ]


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        # Nothing is said: the application's first.
        ("", PROBLEM),
        ("*/*", PROBLEM),
        ("*", PROBLEM),
        ("*/*;q=0.1", PROBLEM),
        # The type is named.
        ("text/html", HTML),
        ("TEXT/HTML", HTML),
        ("text/plain", TEXT),
        ("application/problem+json", PROBLEM),
        ("text/html; charset=utf-8", HTML),
        ("\ttext/html\t", HTML),
        # A type with the same readers is named.
        ("application/xhtml+xml", HTML),
        ("application/json, text/html;q=0.9", PROBLEM),
        ("text/html;q=0.9, application/vnd.api+json", PROBLEM),
        ("text/html;q=0.9, application/*+json", PROBLEM),
        # The higher q.
        ("application/json;q=0.8, text/html;q=0.9", HTML),
        ("application/json;q=0.001, text/html;q=0.002", HTML),
        # The more specific range, though it comes later.
        ("*/*, text/html", HTML),
        ("text/*, application/json", PROBLEM),
        ("*/*, text/*", HTML),
        # The client's order.
        ("text/plain, text/html, application/json", TEXT),
        ("text/html, application/json", HTML),
        ("application/json, text/html", PROBLEM),
        # One range for two formats: the application's order.
        ("text/*", HTML),
        ("image/png, text/*;q=0.5", HTML),
        # The best fitting range says what the client thinks of a format.
        ("text/html;q=0.1, */*;q=0.5", PROBLEM),
        ("application/json;q=0.1, text/*;q=0.3, */*", HTML),
        ("text/*;q=0.9, text/html;q=0.2, application/json;q=0.5", TEXT),
        ("application/json;q=0.8, text/plain;q=0.7, text/plain;format=flowed", PROBLEM),
        # Refused.
        ("application/problem+json;q=0", HTML),
        ("application/json;q=0, */*", HTML),
        ("application/json;q=0, text/html;q=0", TEXT),
        ("text/*;q=0, application/json;q=0.1", PROBLEM),
        ("*/*;q=0, text/plain", TEXT),
        ("text/*;q=0, text/html", HTML),
        # All of it refused: an answer is better than none.
        ("*/*;q=0", PROBLEM),
        ("application/*;q=0, text/*;q=0", PROBLEM),
        # Nothing fits.
        ("image/png", PROBLEM),
        ("application/pdf, image/*", PROBLEM),
        # A version that we do not have is a wish, its refusal is not that of the type.
        ("text/plain;version=0.0.4;q=0.5, */*;q=0.1", TEXT),
        ("text/html;level=1", HTML),
        ("application/problem+json;v=9;q=0, text/html;q=0.5, */*", PROBLEM),
        # What is malformed counts as absent.
        ("text/html;q=2, text/plain", TEXT),
        ("text/html;q=-1, text/plain", TEXT),
        ("text/html;q=nan, text/plain", TEXT),
        ("text/html;q=inf, text/plain", TEXT),
        ("text/html;q=, text/plain;q=0.5", HTML),
        ("text/, /html, text, html, +json, /+json, text/plain", TEXT),
        ("text/html/plain, text/plain", TEXT),
        ("*/html, text/plain", TEXT),
        (",,, ;, text/html", HTML),
        ("text/html\x00, text/plain", TEXT),
    ],
)
def test_the_rule(accept, chosen):
    """The higher q, then the more specific range, then the client's order, then the policy's."""
    assert negotiate(DEFAULT, accept) is chosen


@pytest.mark.parametrize(
    ("formats", "accept", "chosen"),
    [
        ((XML, PROBLEM), "application/xml", XML),
        ((PROBLEM, XML), "application/atom+xml", XML),
        ((PROBLEM, HTML, XML), "application/xhtml+xml", HTML),
        ((PROBLEM, XML), "application/xhtml+xml", XML),
        ((TEXT, MARKDOWN), "text/markdown, text/plain;q=0.9", MARKDOWN),
        ((PROBLEM, CSV), "text/csv", CSV),
        ((PROBLEM, CSV), "text/*", CSV),
        ((HTML, PROBLEM), "application/json, */*", PROBLEM),
        ((HTML, PROBLEM), "*/*", HTML),
        ((HTML,), "application/json", HTML),
        ((HTML,), "text/html;q=0", HTML),
        # The type itself before one that only has the same readers, where q and place are alike.
        ((Format("a", "application/vnd.a+json"), PROBLEM), "application/problem+json", PROBLEM),
        ((PROBLEM, Format("a", "application/vnd.a+json")), "application/vnd.a+json", "a"),
    ],
)
def test_other_policies(formats, accept, chosen):
    """Only what is offered is chosen, whichever formats that are."""
    assert negotiate(formats, accept) == chosen or negotiate(formats, accept).name == chosen


@pytest.mark.parametrize("case", shared_cases("accept.json"))
def test_what_real_clients_send(case):
    """Nobody gets what it cannot read, and where the header alone decides, the best there is."""
    accept = case["accept"] or ""
    acceptable = {NAMES_OF_CASES[name] for name in case["acceptable"]}
    chosen = {negotiate(formats, accept) for formats in ORDERS}
    assert not chosen & {NAMES_OF_CASES[name] for name in case["must_not"]}
    assert chosen <= acceptable
    if len(chosen) == 1:
        # Whatever the order of the policy, it is the same one.
        assert chosen == {NAMES_OF_CASES[case["recommended"]]}
    else:
        assert len(acceptable) > 1


@pytest.mark.parametrize("case", hostile_accepts())
def test_hostile_values(case):
    """A hostile Accept gets one of the formats."""
    for formats in ORDERS:
        assert negotiate(formats, case["value"]) in formats


@given(st.text(), st.permutations(list(FORMATS.values())), st.integers(1, 5))
def test_any_text(accept, formats, count):
    """Whatever the header says, the answer is in one of the formats that are offered."""
    offered = tuple(formats[:count])
    assert negotiate(offered, accept) in offered


@given(st.binary(max_size=600))
def test_any_bytes(raw):
    """Whatever bytes come over the wire, one of the formats is chosen."""
    assert negotiate(DEFAULT, raw.decode("latin-1")) in DEFAULT


TOKENS = st.sampled_from(
    ["*", "text", "html", "plain", "application", "json", "problem+json", "xml", "x+json", "a", ""]
)
QS = st.sampled_from(["0", "0.0", "0.001", "0.5", "0.9", "1", "1.000", "2", "-1", "x", "", "1e-5"])
PARAMETERS = st.lists(
    st.one_of(
        st.builds("q={}".format, QS),
        st.sampled_from(["level=1", 'v="a,b;q=0"', "charset=utf-8", "=", "x", 'x="', "q"]),
    ),
    max_size=3,
)
RANGES = st.builds(
    lambda main, slash, sub, parameters: ";".join([main + slash + sub, *parameters]),
    TOKENS,
    st.sampled_from(["/", "/", "/", ""]),
    TOKENS,
    PARAMETERS,
)


@given(st.lists(RANGES, max_size=8), st.sampled_from([", ", ",", " , ", ",,"]))
def test_anything_like_accept(ranges, comma):
    """Whatever resembles an Accept header gets one of the formats, on all sides of the cache."""
    accept = comma.join(ranges)
    for formats in ORDERS:
        chosen = negotiate(formats, accept)
        assert chosen in formats
        assert negotiate(formats, accept) is chosen
        assert negotiate(formats, accept + "," * 1000) is chosen


@given(
    st.dictionaries(
        st.sampled_from([one.media_type for one in FORMATS.values()]),
        st.integers(0, 1000),
        min_size=1,
    ),
    st.randoms(use_true_random=False),
)
def test_quality_decides(thousandths, random):
    """The format with the highest q is chosen; what is refused only if nothing else is left."""
    listed = list(thousandths.items())
    random.shuffle(listed)
    accept = ", ".join(f"{name};q={q / 1000:.3f}" for name, q in listed)
    # Taken by its type alone, so that no range of one speaks for another.
    formats = tuple(Format(one.name, one.media_type) for one in FORMATS.values())
    chosen = negotiate(formats, accept)
    if any(thousandths.values()):
        highest = max(thousandths.values())
        assert thousandths.get(chosen.media_type) == highest
        equals = [name for name, q in listed if q == highest]
        assert chosen.media_type == equals[0]
    elif len(thousandths) < len(formats):
        assert chosen.media_type not in thousandths
    else:
        assert chosen is formats[0]


def test_the_cache_is_bounded():
    """What strangers send fills no memory: the cache has an end, and long values stay outside."""
    kept = negotiate.__wrapped__
    kept.cache_clear()
    for number in range(kept.cache_info().maxsize + 10):
        negotiate(DEFAULT, f"text/html, x/{number}")
    assert kept.cache_info().currsize == kept.cache_info().maxsize
    kept.cache_clear()
    assert negotiate(DEFAULT, "text/html, x/" + "y" * 300) is HTML
    assert kept.cache_info().currsize == 0


@pytest.mark.parametrize(
    "accept",
    [
        "text/html, " + "x/y, " * 20_000,
        "text/html;" + "a" * 100_000,
        "text/html;x=" + '"' * 20_000,
        "text/html;x=" + '\\"' * 20_000,
        "text/html" + ";q=0.5" * 20_000,
        "text/html" + " " * 100_000,
    ],
    ids=["ranges", "parameter", "quotes", "escapes", "qualities", "spaces"],
)
def test_long_values(accept):
    """A header of a hundred kilobytes is read in a number of steps that grows with its length."""
    lines = 0

    def count(frame, event, argument):
        nonlocal lines
        lines += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        chosen = negotiate(DEFAULT, accept)
    finally:
        sys.settrace(before)
    assert chosen in DEFAULT
    assert lines < 100 * len(accept)


def test_formats_named():
    """A policy is written with the names of formats, and with media types of one's own."""
    assert formats_named(["html", "problem"]) == (HTML, PROBLEM)
    assert formats_named(FORMATS) == tuple(FORMATS.values())
    (own,) = formats_named(["Application/vnd.API+json"])
    assert (own.name, own.media_type, own.also) == (*["application/vnd.api+json"] * 2, frozenset())
    assert formats_named(["application/vnd.api+JSON"]) == (own,)


def test_formats_tell_what_they_are():
    """A format is shown with its name and its media type."""
    assert repr(HTML) == "Format('html', 'text/html')"


def test_a_media_type_that_has_a_format_names_it():
    """The media type of a built-in format is that format, and no second one."""
    assert formats_named(["text/html", "Application/Problem+JSON"]) == (HTML, PROBLEM)


@pytest.mark.parametrize(
    "name",
    [
        *["pdf", "HTML", "", "/", "text/", "/html", "a/b/c", "text/*", "*/*", "text/csv; a=b"],
        *["text/c\r\nsv", "text/csv\n", "text /csv", "täxt/csv", 404, None, HTML, b"text/csv"],
    ],
)
def test_no_format(name):
    """What is no format is an error that names it and those that there are."""
    with pytest.raises(ValueError, match="is no format") as caught:
        formats_named(["html", name])
    assert repr(name) in str(caught.value)
    assert "problem, html, text, markdown, xml" in str(caught.value)


def test_a_policy_is_not_empty():
    """An empty policy is an error, for some answer there has to be."""
    with pytest.raises(ValueError, match="one format at least"):
        formats_named([])


@pytest.mark.parametrize(
    ("path", "formats"),
    [
        ("/", (HTML,)),
        ("", (HTML,)),
        ("/about", (HTML,)),
        ("/apiary", (HTML,)),
        ("/apiary/", (HTML,)),
        ("/ap", (HTML,)),
        ("/API/", (HTML,)),
        ("/x/api/", (HTML,)),
        ("/api", (PROBLEM,)),
        ("/api/", (PROBLEM,)),
        ("/api/users/7", (PROBLEM,)),
        ("/api//v2", (PROBLEM,)),
        ("/api/v2x", (PROBLEM,)),
        ("/api/v2", (TEXT,)),
        ("/api/v2/users", (TEXT,)),
        ("/größe/x", (XML,)),
    ],
)
def test_the_longest_prefix_wins(path, formats):
    """A prefix holds for itself and what is below it, with or without a slash; the longest wins."""
    for api, version in [("/api", "/api/v2/"), ("/api/", "/api/v2")]:
        policy = Policy({"/": (HTML,), api: (PROBLEM,), version: (TEXT,), "/größe": (XML,)})
        assert policy.formats_for(path) == formats


def test_no_prefix():
    """Where no prefix holds, the policy has no opinion."""
    assert Policy({"/api": (PROBLEM,)}).formats_for("/") is None
    assert Policy({}).formats_for("/api") is None
