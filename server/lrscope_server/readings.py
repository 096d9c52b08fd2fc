"""Readings of stored curves, each made once: everybody who opens the page asks for those of all curves on it."""

from sqlalchemy.orm import Session

from lrscope.reading import Reading, cut_short, read
from lrscope.spec import Status
from lrscope_server import records
from lrscope_server.tables import SweepRow

KEPT = 1_000

Made = tuple[tuple[str, int, int] | str | None, ...]  # of each curve its sweep, attempt and length; the optimizer


class Readings:
    def __init__(self) -> None:
        self._kept: dict[Made, Reading] = {}  # the oldest first

    def of(self, session: Session, row: SweepRow, *, group: bool) -> Reading:
        """The reading of what is there so far; with `group`, of all seeds of its request as one."""
        rows = records.seeds_of(session, row) if group else [row]
        made: Made = (*((each.id, each.attempt, each.steps_done) for each in rows), row.optimizer)
        found = self._kept.get(made)
        if found is None:
            found = self._kept[made] = read([records.curve_of(session, each) for each in rows], row.optimizer)
            for oldest in list(self._kept)[:-KEPT]:
                self._kept.pop(oldest, None)  # several threads read
        if all(row.status in (Status.CANCELLED, Status.FAILED) for row in rows):
            found = cut_short(found)
        return found.model_copy(update={"warnings": list(dict.fromkeys(w for each in rows for w in each.warnings))})
