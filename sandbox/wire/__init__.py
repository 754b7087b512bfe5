"""What the stand-ins have in common: the HTTP side down to the socket, and its bad manners on demand."""

from sandbox.wire.answers import Answer, as_json
from sandbox.wire.faults import Fault
from sandbox.wire.server import Responder, Wire, listening

__all__ = ["Answer", "Fault", "Responder", "Wire", "as_json", "listening"]
