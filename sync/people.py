"""Whose an order is: the subject that it is told under."""

from __future__ import annotations

from typing import Final

from commerce.masks import Mask, mask

CUSTOMER: Final = "c:"
GUEST: Final = "g:"


def customer_subject(customer_id: str) -> str:
    return CUSTOMER + customer_id


def guest_subject(email: str, *, hash_key: bytes) -> str:
    """The address itself is in no key: keys stand in logs, queues and traces."""
    return GUEST + mask(Mask.HASH, email.strip().lower(), key=hash_key)


def customer_of(subject: str) -> str | None:
    """The customer's id; None of a guest."""
    return subject.removeprefix(CUSTOMER) if subject.startswith(CUSTOMER) else None


def subject_of_order(customer_id: str | None, email: str | None, *, hash_key: bytes) -> str | None:
    """None for an order of nobody we know: without an account, and without an address that we may look at."""
    if customer_id:
        return customer_subject(customer_id)
    return guest_subject(email, hash_key=hash_key) if email and email.strip() else None
