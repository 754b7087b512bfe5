"""Which contact in Intercom a customer or guest is. docs/identity.md tells the rules, case by case."""

from sync.identity.finding import Identity as Identity
from sync.identity.outcome import Linked as Linked
from sync.identity.outcome import LinkedBy as LinkedBy
from sync.identity.outcome import NoContact as NoContact
from sync.identity.outcome import Parked as Parked
from sync.identity.outcome import Person as Person
from sync.identity.outcome import Why as Why
from sync.identity.outcome import person_of as person_of
