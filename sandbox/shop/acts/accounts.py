"""Accounts come, change and go."""

from __future__ import annotations

from sandbox.shop.acts.act import Act, NotPossible
from sandbox.shop.identifiers import customer_id, stable_id
from sandbox.shop.people import CustomerOf
from sandbox.shop.resources import Document


def create_account(
    act: Act,
    *,
    email: str,
    first_name: str | None = None,
    last_name: str | None = None,
    name: str | None = None,
    store: str | None = None,
    locale: str = "de-DE",
) -> None:
    """Somebody registers; without a `store` the account is good for all. `name` makes the customer's id."""
    _refuse_no_address(email)
    stores = (store,) if store else ()
    if any(_same_account(each, email, stores) for each in act.writing.all("customer")):
        raise NotPossible("there is an account with this e-mail address already")
    name = name or f"account/{act.count()}"
    if act.writing.get("customer", customer_id(name)) is not None:
        raise NotPossible("there is an account of that name already")
    account = CustomerOf(
        name=name,
        email=email,
        first_name=first_name,
        last_name=last_name,
        created=act.time[:10],
        stores=stores,
        locale=locale,
        verified=False,
    )
    stamps = {"version": 1, "createdAt": act.time, "lastModifiedAt": act.time}
    created = act.create("customer", {**account.document(), **stamps})
    act.tell("CustomerCreated", "customer", created["id"])


def rename(
    act: Act, *, customer: str, first_name: str | None = None, last_name: str | None = None, email: str | None = None
) -> None:
    """Another name or e-mail address; what is not given stays."""
    before = act.the("customer", customer)["email"]
    if email is not None:
        _refuse_no_address(email)
    given = {"firstName": first_name, "lastName": last_name, "email": email}
    fields = {field: value for field, value in given.items() if value is not None}
    if not fields:
        raise NotPossible("give a first_name, a last_name or an email")
    act.set("customer", customer, **fields, **({"isEmailVerified": False} if email else {}))
    if email not in (None, before):
        act.tell("CustomerEmailChanged", "customer", customer)


def set_group(act: Act, *, customer: str, group: str | None = None) -> None:
    """The customer's group by name; none takes it away."""
    names = {each["name"]: each["id"] for each in act.writing.all("customer-group")}
    if group is not None and group not in names:
        raise NotPossible(f"group is one of {', '.join(names)}")
    reference = None if group is None else {"typeId": "customer-group", "id": stable_id("customer-group", group)}
    act.set("customer", customer, customerGroup=reference)
    act.tell("CustomerGroupSet", "customer", customer)


def erase(act: Act, *, customer: str, with_orders: bool = False) -> None:
    """The account is deleted, its carts with it. Orders keep the id of who is gone, unless they go as well."""
    act.the("customer", customer)
    act.writing.remove("customer", customer)
    for type_id in ("cart", "order") if with_orders else ("cart",):
        theirs = [each["id"] for each in act.writing.all(type_id) if each.get("customerId") == customer]
        for each in theirs:
            act.writing.remove(type_id, each)


def _refuse_no_address(email: str) -> None:
    if email.count("@") != 1 or email.startswith("@") or email.endswith("@"):
        raise NotPossible("email is no e-mail address")


def _same_account(account: Document, email: str, stores: tuple[str, ...]) -> bool:
    """Addresses are unique among accounts for all stores, and within a store."""
    theirs = tuple(each["key"] for each in account["stores"])
    return bool(account["email"].lower() == email.lower() and (set(theirs) & set(stores) or theirs == stores == ()))
