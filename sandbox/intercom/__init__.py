"""A stand-in for Intercom that behaves as the platform does, its errors, limits and lags included."""

from sandbox.intercom.contact import Contact
from sandbox.intercom.control import contact_from
from sandbox.intercom.events import Event
from sandbox.intercom.identity import FJORD, NORDLICHT, Identity
from sandbox.intercom.platform import IntercomPlatform
from sandbox.intercom.rate_limit import Window
from sandbox.intercom.records import ReceivedRequest
from sandbox.intercom.registration import Registration
from sandbox.intercom.stand_in import IntercomStandIn
from sandbox.intercom.switches import Fault, SwitchBoard, Switches

__all__ = [
    "FJORD",
    "NORDLICHT",
    "Contact",
    "Event",
    "Fault",
    "Identity",
    "IntercomPlatform",
    "IntercomStandIn",
    "ReceivedRequest",
    "Registration",
    "SwitchBoard",
    "Switches",
    "Window",
    "contact_from",
]
