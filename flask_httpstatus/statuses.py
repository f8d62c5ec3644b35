"""Statuses: the member of each code, official or not."""

from enum import IntEnum
from http import HTTPStatus
from operator import index
from typing import Final, Self, TypeAlias

_ASSIGNABLE: Final = range(100, 600)  # RFC 9110, Section 15
_OFFICIAL: Final = frozenset(HTTPStatus)
_CLASSES: Final = {
    1: ("Informational", "The request is being worked on; the final answer follows."),
    2: ("Success", "The request succeeded."),
    3: ("Redirection", "Something more has to be done, usually at another address."),
    4: ("Client Error", "Something is wrong with the request."),
    5: ("Server Error", "Something went wrong on the server."),
}


class UnofficialStatus(IntEnum):
    """A status code that is no member of :class:`http.HTTPStatus`.

    Every other int from 100 to 599 has a member too, named like ``UNASSIGNED_432``, with phrase
    and description of its class (RFC 9110, Section 15).
    """

    #: What it is called.
    phrase: str
    #: What it means, in one sentence.
    description: str
    #: Who uses it, None where that is nobody in particular.
    vendor: str | None

    def __new__(
        cls, code: int, phrase: str = "", vendor: str | None = None, description: str = ""
    ) -> Self:
        """Make a member; a call such as ``UnofficialStatus(499)`` finds it by its code."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.phrase = phrase
        member.vendor = vendor
        member.description = description
        return member

    # fmt: off
    UPLOAD_RESUMPTION_SUPPORTED = (104, "Upload Resumption Supported", None,
        "An upload that breaks off can be resumed, says a draft of the IETF.")
    THIS_IS_FINE = (218, "This is fine", "Apache httpd",
        "The answer passes the server as it is, its own error pages kept out.")
    SWITCH_PROXY = (306, "Switch Proxy", None,
        "A draft of 1996 asked for another proxy with it; it is reserved and unused.")
    PAGE_EXPIRED = (419, "Page Expired", "Laravel",
        "The page was open for too long, reload it; once also for authentication and WebDAV space.")
    AUTHENTICATION_TIMEOUT = PAGE_EXPIRED
    INSUFFICIENT_SPACE_ON_RESOURCE = PAGE_EXPIRED
    ENHANCE_YOUR_CALM = (420, "Enhance Your Calm", "Twitter",
        "There were too many requests, wait a little; in WebDAV drafts a method that failed.")
    METHOD_FAILURE = ENHANCE_YOUR_CALM
    LOGIN_TIMEOUT = (440, "Login Time-out", "Microsoft IIS",
        "The session has ended; sign in again.")
    NO_RESPONSE = (444, "No Response", "nginx",
        "The server closed the connection without an answer; it is seen in logs only.")
    RETRY_WITH = (449, "Retry With", "Microsoft",
        "Something is missing in the request; add it and try again.")
    BLOCKED_BY_WINDOWS_PARENTAL_CONTROLS = (450, "Blocked by Windows Parental Controls",
        "Microsoft", "Parental controls do not let this page through.")
    CLIENT_CLOSED_CONNECTION = (460, "Client Closed Connection", "AWS Elastic Load Balancing",
        "The client hung up before the load balancer could answer.")
    TOO_MANY_FORWARDED_ADDRESSES = (463, "Too Many Forwarded Addresses",
        "AWS Elastic Load Balancing", "The request names more than 30 addresses it came through.")
    REQUEST_HEADER_TOO_LARGE = (494, "Request Header Too Large", "nginx",
        "The headers, often cookies, are larger than the server accepts.")
    SSL_CERTIFICATE_ERROR = (495, "SSL Certificate Error", "nginx",
        "The certificate that the client showed is not valid.")
    SSL_CERTIFICATE_REQUIRED = (496, "SSL Certificate Required", "nginx",
        "The client has to show a certificate.")
    HTTP_REQUEST_SENT_TO_HTTPS_PORT = (497, "HTTP Request Sent to HTTPS Port", "nginx",
        "This port speaks HTTPS; begin the address with https.")
    INVALID_TOKEN = (498, "Invalid Token", "Esri ArcGIS",
        "The token has expired or is not valid; get a new one.")
    CLIENT_CLOSED_REQUEST = (499, "Client Closed Request", "nginx",
        "The client hung up before the server could answer; for Esri ArcGIS a token is missing.")
    TOKEN_REQUIRED = CLIENT_CLOSED_REQUEST
    BANDWIDTH_LIMIT_EXCEEDED = (509, "Bandwidth Limit Exceeded", "Apache httpd, cPanel",
        "The site has used up its traffic for now.")
    WEB_SERVER_RETURNED_AN_UNKNOWN_ERROR = (520, "Web Server Returned an Unknown Error",
        "Cloudflare", "The site's own server gave an answer that makes no sense.")
    WEB_SERVER_IS_DOWN = (521, "Web Server Is Down", "Cloudflare",
        "The site's own server refuses connections.")
    CONNECTION_TIMED_OUT = (522, "Connection Timed Out", "Cloudflare",
        "No connection to the site's own server came about in time.")
    ORIGIN_IS_UNREACHABLE = (523, "Origin Is Unreachable", "Cloudflare",
        "There is no way through to the site's own server.")
    A_TIMEOUT_OCCURRED = (524, "A Timeout Occurred", "Cloudflare",
        "The site's own server was reached but did not answer in time.")
    SSL_HANDSHAKE_FAILED = (525, "SSL Handshake Failed", "Cloudflare",
        "No secure connection to the site's own server came about.")
    INVALID_SSL_CERTIFICATE = (526, "Invalid SSL Certificate", "Cloudflare, Cloud Foundry",
        "The certificate of the site's own server is not valid.")
    RAILGUN_ERROR = (527, "Railgun Error", "Cloudflare",
        "The connection through Railgun, a retired accelerator, broke.")
    SITE_IS_OVERLOADED = (529, "Site is overloaded", "Qualys SSL Labs",
        "The site has too much to do; try again later.")
    ORIGIN_DNS_ERROR = (530, "Origin DNS Error", "Cloudflare",
        "The name of the site's own server leads nowhere; at Pantheon the site is frozen.")
    SITE_IS_FROZEN = ORIGIN_DNS_ERROR
    UNAUTHORIZED = (561, "Unauthorized", "AWS Elastic Load Balancing",
        "The service that signs people in reported an error.")
    NETWORK_READ_TIMEOUT_ERROR = (598, "Network Read Timeout Error", "proxies",
        "A server behind the proxy did not answer in time.")
    NETWORK_CONNECT_TIMEOUT_ERROR = (599, "Network Connect Timeout Error",
        "proxies, Tornado", "A server behind the proxy could not be reached in time.")
    REQUEST_DENIED = (999, "Request Denied", "LinkedIn",
        "The site takes the visitor for a robot; HTTP itself knows no such code.")
    # fmt: on

    @classmethod
    def _missing_(cls, value: object) -> "UnofficialStatus":
        if not isinstance(value, int) or value not in _ASSIGNABLE or value in _OFFICIAL:
            raise ValueError(
                f"{value!r} is no unofficial status code; http.status() takes codes of either kind"
            )
        member = int.__new__(cls, value)
        member._value_ = int(value)
        member._name_ = f"UNASSIGNED_{member._value_}"
        member.phrase, member.description = _CLASSES[value // 100]
        member.vendor = None
        return _UNASSIGNED.setdefault(member._value_, member)

    def __reduce_ex__(self, protocol: object) -> tuple[type[Self], tuple[int]]:
        # By value: the first releases of 3.11 pickle by name, which made members do not have.
        return type(self), (int(self),)


# Not in the enum's own map, where 432.0 would find a member once 432 has been asked for.
_UNASSIGNED: Final[dict[int, UnofficialStatus]] = {}

Status: TypeAlias = HTTPStatus | UnofficialStatus

# The official member wins where a later Python knows a code that is unofficial today.
_STATUSES: Final[dict[int, Status]] = {
    int(member): member for member in (*UnofficialStatus, *HTTPStatus)
}


def status(code: int) -> Status:
    """Find the member for a status code, of :class:`http.HTTPStatus` where that has one.

    :param code: an int from 100 to 599.
    :raises TypeError: if the code is no int, but a str, a float or a bool, say.
    :raises ValueError: if the int is no status code.
    """
    try:
        return _STATUSES[index(code)]  # index() first, because 404.0 would be found as well.
    except KeyError:
        if index(code) in _ASSIGNABLE:
            return UnofficialStatus(index(code))
        refusal = TypeError if isinstance(code, bool) else ValueError
    except TypeError:
        refusal = TypeError
    raise refusal(
        f"{code!r} is no status code; pass an int from 100 to 599 such as 404, "
        "or a constant such as http.NOT_FOUND"
    )
