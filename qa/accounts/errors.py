"""What can be wrong with an account, said to the operator at the terminal."""

from __future__ import annotations

from corpus.errors import TiaowenError


class AccountError(TiaowenError):
    """A user cannot be made, found or changed as asked; the message says what to do."""
