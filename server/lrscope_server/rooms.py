"""The parts of a running server, as one value that routes and sockets are handed."""

from dataclasses import dataclass

from lrscope_server.hub import Hub
from lrscope_server.leases import Leases
from lrscope_server.roster import Roster
from lrscope_server.settings import Settings
from lrscope_server.store import Store
from lrscope_server.sweeps import Sweeps
from lrscope_server.views import Views


@dataclass(frozen=True)
class Rooms:
    settings: Settings
    store: Store
    roster: Roster
    hub: Hub
    leases: Leases
    sweeps: Sweeps
    views: Views

    @classmethod
    def of(cls, settings: Settings) -> "Rooms":
        """The parts, put together around a database that is opened when the server starts."""
        store = Store(settings.database)
        roster = Roster()
        hub = Hub(store, roster)
        leases = Leases(store, hub, roster, lease_s=settings.lease_s, max_attempts=settings.max_attempts)
        return cls(settings, store, roster, hub, leases, Sweeps(store, hub, leases, roster), Views(store))
