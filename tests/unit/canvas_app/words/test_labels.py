"""Every code has a word, and a code that nobody knows is shown as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import pytest

from canvas_app.canvas.found import MatchedBy, Relation, Trouble
from canvas_app.words import labels
from canvas_app.words.catalogues import LANGUAGES, words_of
from clients.commercetools.readings import Section
from commerce.alerts import AlertKind
from commerce.milestones import TIMELINE
from commerce.payments import PaymentLabel
from commerce.returns import RefundLabel, ReturnLabel
from commerce.shipments import ShipmentLabel

TABLES: list[tuple[Iterable[StrEnum], Mapping[Any, str]]] = [
    (MatchedBy, labels.MATCHED_BY),
    (Relation, labels.RELATIONS),
    (Trouble, labels.TROUBLES),
    (Section, labels.SECTIONS),
    (Section, labels.SCOPES),
    (PaymentLabel, labels.PAYMENT_LABELS),
    (ShipmentLabel, labels.SHIPMENT_LABELS),
    (ReturnLabel, labels.RETURN_LABELS),
    (RefundLabel, labels.REFUND_LABELS),
    (AlertKind, labels.ALERTS),
    (TIMELINE, labels.MILESTONES),
]


@pytest.mark.parametrize(("codes", "table"), TABLES)
def test_every_code_of_ours_has_a_word(codes: Iterable[StrEnum], table: Mapping[Any, str]) -> None:
    assert set(codes) == set(table)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "table",
    [labels.PAYMENT_LABELS, labels.SHIPMENT_LABELS, labels.RETURN_LABELS, labels.REFUND_LABELS, labels.TROUBLES],
)
def test_no_two_codes_share_a_word(language: str, table: Mapping[Any, str]) -> None:
    words = [labels.label(table, code, words_of(language)) for code in table]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("state", ["Open", "Confirmed", "Complete", "Cancelled"])
def test_every_order_state_of_the_platform_has_a_word(state: str) -> None:
    assert labels.label(labels.ORDER_STATES, state, words_of("de")) != state


@pytest.mark.parametrize("kind", ["Authorization", "CancelAuthorization", "Charge", "Refund", "Chargeback"])
def test_every_kind_of_transaction_has_a_word(kind: str) -> None:
    assert kind in labels.TRANSACTION_TYPES


@pytest.mark.parametrize("state", ["Initial", "Pending", "Success", "Failure"])
def test_every_state_of_a_transaction_has_a_word(state: str) -> None:
    assert state in labels.TRANSACTION_STATES


def test_a_code_that_nobody_knows_is_shown_as_it_is() -> None:
    assert labels.label(labels.ORDER_STATES, "OnTheMoon", words_of("de")) == "OnTheMoon"
