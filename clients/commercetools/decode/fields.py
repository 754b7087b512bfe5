"""Reading single fields of an answer, with the path to say where it went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from clients.errors import BadAnswer


class Node:
    """A JSON object of an answer, and where in the answer it is.

    The optional readers give None for a field that is absent, null or of an unexpected type:
    the API is versionless and a label must not cost the panel. The others raise `BadAnswer`.
    """

    __slots__ = ("_parent", "_step", "fields")

    def __init__(self, fields: Mapping[str, object], parent: Node | str, step: str | int = "") -> None:
        """`parent` is the object that this one is in at `step`, or the name of the whole."""
        self.fields = fields
        self._parent = parent
        self._step = step

    @classmethod
    def of(cls, value: object, parent: Node | str, step: str | int = "") -> Node:
        if isinstance(value, dict):
            return cls(value, parent, step)
        raise BadAnswer(f"{cls({}, parent, step).path}: not an object")

    @property
    def path(self) -> str:
        """Put together only when it is needed, which is when something is wrong."""
        if isinstance(self._parent, str):
            return self._parent
        return f"{self._parent.path}[{self._step}]" if isinstance(self._step, int) else self._parent.at(self._step)

    def at(self, name: str) -> str:
        return f"{self.path}.{name}"

    def text(self, name: str) -> str:
        value = self.fields.get(name)
        if not isinstance(value, str) or not value:
            raise BadAnswer(f"{self.at(name)}: no text")
        return value

    def optional_text(self, name: str) -> str | None:
        """The text, None also when it is empty."""
        value = self.fields.get(name)
        return value or None if isinstance(value, str) else None

    def integer(self, name: str) -> int:
        value = self.fields.get(name)
        if type(value) is not int:  # True is an int to isinstance, and 3.0 is no count
            raise BadAnswer(f"{self.at(name)}: no integer")
        return value

    def optional_integer(self, name: str) -> int | None:
        value = self.fields.get(name)
        return value if type(value) is int else None

    def optional_flag(self, name: str) -> bool | None:
        value = self.fields.get(name)
        return value if isinstance(value, bool) else None

    def moment(self, name: str) -> datetime:
        """A point in time, UTC."""
        moment = self.optional_moment(name)
        if moment is None:
            raise BadAnswer(f"{self.at(name)}: no time")
        return moment

    def optional_moment(self, name: str) -> datetime | None:
        value = self.fields.get(name)
        if not isinstance(value, str):
            return None
        try:
            moment = datetime.fromisoformat(value)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    def child(self, name: str) -> Node:
        return Node.of(self.fields.get(name), self, name)

    def optional_child(self, name: str) -> Node | None:
        value = self.fields.get(name)
        return None if value is None else Node.of(value, self, name)

    def part(self, name: str) -> Node:
        """The object, or an empty one: for objects whose fields are all optional."""
        return self.optional_child(name) or Node({}, self, name)

    def has(self, name: str) -> bool:
        """Whether the field was answered at all, with null included."""
        return name in self.fields

    def children(self, name: str) -> tuple[Node, ...]:
        """The objects of a list; none when it is absent or null. A null among them is left out."""
        value = self.fields.get(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise BadAnswer(f"{self.at(name)}: not a list")
        whole = Node({}, self, name)
        return tuple(Node.of(item, whole, index) for index, item in enumerate(value) if item is not None)
