"""Models: the books, and who has borrowed them."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The base of the tables."""


class Book(Base):
    """A book; its version tells whether somebody else has changed it in the meantime."""

    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    isbn: Mapped[str] = mapped_column(String(13), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    copies: Mapped[int] = mapped_column(CheckConstraint("copies >= 0"), default=1)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    def document(self) -> dict[str, str | int]:
        """Return what everybody may know."""
        return {"isbn": self.isbn, "title": self.title, "copies": self.copies}


class Loan(Base):
    """A copy that somebody has borrowed."""

    __tablename__ = "loans"

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey(Book.id))
