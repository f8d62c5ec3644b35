"""Translations: which of SQLAlchemy's exceptions are the client's doing."""

from typing import Any

from sqlalchemy import exc
from sqlalchemy.orm.exc import StaleDataError

from flask_httpstatus import Conflict, Failure, Failures, NotFound, ServiceUnavailable


def translate(failures: Failures) -> None:
    """Say what the client did; whatever is not listed is a mistake of ours, and answered 500."""
    failures.translate(exc.NoResultFound, NotFound, "There is no such book.")
    failures.translate(exc.IntegrityError, conflict)
    failures.translate(StaleDataError, Conflict, "Somebody else has changed it; load it again.")
    failures.translate(exc.TimeoutError, busy)


def conflict(error: exc.IntegrityError) -> Failure | None:
    """Tell a value that is taken from the constraints that only a bug violates."""
    return Conflict("There is one already.") if is_unique_violation(error) else None


def busy(_: exc.TimeoutError) -> Failure:
    """Send the client away while all connections are in use."""
    return ServiceUnavailable("Too many people are asking at once.", retry_after=5)


def is_unique_violation(error: exc.IntegrityError) -> bool:
    """Tell it by what each driver says: only the drivers know, and each says it differently."""
    driver: Any = error.orig
    return (
        # sqlite3: the name of the extended result code
        getattr(driver, "sqlite_errorname", None)
        in {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
        # psycopg: SQLSTATE 23505, unique_violation
        or getattr(driver, "sqlstate", None) == "23505"
        # PyMySQL, mysqlclient: ER_DUP_ENTRY
        or driver.args[:1] == (1062,)
    )
