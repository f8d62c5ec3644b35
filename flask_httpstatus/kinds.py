"""Kinds: a class for each registered status from 400 to 599.

::

    HTTPException (Werkzeug's)
    +-- Failure
        +-- ClientFailure
        |   +-- BadRequest
        |   +-- Unauthorized
        |   +-- PaymentRequired
        |   +-- Forbidden
        |   +-- NotFound
        |   +-- MethodNotAllowed
        |   +-- NotAcceptable
        |   +-- ProxyAuthenticationRequired
        |   +-- RequestTimeout
        |   +-- Conflict
        |   +-- Gone
        |   +-- LengthRequired
        |   +-- PreconditionFailed
        |   +-- ContentTooLarge
        |   +-- URITooLong
        |   +-- UnsupportedMediaType
        |   +-- RangeNotSatisfiable
        |   +-- ExpectationFailed
        |   +-- ImATeapot
        |   +-- MisdirectedRequest
        |   +-- UnprocessableContent
        |   +-- Locked
        |   +-- FailedDependency
        |   +-- TooEarly
        |   +-- UpgradeRequired
        |   +-- PreconditionRequired
        |   +-- TooManyRequests
        |   +-- RequestHeaderFieldsTooLarge
        |   +-- UnavailableForLegalReasons
        +-- ServerFailure
            +-- InternalServerError
            +-- NotImplemented
            +-- BadGateway
            +-- ServiceUnavailable
            +-- GatewayTimeout
            +-- HTTPVersionNotSupported
            +-- VariantAlsoNegotiates
            +-- InsufficientStorage
            +-- LoopDetected
            +-- NotExtended
            +-- NetworkAuthenticationRequired
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from werkzeug import exceptions as werkzeug

from . import http
from .conversion import Conversion
from .failures import ClientFailure, Failure, ServerFailure
from .headers import (
    Challenges,
    blocked_by_link,
    checked_challenges,
    checked_methods,
    checked_protocols,
    unsatisfied_range,
)
from .issues import Issue
from .placing import Where
from .readers import checked_where, issues_raised
from .texts import Text


class _Invalid(ClientFailure):
    """What the kinds have in common that can say which parts of the input are wrong.

    :param errors: one issue for each mistake, shown as a list.
    """

    def __init__(
        self,
        message: Text | None = None,
        status: int | None = None,
        *,
        errors: Iterable[Issue] | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(message, status, **rest)
        if errors is not None:
            self.members["errors"] = [_checked_issue(error) for error in errors]

    @classmethod
    def on(
        cls,
        classes: type[Exception] | tuple[type[Exception], ...],
        message: Text | Callable[[Any], Failure | None] | None = None,
        /,
        *,
        where: Where = "body",
        **facts: Any,
    ) -> Conversion:
        """Raise this kind in place of other exceptions; those of validators fill ``errors``.

        ``with UnprocessableContent.on(pydantic.ValidationError, "check the order"): ...``

        :param where: the part of the request that is validated.
        :raises ValueError: for a part that a request does not have.
        """
        checked_where(where)
        conversion = super().on(classes, message, **facts)

        def with_errors(error: Exception) -> Failure | None:
            failure = conversion.convert(error)
            if isinstance(failure, _Invalid) and (errors := issues_raised(error, where)):
                failure.members.setdefault("errors", errors)
            return failure

        return Conversion(conversion.classes, with_errors)

    if TYPE_CHECKING:
        #: The mistakes in the input, in the order given.
        errors: Sequence[Issue] = ()
    else:

        @property
        def errors(self) -> Sequence[Issue]:
            """The mistakes in the input, in the order given."""
            return self.members.get("errors", ())


class _Challenging(ClientFailure):
    """What the kinds have in common that ask for credentials.

    :param challenge: how to authenticate: one challenge or several (RFC 9110, Section 11.3).
    """

    challenge: Challenges | None = None
    challenge_header: ClassVar[str]

    def __init__(
        self,
        message: Text | None = None,
        status: int | None = None,
        *,
        challenge: Challenges | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(message, status, **rest)
        given = self.challenge if challenge is None else challenge
        if given is not None:
            self.challenge = several = checked_challenges(given)
            for one in several:
                self.headers.add(self.challenge_header, one)


class BadRequest(_Invalid, werkzeug.BadRequest, status=http.BAD_REQUEST):
    """Raise for a request that cannot be understood: broken syntax, a part that is missing."""


class Unauthorized(_Challenging, werkzeug.Unauthorized, status=http.UNAUTHORIZED):
    """Raise for a request without valid credentials; with them it might succeed.

    :param www_authenticate: Werkzeug's name for the challenge.
    """

    challenge_header = "WWW-Authenticate"
    remedy = "challenge=WWWAuthenticate('bearer', {'realm': 'api'}), or set FAILURES_CHALLENGE"

    def __init__(
        self,
        message: Text | None = None,
        status: int | None = None,
        *,
        www_authenticate: Challenges | None = None,
        **rest: Any,
    ) -> None:
        rest["challenge"] = rest.get("challenge", www_authenticate)
        super().__init__(message, status, **rest)


class PaymentRequired(ClientFailure, status=http.PAYMENT_REQUIRED):
    """Raise for what has to be paid for first."""


class Forbidden(ClientFailure, werkzeug.Forbidden, status=http.FORBIDDEN):
    """Raise for what this client may not do, whoever it says it is; to hide that, NotFound."""


class NotFound(ClientFailure, werkzeug.NotFound, status=http.NOT_FOUND):
    """Raise for what does not exist, or is not to be known to exist."""


class MethodNotAllowed(ClientFailure, werkzeug.MethodNotAllowed, status=http.METHOD_NOT_ALLOWED):
    """Raise for a method that this target does not have, though others it has.

    :param message: Werkzeug's list of allowed methods is understood here too.
    :param allowed: the methods it has; derived from the routes if left out.
    :param valid_methods: Werkzeug's name for them.
    """

    allowed: Iterable[str] | None = None
    valid_methods: Iterable[str] | None

    def __init__(
        self,
        message: Text | Iterable[str] | None = None,
        status: int | None = None,
        *,
        allowed: Iterable[str] | None = None,
        valid_methods: Iterable[str] | None = None,
        **rest: Any,
    ) -> None:
        text: Any = message
        if isinstance(message, (list, tuple, set, frozenset)):
            # Werkzeug's order: MethodNotAllowed(["GET"], "read only")
            text, status, valid_methods = status, None, message
        super().__init__(text, status, **rest)
        given = valid_methods if allowed is None else allowed
        given = self.allowed if given is None else given
        if given is not None:
            self.allowed = self.valid_methods = checked_methods(given)
            self.headers["Allow"] = ", ".join(self.allowed)


class NotAcceptable(ClientFailure, werkzeug.NotAcceptable, status=http.NOT_ACCEPTABLE):
    """Raise for a client that accepts none of the formats there are, if none is no answer."""


class ProxyAuthenticationRequired(_Challenging, status=http.PROXY_AUTHENTICATION_REQUIRED):
    """Raise, in a proxy, for a request without valid credentials for the proxy."""

    challenge_header = "Proxy-Authenticate"
    remedy = "challenge=WWWAuthenticate('basic', {'realm': 'proxy'})"

    def __init__(self, message: Text | None = None, status: int | None = None, **rest: Any) -> None:
        super().__init__(message, status, **rest)
        if self.challenge_header in self.headers:
            self.members["challenge"] = self.headers.getlist(self.challenge_header)


class RequestTimeout(ClientFailure, werkzeug.RequestTimeout, status=http.REQUEST_TIMEOUT):
    """Raise for a request whose parts did not arrive in time."""


class Conflict(ClientFailure, werkzeug.Conflict, status=http.CONFLICT):
    """Raise for what contradicts the present state: a name taken, an edit of an old version."""


class Gone(ClientFailure, werkzeug.Gone, status=http.GONE):
    """Raise for what existed and will not come back; where that is not sure, NotFound."""


class LengthRequired(ClientFailure, werkzeug.LengthRequired, status=http.LENGTH_REQUIRED):
    """Raise for a body without a Content-Length where one is needed."""


class PreconditionFailed(
    ClientFailure, werkzeug.PreconditionFailed, status=http.PRECONDITION_FAILED
):
    """Raise for a request whose If-Match or other condition is not met."""


class ContentTooLarge(ClientFailure, werkzeug.RequestEntityTooLarge, status=http.CONTENT_TOO_LARGE):
    """Raise for a body larger than is taken; if only for now, say when with retry_after."""


class URITooLong(ClientFailure, werkzeug.RequestURITooLarge, status=http.URI_TOO_LONG):
    """Raise for a target longer than is read."""


class UnsupportedMediaType(
    ClientFailure, werkzeug.UnsupportedMediaType, status=http.UNSUPPORTED_MEDIA_TYPE
):
    """Raise for a body in a format that is not read here."""


class RangeNotSatisfiable(
    ClientFailure,
    werkzeug.RequestedRangeNotSatisfiable,
    status=http.RANGE_NOT_SATISFIABLE,
):
    """Raise for a Range that lies outside of what there is.

    :param length: how much there is, in units.
    :param units: what is counted, bytes by default.
    """

    length: int | None = None
    units: str = "bytes"

    def __init__(
        self,
        message: Text | None = None,
        status: int | None = None,
        *,
        length: int | None = None,
        units: str | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(message, status, **rest)
        # Of the class: Werkzeug's constructor has overwritten those of the instance.
        self.length = type(self).length if length is None else length
        self.units = type(self).units if units is None else units
        if self.length is not None:
            self.headers["Content-Range"] = unsatisfied_range(self.length, self.units)


class ExpectationFailed(ClientFailure, werkzeug.ExpectationFailed, status=http.EXPECTATION_FAILED):
    """Raise for an Expect header that asks for what cannot be had."""


class ImATeapot(ClientFailure, werkzeug.ImATeapot, status=http.IM_A_TEAPOT):
    """Raise for coffee asked of a teapot."""


class MisdirectedRequest(
    ClientFailure, werkzeug.MisdirectedRequest, status=http.MISDIRECTED_REQUEST
):
    """Raise for a host that is not served here, reached over a connection meant for another."""


class UnprocessableContent(
    _Invalid, werkzeug.UnprocessableEntity, status=http.UNPROCESSABLE_CONTENT
):
    """Raise for a body that can be read, but says what cannot be done: a failed validation."""


class Locked(ClientFailure, werkzeug.Locked, status=http.LOCKED):
    """Raise for what somebody else has locked."""


class FailedDependency(ClientFailure, werkzeug.FailedDependency, status=http.FAILED_DEPENDENCY):
    """Raise for what depended on another action that failed."""


class TooEarly(ClientFailure, status=http.TOO_EARLY):
    """Raise for a request in early data that would do harm if it were replayed."""


class UpgradeRequired(ClientFailure, status=http.UPGRADE_REQUIRED):
    """Raise for a request that must come over another protocol.

    :param upgrade: the protocol, or several, the preferred one first: ``"TLS/1.3"``.
    """

    upgrade: str | Iterable[str] | None = None
    remedy = "upgrade='TLS/1.3'"

    def __init__(
        self,
        message: Text | None = None,
        status: int | None = None,
        *,
        upgrade: str | Iterable[str] | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(message, status, **rest)
        upgrade = self.upgrade if upgrade is None else upgrade
        if upgrade is not None:
            self.upgrade = checked_protocols(upgrade)
            self.headers["Upgrade"] = self.members["upgrade"] = self.upgrade
            self.headers["Connection"] = "upgrade"


class PreconditionRequired(
    ClientFailure, werkzeug.PreconditionRequired, status=http.PRECONDITION_REQUIRED
):
    """Raise for a change without an If-Match, where that would overwrite what others did."""


class TooManyRequests(ClientFailure, werkzeug.TooManyRequests, status=http.TOO_MANY_REQUESTS):
    """Raise for a client that asks too often; say with retry_after when it may again."""


class RequestHeaderFieldsTooLarge(
    ClientFailure,
    werkzeug.RequestHeaderFieldsTooLarge,
    status=http.REQUEST_HEADER_FIELDS_TOO_LARGE,
):
    """Raise for headers larger than are read."""


class UnavailableForLegalReasons(
    ClientFailure,
    werkzeug.UnavailableForLegalReasons,
    status=http.UNAVAILABLE_FOR_LEGAL_REASONS,
):
    """Raise for what a legal demand forbids to show.

    :param blocked_by: the URI of who carries the demand out (RFC 7725, Section 4).
    """

    blocked_by: str | None = None

    def __init__(
        self,
        message: Text | None = None,
        status: int | None = None,
        *,
        blocked_by: str | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(message, status, **rest)
        self.blocked_by = self.blocked_by if blocked_by is None else blocked_by
        if self.blocked_by is not None:
            self.headers.add("Link", blocked_by_link(self.blocked_by))


class InternalServerError(
    ServerFailure, werkzeug.InternalServerError, status=http.INTERNAL_SERVER_ERROR
):
    """Raise for a bug that one knows of; what nobody caught becomes this one too.

    :param original_exception: the exception that nobody caught. It is never shown.
    """

    def __init__(
        self,
        message: Text | None = None,
        status: int | None = None,
        *,
        original_exception: BaseException | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(message, status, **rest)
        self.original_exception = original_exception


class NotImplemented(  # noqa: A001 - the phrase of RFC 9110, and Werkzeug's name
    ServerFailure, werkzeug.NotImplemented, status=http.NOT_IMPLEMENTED
):
    """Raise for what nothing on this server does yet, such as an unknown method."""


class BadGateway(ServerFailure, werkzeug.BadGateway, status=http.BAD_GATEWAY):
    """Raise for another server's answer that makes no sense."""


class ServiceUnavailable(
    ServerFailure, werkzeug.ServiceUnavailable, status=http.SERVICE_UNAVAILABLE
):
    """Raise while overloaded or under maintenance; say with retry_after until when."""


class GatewayTimeout(ServerFailure, werkzeug.GatewayTimeout, status=http.GATEWAY_TIMEOUT):
    """Raise for another server that did not answer in time."""


class HTTPVersionNotSupported(
    ServerFailure,
    werkzeug.HTTPVersionNotSupported,
    status=http.HTTP_VERSION_NOT_SUPPORTED,
):
    """Raise for a version of HTTP that is not spoken here."""


class VariantAlsoNegotiates(ServerFailure, status=http.VARIANT_ALSO_NEGOTIATES):
    """Raise for a negotiation that leads in a circle (RFC 2295, Section 8.1)."""


class InsufficientStorage(ServerFailure, status=http.INSUFFICIENT_STORAGE):
    """Raise for what cannot be stored for want of room."""


class LoopDetected(ServerFailure, status=http.LOOP_DETECTED):
    """Raise for an operation that would never end, such as a folder bound into itself."""


class NotExtended(ServerFailure, status=http.NOT_EXTENDED):
    """Raise for a request without an extension it needs; historic, nobody sends it."""


class NetworkAuthenticationRequired(ServerFailure, status=http.NETWORK_AUTHENTICATION_REQUIRED):
    """Raise, in a captive portal, for a client that has to log in to the network first."""


RequestEntityTooLarge = ContentTooLarge
RequestURITooLarge = URITooLong
RequestedRangeNotSatisfiable = RangeNotSatisfiable
UnprocessableEntity = UnprocessableContent


def _checked_issue(error: object) -> Issue:
    if not isinstance(error, Issue):
        raise TypeError(f"errors has {error!r}; each has to be an Issue('what is wrong')")
    return error
