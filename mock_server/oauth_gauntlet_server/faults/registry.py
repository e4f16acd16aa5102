"""`Registry`: the classes of one kind of fault by name, and the reader of their JSON documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from oauth_gauntlet_server.faults.fault_json import FaultError, arguments, parameters_of
from oauth_gauntlet_server.http.json_schema import did_you_mean


class Named(Protocol):
    """What a fault class needs to be registered: a name."""

    name: ClassVar[str]


N = TypeVar("N", bound=Named)


class Registry(Generic[N]):
    """The registered classes by name. `kind` names them in errors; `ignored` are members of a document that are not its own."""

    def __init__(self, kind: str, *, ignored: frozenset[str] = frozenset()) -> None:
        self._kind = kind
        self._not_given = ignored | {"fault"}
        self._classes: dict[str, type[N]] = {}

    def add(self, fault_class: type[N]) -> None:
        """Register a fault class under its name.

        Raises:
            TypeError: a parameter has an annotation for which there is no parameter type.
            FaultError: another class has this name.
        """
        parameters_of(fault_class)
        other = self._classes.get(fault_class.name, fault_class)
        if _place(other) != _place(fault_class):
            raise FaultError(f"a {self._kind} {fault_class.name!r} exists already ({_place(other)}); choose another name")
        self._classes[fault_class.name] = fault_class

    def classes(self) -> dict[str, type[N]]:
        """Return every registered class by name."""
        return dict(self._classes)

    def read(self, document: Mapping[str, Any]) -> N:
        """Return the fault of a JSON document: its name in the member ``fault``, and its parameters.

        Raises:
            FaultError: the name or a parameter is unknown, missing, of the wrong type or out of range; the text names the
                nearest known name.
        """
        name = document.get("fault")
        fault_class = self._classes.get(name) if isinstance(name, str) else None
        if fault_class is None:
            raise FaultError(f"unknown {self._kind} {name!r}{did_you_mean(str(name), self._classes)}")
        given = {key: value for key, value in document.items() if key not in self._not_given}
        return fault_class(**arguments(fault_class, given, what=f"fault {name}"))


def _place(fault_class: type[Any]) -> str:
    return f"{fault_class.__module__}.{fault_class.__qualname__}"
