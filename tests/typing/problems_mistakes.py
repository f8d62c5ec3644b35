"""Mistakes with problem types that both type checkers have to see, on lines with "# error"."""

from flask_httpstatus import Forbidden, NotFound, Problem, fails_with


class OutOfCredit(Problem, Forbidden):
    """Your balance does not cover the price."""

    balance: int
    price: int


OutOfCredit(balance=30)  # error
OutOfCredit(balance=30, prize=50)  # error
OutOfCredit(balance="30", price=50)  # error
OutOfCredit(30, 50)  # error
OutOfCredit("m", 403, balance=1, price=50)  # error
print(OutOfCredit(balance=30, price=50).prize)  # error
OutOfCredit(balance=30, price=50).balance = "x"  # error
fails_with(404)  # error
fails_with(NotFound("x"))  # error
