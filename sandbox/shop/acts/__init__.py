"""Acts on the sample shop: what customers, warehouses and payment providers do, with everything that goes with it.

acts = Acts(shop, clock=lambda: datetime.now(UTC))
placed = acts.do("place", customer=customer_id("vip"))
acts.do("ship", order=placed.ids["order"], quantity=1)

An act raises versions and `lastModifiedAt` as the platform does, and readers see all of it or nothing.
The ids that it makes follow from what it is done to: the same acts in the same order make the same shop.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from sandbox.shop.acts import accounts, buying, ordering, paying, returning, transport
from sandbox.shop.acts.act import Act, Changed, Done, NotPossible
from sandbox.shop.resources import SampleShop, Writing

__all__ = ["ACTS", "Acts", "Changed", "Done", "NotPossible"]

ACTS: Final[Mapping[str, Callable[..., None]]] = MappingProxyType(
    {
        act.__name__: act
        for act in (
            buying.place,
            buying.check_out,
            buying.change_cart,
            buying.delete_cart,
            ordering.confirm,
            ordering.complete,
            ordering.cancel,
            ordering.reopen,
            ordering.enter_state,
            ordering.set_number,
            ordering.set_locale,
            ordering.move,
            ordering.delete_order,
            paying.authorise,
            paying.capture,
            paying.fail_payment,
            paying.charge_back,
            paying.refund,
            transport.ship,
            transport.add_delivery,
            transport.add_parcel,
            transport.set_tracking,
            transport.deliver,
            transport.delay,
            returning.request_return,
            returning.receive_return,
            accounts.create_account,
            accounts.rename,
            accounts.set_group,
            accounts.erase,
        )
    }
)
"""By name; their keyword arguments are what the control door takes."""


class Acts:
    """Done to one shop, from any thread. `clock` gives the time that documents are dated with (aware, UTC)."""

    def __init__(self, shop: SampleShop, *, clock: Callable[[], datetime]) -> None:
        self.shop = shop
        self._clock = clock
        self._numbers = itertools.count()

    def do(self, name: str, /, **arguments: Any) -> Done:
        """Do it. Raises `ValueError` for what is no act or no argument of it, `NotPossible` where it makes no sense."""
        act_on = _checked(name, arguments)
        with self.shop.writing() as writing:
            act = Act(writing, self._clock(), self._numbers.__next__)
            act_on(act, **arguments)
            return Done(act=name, at=act.at, ids=MappingProxyType(act.ids), changed=act.changed())

    def why_not(self, name: str, /, **arguments: Any) -> str | None:
        """Why it cannot be done now; None when it can. Nothing is done. Raises `ValueError` as `do` does."""
        act_on = _checked(name, arguments)
        try:
            act_on(Act(Writing(self.shop.now().documents), self._clock(), lambda: 0), **arguments)
        except NotPossible as reason:
            return str(reason)
        return None


def _checked(name: object, arguments: Mapping[str, Any]) -> Callable[..., None]:
    """The act of that name, when it takes these arguments."""
    if str(name) not in ACTS:
        raise ValueError(f"there is no act {name!r}; there are {', '.join(ACTS)}")
    act = ACTS[str(name)]
    parameters = {each.name: each for each in inspect.signature(act).parameters.values() if each.name != "act"}
    unknown = sorted(set(arguments) - set(parameters))
    if unknown:
        raise ValueError(f"{name} knows no {', '.join(unknown)}; it takes {', '.join(parameters)}")
    missing = [each for each, known in parameters.items() if known.default is known.empty and each not in arguments]
    if missing:
        raise ValueError(f"{name} needs {', '.join(missing)}")
    hints = get_type_hints(act)
    for argument, value in arguments.items():
        _refuse_other_type(argument, value, hints[argument])
    return act


def _refuse_other_type(argument: str, value: object, hint: Any) -> None:
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise ValueError(f"{argument} is one of {', '.join(get_args(hint))}")
        return
    kinds = get_args(hint) or (hint,)
    if type(value) not in kinds:
        named = " or ".join({str: "a text", int: "a whole number", bool: "true or false"}.get(k, "null") for k in kinds)
        raise ValueError(f"{argument} is {named}")
