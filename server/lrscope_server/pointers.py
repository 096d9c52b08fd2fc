"""Who points at what: of each viewer the newest, for the others to see. In memory, and gone with the socket."""

from lrscope.feed import MAX_POINTERS, Here, Pointer, Presence


class Pointers:
    def __init__(self) -> None:
        self._by_viewer: dict[int, Pointer] = {}  # who moved last stands last

    def move(self, viewer: int, here: Here) -> bool:
        """True when it is something new."""
        pointer = Pointer(viewer=viewer, user=here.user, sweep=here.sweep, lr=here.lr)
        if self._by_viewer.pop(viewer, None) == pointer:
            self._by_viewer[viewer] = pointer
            return False
        self._by_viewer[viewer] = pointer
        return True

    def leave(self, viewer: int) -> bool:
        """True when the viewer was seen by others."""
        return self._by_viewer.pop(viewer, None) is not None

    def beside(self, viewer: int) -> Presence:
        """The others, in an order that does not jump; where they are too many, those that moved last."""
        others = [pointer for id_, pointer in self._by_viewer.items() if id_ != viewer][-MAX_POINTERS:]
        return Presence(viewers=sorted(others, key=lambda pointer: pointer.viewer))
