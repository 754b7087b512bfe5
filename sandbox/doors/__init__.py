"""The sample shop's subscriptions: what it tells, and every way in which a cloud's queue brings that to us.

The clouds' signatures are made with keys of our own, whose certificates `Certificates` publishes.
"""

from __future__ import annotations

from sandbox.doors.certificates import Certificates
from sandbox.doors.courier import EventGridCourier, PubSubCourier, SnsCourier
from sandbox.doors.delivery import (
    Deliveries,
    Habits,
    through_eventgrid,
    through_pubsub,
    through_sns,
    through_sqs,
)
from sandbox.doors.keys import SigningKey
from sandbox.doors.mail import Mail, as_they_come, mail_of

__all__ = [
    "Certificates",
    "Deliveries",
    "EventGridCourier",
    "Habits",
    "Mail",
    "PubSubCourier",
    "SigningKey",
    "SnsCourier",
    "as_they_come",
    "mail_of",
    "through_eventgrid",
    "through_pubsub",
    "through_sns",
    "through_sqs",
]
