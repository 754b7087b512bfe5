"""What happens in the shop: changes by the hundred, told by a seed to the last detail.

The same seed gives the same changes to any fresh shop: what is chosen depends on nothing but chance and on the changes
before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from sandbox.shop import SampleShop
from sandbox.shop.acts import Acts, Done, NotPossible
from sandbox.shop.setting import STORES, furnish

ACCOUNTS: Final = 140
GUESTS: Final = 60
_LOCALES: Final = ("de-DE", "de-AT", "en-US", "ja-JP", "hu-HU")


def furnished_shop() -> SampleShop:
    """A shop with stores and states, and no customers."""
    shop = SampleShop()
    furnish(shop)
    return shop


@dataclass(slots=True)
class Changes:
    """Done one by one by whoever goes through `all_of_them`.

    Everybody has an order of their own that stays theirs, so who has a contact at the end depends on nothing else.
    `moved`: orders that changed hands, by id; `numbered_late`: those that got their number after a while;
    `tracked_late`: parcels likewise. What is told of them depends on when it was looked at.
    """

    acts: Acts
    chance: Random
    accounts: list[str] = field(default_factory=list)
    guests: list[str] = field(default_factory=list)
    upgraded: set[str] = field(default_factory=set)
    orders: list[str] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
    numbered_late: set[str] = field(default_factory=set)
    tracked_late: set[str] = field(default_factory=set)

    def all_of_them(self, count: int) -> Iterator[Done]:
        """So many, the coming of the customers among them."""
        done = 0
        for change in self._customers_come():
            yield change
            done += 1
        kinds, weights = zip(*self._kinds(), strict=True)
        while done < count:
            (kind,) = self.chance.choices(kinds, weights)
            try:
                change = kind()
            except NotPossible:
                continue
            done += 1
            yield change

    def _customers_come(self) -> Iterator[Done]:
        for number in range(ACCOUNTS):
            store = self.chance.choice((None, None, *STORES))
            yield self._register(f"account-{number}@chaos.example", store=store)
            yield self._place_first(customer=self.accounts[-1])
        for number in range(GUESTS):
            self.guests.append(f"guest-{number}@chaos.example")
            yield self._place_first(email=self.guests[-1])

    def _register(self, email: str, *, store: str | None = None) -> Done:
        number = len(self.accounts)
        first, last = f"First{number}", f"Last{number}"
        done = self.acts.do("create_account", email=email, first_name=first, last_name=last, store=store)
        self.accounts.append(done.ids["customer"])
        return done

    def _place_first(self, **buyer: Any) -> Done:
        done = self._place(**buyer)
        self.kept.add(done.ids["order"])
        return done

    def _place(self, **buyer: Any) -> Done:
        items, pay = self.chance.randint(1, 5), self.chance.choice(("authorise", "charge", "nothing"))
        done = self.acts.do("place", items=items, pay=pay, **buyer)
        self.orders.append(done.ids["order"])
        return done

    def _kinds(self) -> tuple[tuple[Callable[[], Done], float], ...]:
        return (
            (self._order_comes, 16),
            (self._order_without_a_number_comes, 3),
            (self._number_comes, 5),
            (self._order_moves, 9),
            (self._name_changes, 4),
            (self._address_changes, 2),
            (self._guest_registers, 1.5),
            (lambda: self._of_cart("change_cart"), 8),
            (lambda: self._of_cart("delete_cart"), 2),
            (self._cart_is_ordered, 4),
            (lambda: self._of_order("set_locale", locale=self.chance.choice(_LOCALES)), 3),
            (lambda: self._of_order("confirm"), 6),
            (lambda: self._of_order("complete"), 5),
            (lambda: self._of_order("cancel"), 2),
            (lambda: self._of_order("reopen"), 2),
            (lambda: self._of_order("authorise"), 2),
            (lambda: self._of_order("capture"), 8),
            (lambda: self._of_order("capture", amount=self.chance.randint(100, 900), set_state=False), 4),
            (lambda: self._of_order("fail_payment", set_state=self.chance.random() < 0.5), 3),
            (lambda: self._of_order("charge_back"), 1),
            (lambda: self._of_order("refund"), 4),
            (lambda: self._of_order("refund", transaction=False), 3),
            (lambda: self._of_order("ship", quantity=self.chance.randint(1, 2)), 6),
            (lambda: self._of_order("ship"), 5),
            (lambda: self._of_order("ship", quantity=1, tracking=""), 3),
            (self._tracking_comes, 3),
            (lambda: self._of_order("add_delivery", quantity=1), 5),
            (lambda: self._of_order("add_parcel"), 8),
            (lambda: self._of_order("deliver"), 5),
            (lambda: self._of_order("delay"), 2),
            (lambda: self._of_order("request_return"), 7),
            (lambda: self._of_order("receive_return"), 7),
        )

    def _of_order(self, act: str, **more: Any) -> Done:
        return self.acts.do(act, order=self.chance.choice(self.orders), **more)

    def _of_cart(self, act: str) -> Done:
        return self.acts.do(act, customer=self.chance.choice(self.accounts))

    def _cart_is_ordered(self) -> Done:
        done = self._of_cart("check_out")
        self.orders.append(done.ids["order"])
        return done

    def _order_comes(self) -> Done:
        return self._place(**self._somebody())

    def _order_without_a_number_comes(self) -> Done:
        done = self._place(numbered=False, **self._somebody())
        self.numbered_late.add(done.ids["order"])
        return done

    def _number_comes(self) -> Done:
        return self._of_order("set_number", number=f"LATE-{self.chance.randrange(10**9)}")

    def _order_moves(self) -> Done:
        movable = [each for each in self.orders if each not in self.kept]
        if not movable:
            raise NotPossible("all stay where they are")
        order = self.chance.choice(movable)
        done = self.acts.do("move", order=order, **self._somebody())
        self.moved.add(order)
        return done

    def _somebody(self) -> dict[str, str]:
        if self.chance.random() < 0.7:
            return {"customer": self.chance.choice(self.accounts)}
        return {"email": self.chance.choice(self.guests)}

    def _name_changes(self) -> Done:
        name = f"Other{self.chance.randrange(10**6)}"
        return self.acts.do("rename", customer=self.chance.choice(self.accounts), last_name=name)

    def _address_changes(self) -> Done:
        customer = self.chance.choice(self.accounts)
        if customer in self.upgraded:
            raise NotPossible("a guest has this address as well")
        return self.acts.do("rename", customer=customer, email=f"moved-{self.chance.randrange(10**9)}@chaos.example")

    def _guest_registers(self) -> Done:
        email = self.chance.choice(self.guests)
        done = self._register(email)
        self.upgraded.add(done.ids["customer"])
        self._place_first(customer=done.ids["customer"])
        return done

    def _tracking_comes(self) -> Done:
        shop, order = self.acts.shop, self.chance.choice(self.orders)
        parcels = [parcel for parcel in _parcels(shop, order) if "trackingData" not in parcel]
        if not parcels:
            raise NotPossible("every parcel has its number")
        tracking = f"TRACK-{self.chance.randrange(10**9)}"
        self.tracked_late.add(parcels[0]["id"])
        return self.acts.do("set_tracking", order=order, parcel=parcels[0]["id"], tracking=tracking)


def deliveries_of(order: Any) -> list[Any]:
    """Of an order's document."""
    infos = [each["shippingInfo"] for each in order["shipping"]] or [order.get("shippingInfo", {"deliveries": []})]
    return [delivery for info in infos for delivery in info["deliveries"]]


def _parcels(shop: SampleShop, order: str) -> list[Any]:
    document = shop.get("order", order)
    assert document is not None
    return [parcel for delivery in deliveries_of(document) for parcel in delivery["parcels"]]
