"""Settings: what an application has configured, checked once."""

import difflib
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self, TypeAlias, cast

from flask import current_app

from .failures import Failure
from .headers import checked_challenges
from .negotiation import Format, Formats, Policy, formats_named

PREFIX = "FAILURES_"
KEY = "httpstatus.settings"

Renderer: TypeAlias = Callable[[Failure], Any]


def _formats(value: object) -> Policy:
    if isinstance(value, Mapping):
        prefixes = cast("Mapping[object, object]", value)
    else:
        prefixes = {"/": value}
    policy: dict[str, Formats] = {}
    for prefix, names in prefixes.items():
        if not isinstance(prefix, str) or not prefix.startswith("/"):
            raise ValueError(f"{prefix!r} is no URL prefix: it has to start with '/'")
        if not isinstance(names, (list, tuple)):
            raise ValueError("a list of formats, or a dict of them by URL prefix, is wanted")
        policy[prefix] = formats_named(cast("Iterable[str]", names))
    return Policy(policy)


_HOST = re.compile(r"(?:[a-z0-9_-]+\.)*[a-z0-9_-]+(?::[0-9]{1,5})?|\[[0-9a-f:.]+\](?::[0-9]{1,5})?")


def _redirect_hosts(value: object) -> frozenset[str]:
    if not isinstance(value, (list, tuple, set, frozenset)):
        raise ValueError("a list of hosts, such as ['accounts.example'], is wanted")
    hosts = set[str]()
    for host in cast("Iterable[object]", value):
        if not isinstance(host, str) or not _HOST.fullmatch(host.lower()):
            raise ValueError(
                f"{host!r} is no host such as 'accounts.example' or 'localhost:5000' "
                "(in ASCII, without scheme, path or '*')"
            )
        hosts.add(host.lower())
    return frozenset(hosts)


_BASE = re.compile(r"https?://[^\s/?#]+(?:/[^\s?#]*)?|/[^\s?#]*")


def _type_base(value: object) -> str:
    if isinstance(value, str) and _BASE.fullmatch(value):
        return value.rstrip("/") + "/"
    raise ValueError("an absolute URI or path, such as 'https://example.org/problems/', is wanted")


def _codes(selector: object) -> Iterable[int]:
    if isinstance(selector, str) and re.fullmatch(r"[45]xx", selector):
        first = int(selector[0]) * 100
        return range(first, first + 100)
    if isinstance(selector, int) and 400 <= selector <= 599:
        return (int(selector),)
    raise ValueError(f"{selector!r} is neither '4xx', '5xx' nor a status from 400 to 599")


def _log_levels(value: object) -> dict[int, int]:
    if not isinstance(value, Mapping):
        raise ValueError("a dict such as {'4xx': 'INFO', 404: 'DEBUG'} is wanted")
    levels = dict(DEFAULT_LEVELS)
    names = logging.getLevelNamesMapping()
    given = cast("Mapping[object, object]", value)
    # The classes first, so that a single status wins wherever it stands.
    for selector in sorted(given, key=lambda selector: not isinstance(selector, str)):
        level = given[selector]
        number = names.get(level.upper()) if isinstance(level, str) else level
        if not isinstance(number, int) or isinstance(number, bool):
            raise ValueError(f"{level!r} is no level; there are {', '.join(names)}")
        levels.update(dict.fromkeys(_codes(selector), number))
    return levels


def _incident(value: object) -> frozenset[int]:
    if not isinstance(value, (list, tuple, set, frozenset)):
        raise ValueError("a list of statuses, such as ['5xx', 429], is wanted")
    return frozenset(
        code for selector in cast("Iterable[object]", value) for code in _codes(selector)
    )


def _hop_by_hop(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("True or False is wanted")
    return value


DEFAULT_LEVELS: Mapping[int, int] = {
    **dict.fromkeys(range(400, 500), logging.INFO),
    **dict.fromkeys(range(500, 600), logging.ERROR),
}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an application has configured.

    :param formats: FAILURES_FORMATS: the formats offered, in order, by URL prefix.
    :param challenge: FAILURES_CHALLENGE: how to authenticate, for a 401 that does not say it.
    :param redirect_hosts: FAILURES_REDIRECT_HOSTS: hosts that redirect() may lead to.
    :param type_base: FAILURES_TYPE_BASE: what the slugs of problem types stand under.
    :param log_levels: FAILURES_LOG_LEVELS: the level of each status' records.
    :param incident: FAILURES_INCIDENT: the statuses whose occurrences get an id.
    :param hop_by_hop: FAILURES_HOP_BY_HOP: whether the server takes hop-by-hop headers.
    :param renderers: what writes the application's own formats.
    :param blueprints: the formats of single blueprints.
    """

    formats: Policy = field(default=Policy({}), metadata={"check": _formats})
    challenge: tuple[str, ...] = field(default=(), metadata={"check": checked_challenges})
    redirect_hosts: frozenset[str] = field(default=frozenset(), metadata={"check": _redirect_hosts})
    type_base: str | None = field(default=None, metadata={"check": _type_base})
    log_levels: Mapping[int, int] = field(
        default_factory=lambda: DEFAULT_LEVELS, metadata={"check": _log_levels}
    )
    incident: frozenset[int] = field(
        default=frozenset(range(500, 600)), metadata={"check": _incident}
    )
    hop_by_hop: bool = field(default=False, metadata={"check": _hop_by_hop})
    renderers: Mapping[Format, Renderer] = field(default_factory=dict[Format, Renderer])
    blueprints: Mapping[object, Formats] = field(default_factory=dict[object, Formats])

    @classmethod
    def read(cls, config: Mapping[str, Any], given: Mapping[str, Any], **registered: Any) -> Self:
        """Read the settings from ``app.config`` and from keyword arguments, which win.

        :raises ValueError: for a wrong value, with the key and what is allowed.
        :raises TypeError: for a setting that there is not.
        """
        checks = {one.name: one.metadata["check"] for one in fields(cls) if one.metadata}
        values = {
            key.removeprefix(PREFIX).lower(): value
            for key, value in config.items()
            if key.startswith(PREFIX) and value is not None
        }
        values |= {name: value for name, value in given.items() if value is not None}
        checked: dict[str, Any] = {}
        for name, value in values.items():
            if name not in checks:
                near = difflib.get_close_matches(name, checks, n=1) or sorted(checks)
                names = ", ".join(PREFIX + one.upper() for one in near)
                raise TypeError(f"there is no setting {PREFIX}{name.upper()}; there is {names}")
            try:
                checked[name] = checks[name](value)
            except (TypeError, ValueError) as error:
                raise ValueError(f"{PREFIX}{name.upper()} = {value!r}: {error}") from None
        return cls(**checked, **registered)


_DEFAULTS = Settings()


def current() -> Settings:
    """Return the settings of the current application, the defaults where there are none."""
    settings: Settings = current_app.extensions.get(KEY, _DEFAULTS)
    return settings
