"""A stand-in for commercetools that behaves as the platform does, its errors and limits included."""

from sandbox.commercetools.records import ReceivedRequest
from sandbox.commercetools.stand_in import CommercetoolsStandIn
from sandbox.commercetools.switches import Fault, SwitchBoard, Switches

__all__ = ["CommercetoolsStandIn", "Fault", "ReceivedRequest", "SwitchBoard", "Switches"]
