"""Conversion: other exceptions into failures, around a block or a function."""

import inspect
from collections.abc import Callable
from functools import wraps
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeGuard, TypeVar, cast

from werkzeug.exceptions import HTTPException

from .texts import writes_str

if TYPE_CHECKING:
    from .failures import Failure

P = ParamSpec("P")
R = TypeVar("R")


def makes_failures(message: object) -> "TypeGuard[Callable[[Any], Failure | None]]":
    """Tell a function that makes a failure from a text, which may be callable as well."""
    return callable(message) and not isinstance(message, type) and not writes_str(message)


class Conversion:
    """What ``NotFound.on(KeyError)`` returns: a context manager and a decorator.

    It keeps nothing, so one object serves any number of blocks at the same time.

    :param classes: the exceptions that are converted. An HTTPException says its status itself
        and passes, unless it is named here.
    :param convert: makes the failure; None lets the exception go on.
    """

    def __init__(
        self,
        classes: tuple[type[Exception], ...],
        convert: "Callable[[Any], Failure | None]",
    ) -> None:
        for class_ in classes:
            if not isinstance(class_, type) or not issubclass(class_, Exception):
                raise TypeError(f"{class_!r} is no class of exceptions such as KeyError")
        self.classes = classes
        self._named = tuple(class_ for class_ in classes if issubclass(class_, HTTPException))
        self._convert = convert

    def convert(self, error: BaseException | None) -> "Failure | None":
        """Return the failure that the exception becomes, None if it is to go on.

        :raises TypeError: for a function that returns neither.
        """
        foreign = not isinstance(error, HTTPException) or isinstance(error, self._named)
        failure = self._convert(error) if foreign and isinstance(error, self.classes) else None
        if failure is not None and not isinstance(failure, HTTPException):
            raise TypeError(
                f"{type(error).__name__} became {failure!r}; return a failure such as "
                "NotFound('no such user'), or None to let the exception go on"
            )
        return failure

    def __enter__(self) -> None:
        """Begin the block whose exceptions are converted."""

    def __exit__(
        self,
        _: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None:
        """End the block.

        :raises Failure: from the exception that ended it.
        """
        self._raise(error)

    def _raise(self, error: BaseException | None) -> None:
        failure = self.convert(error)
        if failure is not None:
            raise failure from error

    def __call__(self, function: Callable[P, R], /) -> Callable[P, R]:
        """Convert what the function raises.

        :raises TypeError: for a generator, whose body runs after the call, and for a class.
        """
        if not callable(function) or isinstance(function, type):
            raise TypeError(f"{function!r} is no function; decorate the methods of a class")
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise TypeError(f"{function!r} is a generator; write the with block inside of it")
        return cast("Callable[P, R]", guarded(function, self._raise))


def guarded(function: Callable[..., Any], handle: Callable[[Exception], Any]) -> Callable[..., Any]:
    """Return the function, plain or async as it is, with its exceptions handled.

    :param handle: returns what is returned instead, None to let the exception go on.
    """
    if inspect.iscoroutinefunction(function):

        @wraps(function)
        async def guarded_async(*args: Any, **kwargs: Any) -> Any:
            try:
                return await function(*args, **kwargs)
            except Exception as error:
                answer = handle(error)
                if answer is None:
                    raise
                return answer

        return guarded_async

    @wraps(function)
    def guarded_plain(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except Exception as error:
            answer = handle(error)
            if answer is None:
                raise
            return answer

    return guarded_plain
