"""What is kept of a platform's refusal."""

from __future__ import annotations

import pytest

from clients.errors import Rejected
from sync.delivery import answer_of


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Custom attribute 'ct_orders' does not exist", "Custom attribute 'ct_orders' does not exist"),
        ("email 'anna.1@example.com' is invalid", "email '…@…' is invalid"),
        ("<anna@example.com>, bob@example.com", "<…@…>, …@…"),
        ("phone +49 151 2345678 is taken", "phone …5678 is taken"),
        ("exists with id=a123456789012", "exists with id=a123456789012"),
        ("exists with id=65f1a2b3c4d5e6f708192a3b", "exists with id=65f1a2b3c4d5e6f708192a3b"),
    ],
)
def test_words_that_quote_what_was_sent_are_kept_without_it(said: str, kept: str) -> None:
    error = Rejected("HTTP 400", status=400)
    error.said = said
    assert answer_of(error)["said"] == kept


def test_what_was_not_said_is_left_out() -> None:
    assert answer_of(Rejected("HTTP 400", status=400)) == {"reason": "HTTP 400", "status": 400}
