"""Traits: what some kinds take beside message and status, each with the header it makes."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from .conversion import Conversion
from .failures import ClientFailure, Failure
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


class Invalid(ClientFailure):
    """Takes what is wrong with which parts of the input.

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
            self.members["errors"] = _checked_issues(errors)

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
            if isinstance(failure, Invalid) and (errors := issues_raised(error, where)):
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


class Challenging(ClientFailure):
    """Takes how to authenticate, for the header that the kind names.

    :param challenge: one challenge or several (RFC 9110, Section 11.3).
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


class Allowing(ClientFailure):
    """Takes the methods that a target has, for Allow (RFC 9110, Section 10.2.1)."""

    allowed: Iterable[str] | None = None
    valid_methods: Iterable[str] | None = None

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


class Measured(ClientFailure):
    """Takes how much there is, for Content-Range (RFC 9110, Section 14.4)."""

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


class Upgrading(ClientFailure):
    """Takes the protocols to upgrade to, for Upgrade (RFC 9110, Section 7.8)."""

    upgrade: str | Iterable[str] | None = None

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


class Blocked(ClientFailure):
    """Takes who carries out a block, for Link (RFC 7725, Section 4)."""

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


def _checked_issues(errors: object) -> list[Issue]:
    if isinstance(errors, Issue) or not isinstance(errors, Iterable):
        raise TypeError(f"errors={errors!r} is no list; write errors=[Issue('what is wrong')]")
    issues: list[Any] = [*errors]
    for issue in issues:
        if not isinstance(issue, Issue):
            raise TypeError(f"errors has {issue!r}; each has to be an Issue('what is wrong')")
    return issues
