"""Views that were given a name: kept, listed, hidden again."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lrscope.errors import NotFound
from lrscope.views import View, ViewRequest, ViewState
from lrscope_server.ids import Ids
from lrscope_server.store import Store
from lrscope_server.tables import ViewRow, now

LISTED = 500  # the newest


class Views:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._new_id = Ids()

    async def keep(self, asked: ViewRequest, owner: str) -> View:
        def write(session: Session) -> View:
            state = asked.state.model_dump(exclude_none=True)
            row = ViewRow(id=self._new_id(), name=asked.name, owner=owner, state=state)
            session.add(row)
            session.flush()
            return _noun(row)

        return await self._store.write(write)

    async def list(self) -> list[View]:
        """Newest first."""
        newest = sa.select(ViewRow).where(ViewRow.deleted_at.is_(None)).order_by(ViewRow.id.desc()).limit(LISTED)
        return await self._store.read(lambda session: [_noun(row) for row in session.scalars(newest)])

    async def get(self, view: str) -> View:
        """Raises NotFound."""
        return await self._store.read(lambda session: _noun(_row(session, view)))

    async def delete(self, view: str) -> None:
        """Hide it; its link leads nowhere any more. Raises NotFound."""

        def write(session: Session) -> None:
            _row(session, view).deleted_at = now()

        await self._store.write(write)


def _row(session: Session, view: str) -> ViewRow:
    row = session.get(ViewRow, view)
    if row is None or row.deleted_at is not None:
        raise NotFound(f"there is no view {view!r}; GET /views lists them")
    return row


def _noun(row: ViewRow) -> View:
    state = ViewState.model_validate(row.state)
    return View(id=row.id, name=row.name, owner=row.owner, created_at=row.created_at, state=state)
