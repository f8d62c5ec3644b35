"""Tests of the room of status codes, against facts written down here a second time."""

import copy
import json
import pickle
import re
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from http import HTTPStatus
from pathlib import Path
from typing import get_args

import pytest

from flask_httpstatus import http
from flask_httpstatus.http import UnofficialStatus, facts, status

CASES = Path(__file__).resolve().parents[2] / "shared" / "cases" / "status_codes.json"
TABLE = json.loads(CASES.read_text()) if CASES.exists() else {"registered": [], "unofficial": []}
needs_cases = pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not here")

OFFICIAL = sorted(HTTPStatus)
UNOFFICIAL = sorted(UnofficialStatus)
REGISTERED = [row for row in TABLE["registered"] if row["python_names_all"]]

RENAMED = [
    (413, "REQUEST_ENTITY_TOO_LARGE CONTENT_TOO_LARGE", "Content Too Large"),
    (414, "REQUEST_URI_TOO_LONG URI_TOO_LONG", "URI Too Long"),
    (416, "REQUESTED_RANGE_NOT_SATISFIABLE RANGE_NOT_SATISFIABLE", "Range Not Satisfiable"),
    (422, "UNPROCESSABLE_ENTITY UNPROCESSABLE_CONTENT", "Unprocessable Content"),
]
# RFC 9110 numbers the codes of a class in order, those that are not its own left out.
SECTIONS = [
    (code, 9110, f"15.{chapter}.{number}")
    for chapter, codes in [
        (2, [100, 101]),
        (3, range(200, 207)),
        (4, range(300, 309)),
        (5, [*range(400, 419), 421, 422, 426]),
        (6, range(500, 506)),
    ]
    for number, code in enumerate(codes, start=1)
]
SECTIONS += [
    (102, 2518, "10.1"),
    (103, 8297, "2"),
    (207, 4918, "11.1"),
    (208, 5842, "7.1"),
    (226, 3229, "10.4.1"),
    (423, 4918, "11.3"),
    (424, 4918, "11.4"),
    (425, 8470, "5.2"),
    (428, 6585, "3"),
    (429, 6585, "4"),
    (431, 6585, "5"),
    (451, 7725, "3"),
    (506, 2295, "8.1"),
    (507, 4918, "11.5"),
    (508, 5842, "7.2"),
    (510, 2774, "7"),
    (511, 6585, "6"),
]
MUSTS = {
    101: [("Upgrade", "RFC 9110, Section 15.2.2"), ("Connection", "RFC 9110, Section 7.8")],
    206: [("Content-Range", "RFC 9110, Section 15.3.7.1")],
    401: [("WWW-Authenticate", "RFC 9110, Section 15.5.2")],
    405: [("Allow", "RFC 9110, Section 15.5.6")],
    407: [("Proxy-Authenticate", "RFC 9110, Section 15.5.8")],
    426: [("Upgrade", "RFC 9110, Section 15.5.22"), ("Connection", "RFC 9110, Section 7.8")],
}
NAMED = {
    104: "UPLOAD_RESUMPTION_SUPPORTED",
    306: "SWITCH_PROXY",
    419: "PAGE_EXPIRED",
    420: "ENHANCE_YOUR_CALM",
    440: "LOGIN_TIMEOUT",
    444: "NO_RESPONSE",
    499: "CLIENT_CLOSED_REQUEST",
    999: "REQUEST_DENIED",
}
CODES_OF_VENDORS = [218, 306, 419, 420, 440, 444, 449, 450, 460, 463, 494, 495, 496, 497, 498]
CODES_OF_VENDORS += [499, 509, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530, 561, 598, 599, 999]


class Number:
    """A thing that counts as an int without being one, like the ints of numpy."""

    def __init__(self, number):
        self.number = number

    def __index__(self):
        return self.number


# --- constants -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(HTTPStatus.__members__))
def test_each_name_of_this_python_is_a_constant(name):
    """Every name of HTTPStatus, aliases too, is a constant and the very member."""
    assert getattr(http, name) is HTTPStatus[name]


@pytest.mark.parametrize(("code", "names", "phrase"), RENAMED)
def test_names_of_other_pythons_are_constants(code, names, phrase):
    """A status that was renamed has both names on every Python, and the phrase of today."""
    assert {getattr(http, name) for name in names.split()} == {HTTPStatus(code)}
    assert all(getattr(http, name) is HTTPStatus(code) for name in names.split())
    assert facts(code).phrase == phrase


def test_there_are_sixty_two_codes_and_four_second_names():
    """The constants are those of 62 codes; only the four renamed ones have two names."""
    constants = {name: value for name, value in vars(http).items() if name.isupper()}
    members = [value for name, value in constants.items() if not name.startswith("_")]
    assert len(members) == 66
    assert len(set(members)) == 62
    assert members == sorted(members)


@needs_cases
@pytest.mark.parametrize("row", REGISTERED, ids=lambda row: row["code"])
def test_names_of_the_shared_table(row):
    """Every name that any Python ever gave a code is a constant."""
    for name in row["python_names_all"]:
        assert getattr(http, name) is HTTPStatus(row["code"])


def test_importing_warns_of_nothing():
    """The module can be imported where every warning is an error."""
    code = "import flask_httpstatus.http"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)


# --- unofficial members ----------------------------------------------------------------------


def test_members_of_unofficial_status():
    """The codes that vendors use, and 104, are members; 421 and 451 belong to IANA."""
    assert [int(member) for member in UNOFFICIAL] == [104, *CODES_OF_VENDORS]


@pytest.mark.parametrize(("code", "name"), NAMED.items())
def test_names_of_unofficial_members(code, name):
    """Unofficial members are named after their phrase."""
    assert UnofficialStatus(code) is UnofficialStatus[name]
    assert UnofficialStatus(code).name == name


@pytest.mark.parametrize(
    ("alias", "member", "told"),
    [
        ("AUTHENTICATION_TIMEOUT", "PAGE_EXPIRED", "authentication"),
        ("INSUFFICIENT_SPACE_ON_RESOURCE", "PAGE_EXPIRED", "WebDAV"),
        ("METHOD_FAILURE", "ENHANCE_YOUR_CALM", "WebDAV"),
        ("TOKEN_REQUIRED", "CLIENT_CLOSED_REQUEST", "ArcGIS"),
        ("SITE_IS_FROZEN", "ORIGIN_DNS_ERROR", "Pantheon"),
    ],
)
def test_second_meanings_are_aliases(alias, member, told):
    """A second meaning of a number is an alias, and the description tells of it."""
    assert UnofficialStatus[alias] is UnofficialStatus[member]
    assert told in UnofficialStatus[member].description


def test_an_unofficial_member_tells_its_facts():
    """An unofficial member is an int with phrase, description and vendor."""
    member = UnofficialStatus.CLIENT_CLOSED_REQUEST
    assert member == 499
    assert f"{member} {member.phrase}" == "499 Client Closed Request"
    assert member.vendor == "nginx"
    assert "hung up" in member.description


@needs_cases
@pytest.mark.parametrize(
    "row", TABLE["unofficial"], ids=lambda row: f"{row['code']} {row['phrase']}"
)
def test_unofficial_codes_of_the_shared_table(row):
    """Each phrase of a vendor is that of a member or an alias, unless IANA has the code."""
    if row["code"] in list(HTTPStatus):
        assert row["code"] not in UNOFFICIAL
        return
    member = UnofficialStatus(row["code"])
    if not row["phrase"].startswith("("):
        name = re.sub(r"\W+", "_", row["phrase"].replace("-", "")).upper()
        assert UnofficialStatus[name] is member
    if member.vendor and member.phrase == row["phrase"]:
        assert re.split(r"\W", member.vendor)[0] in row["vendor"]


@pytest.mark.parametrize(
    ("code", "phrase"),
    [
        (199, "Informational"),
        (299, "Success"),
        (399, "Redirection"),
        (432, "Client Error"),
        (591, "Server Error"),
    ],
)
def test_other_codes_get_members_of_their_class(code, phrase):
    """An int without a meaning is treated as x00 of its class (RFC 9110, Section 15)."""
    member = UnofficialStatus(code)
    assert repr(member) == f"<UnofficialStatus.UNASSIGNED_{code}: {code}>"
    assert (member.phrase, member.vendor) == (phrase, None)
    assert member.description.endswith(".")
    assert UnofficialStatus(code) is member
    assert member not in UNOFFICIAL


@pytest.mark.parametrize("code", [499, 433])
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_members_survive_pickle_and_copy(code, protocol):
    """Pickle, copy and deepcopy give the member itself."""
    member = UnofficialStatus(code)
    assert pickle.loads(pickle.dumps(member, protocol)) is member
    assert copy.copy(member) is member
    assert copy.deepcopy([member])[0] is member


def test_made_members_can_be_unpickled_elsewhere():
    """A member that was made can be unpickled where nobody made it yet."""
    data = pickle.dumps(UnofficialStatus(434))
    code = f"import pickle; print(repr(pickle.loads({data!r})))"
    root = Path(http.__file__).parents[1]
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "<UnofficialStatus.UNASSIGNED_434: 434>"


@pytest.mark.parametrize("code", [404, HTTPStatus.NOT_FOUND, 421, 451, 413])
def test_official_codes_have_no_unofficial_member(code):
    """A code that HTTPStatus has is refused, and the message says where to go."""
    with pytest.raises(ValueError, match=r"no unofficial status code; http\.status\(\) takes"):
        UnofficialStatus(code)


@pytest.mark.parametrize(
    "code", [False, True, "404", "499", 404.0, 432.0, 99, 600, 1000, -404, None, Decimal(432)]
)
def test_what_is_no_code_has_no_unofficial_member(code):
    """Nothing but an int from 100 to 599 gets a member made, not even when one was made before."""
    UnofficialStatus(432)
    with pytest.raises(ValueError, match="no unofficial status code"):
        UnofficialStatus(code)


# --- status() --------------------------------------------------------------------------------


@pytest.mark.parametrize("member", [*OFFICIAL, *UNOFFICIAL, UnofficialStatus(435)], ids=repr)
def test_status_finds_the_member_of_a_code(member):
    """Int and member lead to the member itself."""
    assert status(int(member)) is member
    assert status(member) is member
    assert isinstance(member, http.Status)


def test_status_finds_exactly_the_assignable_codes():
    """All from 100 to 599 have a status, HTTPStatus where it can be, and so has 999."""
    for code in range(100, 600):
        kind = HTTPStatus if code in list(HTTPStatus) else UnofficialStatus
        assert type(status(code)) is kind
        assert status(code) == code
    assert get_args(http.Status) == (HTTPStatus, UnofficialStatus)


def test_status_takes_what_counts_as_an_int():
    """What is an index is a code too, as the ints of numpy are."""
    assert status(Number(404)) is http.NOT_FOUND
    assert status(Number(499)) is UnofficialStatus.CLIENT_CLOSED_REQUEST
    assert status(Number(436)) is UnofficialStatus(436)


@pytest.mark.parametrize(
    "code",
    [
        "404",
        "NOT_FOUND",
        b"404",
        404.0,
        499.0,
        Decimal(404),
        Fraction(404),
        404j,
        True,
        None,
        [404],
    ],
    ids=repr,
)
@pytest.mark.parametrize("function", [status, facts])
def test_what_is_no_int_is_a_type_error(function, code):
    """What is no int is refused with a message that says what to pass instead."""
    status(404)
    with pytest.raises(TypeError) as caught:
        function(code)
    assert str(caught.value).startswith(f"{code!r} is no status code; pass an int")
    assert "404" in str(caught.value)
    assert str(caught.value).endswith("http.NOT_FOUND")
    assert caught.value.__context__ is None


@pytest.mark.parametrize("code", [-404, 0, 1, 99, 600, 998, 1000, 10**30])
@pytest.mark.parametrize("function", [status, facts])
def test_an_int_that_is_no_code_is_a_value_error(function, code):
    """An int outside 100 to 599 is refused with a message that says what to pass instead."""
    with pytest.raises(ValueError, match=f"^{code} is no status code; pass an int from 100 to 599"):
        function(code)


# --- facts() ---------------------------------------------------------------------------------


def test_facts_of_not_found():
    """The facts of a status stand together, and cannot be changed."""
    found = facts(404)
    assert found is facts(http.NOT_FOUND)
    assert found._asdict() == {
        "status": HTTPStatus.NOT_FOUND,
        "phrase": "Not Found",
        "description": "There is nothing at this address.",
        "reference": "RFC 9110, Section 15.5.5",
        "url": "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.5",
        "required_headers": (),
        "heuristically_cacheable": True,
        "body_allowed": True,
        "vendor": None,
        "retryable": None,
    }
    with pytest.raises(AttributeError):
        found.phrase = "Lost"
    assert not hasattr(found, "__dict__")


@pytest.mark.parametrize("member", OFFICIAL, ids=repr)
def test_phrases_are_those_of_the_registry(member):
    """Where this Python did not rename or respell a phrase, it is Python's."""
    if member not in {413, 414, 416, 418, 422}:
        assert facts(member).phrase == member.phrase
    assert facts(418).phrase == "I'm a teapot"


@pytest.mark.parametrize(("code", "rfc", "section"), SECTIONS)
def test_references_name_rfc_and_section(code, rfc, section):
    """Reference and URL lead to the section that defines the status."""
    assert set(OFFICIAL) <= {row[0] for row in SECTIONS}
    assert facts(code).reference == f"RFC {rfc}, Section {section}"
    assert facts(code).url == f"https://www.rfc-editor.org/rfc/rfc{rfc}.html#section-{section}"


@pytest.mark.parametrize(
    ("code", "section"),
    [(104, "15.2"), (299, "15.3"), (306, "15.4.7"), (399, "15.4"), (432, "15.5"), (555, "15.6")],
)
def test_codes_that_nobody_defines_refer_to_their_class(code, section):
    """A code that no RFC and no vendor defines refers to the section of its class."""
    assert facts(code).reference == f"RFC 9110, Section {section}"
    assert facts(code).vendor is None


@pytest.mark.parametrize("member", [m for m in UNOFFICIAL if m not in {104, 306}], ids=repr)
def test_facts_of_a_vendor(member):
    """What a vendor made up has a vendor and no specification."""
    found = facts(member)
    assert found.vendor
    assert (found.phrase, found.description) == (member.phrase, member.description)
    assert (found.reference, found.url, found.required_headers) == (None, None, ())
    assert (found.heuristically_cacheable, found.retryable) == (False, None)


@pytest.mark.parametrize("member", [*OFFICIAL, *UNOFFICIAL], ids=repr)
def test_each_description_is_one_sentence(member):
    """A description is one sentence of its own that fits on a line."""
    description = facts(member).description
    assert re.fullmatch(r"[A-Z][^.]*\w\.", description)
    assert len(description) <= 90
    if isinstance(member, HTTPStatus):
        assert facts(member).vendor is None
        assert description.rstrip(".") != member.description
        others = [facts(other).description for other in OFFICIAL if other is not member]
        assert description not in others


@pytest.mark.parametrize("member", OFFICIAL, ids=repr)
def test_headers_that_must_be_there(member):
    """The headers that a status must always have are named with level and section."""
    musts = [header for header in facts(member).required_headers if header.level == "MUST"]
    unconditional = [header for header in musts if not header.when.startswith("the response")]
    assert [(header.name, header.reference) for header in unconditional] == MUSTS.get(member, [])


@pytest.mark.parametrize("code", [206, 304])
def test_headers_that_a_200_would_have(code):
    """206 and 304 must have those headers that a 200 to the request would have had."""
    conditional = [header for header in facts(code).required_headers if "200" in header.when]
    assert {header.level for header in conditional} == {"MUST"}
    assert [header.name for header in conditional] == [
        "Cache-Control",
        "Content-Location",
        "Date",
        "ETag",
        "Expires",
        "Vary",
    ]


@pytest.mark.parametrize(
    ("code", "name", "level", "reference"),
    [
        (103, "Link", "MAY", "RFC 8297, Section 2"),
        (200, "ETag", "SHOULD", "RFC 9110, Section 15.3.1"),
        (200, "Last-Modified", "SHOULD", "RFC 9110, Section 15.3.1"),
        (201, "Location", "MAY", "RFC 9110, Section 15.3.2"),
        (300, "Location", "SHOULD", "RFC 9110, Section 15.4.1"),
        (201, "ETag", "MAY", "RFC 9110, Section 15.3.2"),
        (201, "Last-Modified", "MAY", "RFC 9110, Section 15.3.2"),
        (301, "Location", "SHOULD", "RFC 9110, Section 15.4.2"),
        (302, "Location", "SHOULD", "RFC 9110, Section 15.4.3"),
        (307, "Location", "SHOULD", "RFC 9110, Section 15.4.8"),
        (303, "Location", "SHOULD", "RFC 9110, Section 15.4.4"),
        (308, "Location", "SHOULD", "RFC 9110, Section 15.4.9"),
        (413, "Retry-After", "SHOULD", "RFC 9110, Section 15.5.14"),
        (415, "Accept", "MAY", "RFC 9110, Section 15.5.16"),
        (415, "Accept-Encoding", "SHOULD", "RFC 9110, Section 15.5.16"),
        (415, "Accept-Patch", "SHOULD", "RFC 5789, Section 2.2"),
        (416, "Content-Range", "SHOULD", "RFC 9110, Section 15.5.17"),
        (429, "Retry-After", "MAY", "RFC 6585, Section 4"),
        (451, "Link", "SHOULD", "RFC 7725, Section 4"),
        (503, "Retry-After", "MAY", "RFC 9110, Section 15.6.4"),
    ],
)
def test_headers_that_should_or_may_be_there(code, name, level, reference):
    """The headers that a status should or may have are named with level and section."""
    [header] = [header for header in facts(code).required_headers if header.name == name]
    assert (header.level, header.reference) == (level, reference)


def test_conditions_of_headers():
    """A header that is asked for in some cases only says in which."""
    conditional = {
        int(member)
        for member in OFFICIAL
        if any(header.when for header in facts(member).required_headers)
    }
    assert conditional == {206, 300, 304, 413, 415, 416}


def test_heuristically_cacheable():
    """Thirteen statuses may be cached unasked (RFC 9110, 15.1; 414, 451 and 501 in place)."""
    cacheable = {int(member) for member in OFFICIAL if facts(member).heuristically_cacheable}
    assert cacheable == {200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 451, 501}


@pytest.mark.parametrize("code", range(100, 600))
def test_body_allowed(code):
    """1xx, 204, 205 and 304 have no body (RFC 9110, Section 6.4.1 and 15.3.6)."""
    assert facts(code).body_allowed is not (code < 200 or code in {204, 205, 304})


def test_retryable():
    """What passes is worth a second try, what lasts is not; of the rest nothing is said."""
    said = {int(member): facts(member).retryable for member in [*OFFICIAL, *UNOFFICIAL]}
    assert {code for code, worth in said.items() if worth} == {408, 425, 429, 502, 503, 504}
    assert {code for code, worth in said.items() if worth is False} == {
        *(400, 401, 403, 405, 406, 407, 410, 411, 414, 415, 417, 422, 426, 428, 431, 451),
        *(501, 505, 507, 508, 510),
    }


@pytest.mark.parametrize(
    ("code", "belongs_to"),
    [
        (100, ["is_informational"]),
        (199, ["is_informational"]),
        (200, ["is_success"]),
        (299, ["is_success"]),
        (300, ["is_redirection"]),
        (399, ["is_redirection"]),
        (400, ["is_client_error"]),
        (499, ["is_client_error"]),
        (500, ["is_server_error"]),
        (599, ["is_server_error"]),
        (999, []),
    ],
)
def test_categories(code, belongs_to):
    """A code is in the category of its first digit and in no other; 999 is in none."""
    categories = ["is_informational", "is_success", "is_redirection"]
    categories += ["is_client_error", "is_server_error"]
    assert [name for name in categories if getattr(facts(code), name)] == belongs_to


@needs_cases
@pytest.mark.parametrize("row", REGISTERED, ids=lambda row: row["code"])
def test_facts_of_the_shared_table(row):
    """Phrase, section, body and cacheability are those of the shared table."""
    found = facts(row["code"])
    assert found.phrase == row["phrase"]
    assert found.reference == f"RFC {row['rfc']}, Section {row['section']}"
    assert found.body_allowed == row["body_allowed"]
    assert found.heuristically_cacheable == row["heuristically_cacheable"]


@needs_cases
@pytest.mark.parametrize("row", REGISTERED, ids=lambda row: row["code"])
def test_headers_of_the_shared_table(row):
    """Headers and levels are those of the shared table, in BCP 14's words."""
    levels = {"ought": "SHOULD", "implied": "SHOULD", "can": "MAY"}
    expected = {
        (name, levels.get(header["level"], header["level"]))
        for header in row["headers"]
        for name in re.split(r"[:;(]", header["header"])[0].strip().split("/")
        if header["level"] != "SHOULD NOT"
    }
    found = {(header.name, header.level) for header in facts(row["code"]).required_headers}
    assert found == expected
