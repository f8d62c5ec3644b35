"""What users write to declare problem types, read by the type checkers and never run."""

from collections.abc import Sequence
from dataclasses import field
from typing import Annotated, ClassVar, Literal, assert_type

from flask.views import MethodView
from werkzeug.datastructures import WWWAuthenticate

from flask_httpstatus import (
    Forbidden,
    Issue,
    NotFound,
    Problem,
    TooManyRequests,
    Unauthorized,
    UnprocessableContent,
    fails_with,
)


class AppProblem(Problem):
    base = "https://shop.example/problems/"


class OutOfCredit(AppProblem, Forbidden):
    """Your balance does not cover the price."""

    type = "out-of-credit"
    title = "You do not have enough credit"
    message = "The price is {price}, but the balance is {balance}."
    retryable = False
    limit: ClassVar[int] = 7
    balance: int
    price: Annotated[int, "in cents"]
    code_: str = "E7"
    colour: Literal["red", "green"] = "red"
    offers: list[str] = field(default_factory=list[str])


class Below(OutOfCredit):
    until: str


class BadOrder(Problem, UnprocessableContent):
    """Bad."""


class LoginFirst(Problem, Unauthorized):
    challenge = WWWAuthenticate("bearer")


class Later(Problem, TooManyRequests):
    retry_after = 30


failure = OutOfCredit(balance=30, price=50)
OutOfCredit("Top up first.", balance=30, price=50, headers={"ETag": '"1"'}, retry_after=30)
Below(balance=1, price=2, until="x")
assert_type(BadOrder(errors=[Issue("x")]).errors, Sequence[Issue])
assert_type(failure.balance, int)
assert_type(failure.message, str)
OutOfCredit.when(True, balance=1, price=2)


@fails_with(OutOfCredit, NotFound)
def view(n: int) -> str:
    return ""


assert_type(view(1), str)


@fails_with(NotFound)
async def aview() -> str:
    return ""


@fails_with(NotFound)
class Users(MethodView):
    @fails_with(OutOfCredit)
    def get(self) -> str:
        return ""


assert_type(Users(), Users)
