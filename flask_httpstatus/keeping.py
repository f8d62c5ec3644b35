"""Keeping: what is remembered of texts that strangers send, within bounds."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")

#: For so many texts a function remembers its results, for those that were asked for last.
MOST = 512
#: Browsers and libraries send some hundreds of different values, all of them shorter. A longer
#: text is not kept, so that what strangers send fills neither the cache nor the memory.
LONGEST = 256


def kept(function: Callable[P, R]) -> Callable[P, R]:
    """Remember the results of a function whose last argument is a text; for calls by position."""
    forgetful: Callable[..., R] = function
    remembered = lru_cache(maxsize=MOST)(forgetful)

    @wraps(remembered)
    def keeping(*args: Any) -> R:
        return (remembered if len(args[-1]) <= LONGEST else forgetful)(*args)

    return cast("Callable[P, R]", keeping)
