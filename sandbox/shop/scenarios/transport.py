"""Where the parcels are: split, tracked or not, return labels, delays, several shipping methods."""

from __future__ import annotations

from typing import Final

from sandbox.shop.parcels import Delivery, Parcel
from sandbox.shop.payments import Transaction
from sandbox.shop.people import CustomerOf
from sandbox.shop.returned import Return, ReturnItem
from sandbox.shop.sales import OrderOf, Shipping
from sandbox.shop.scenario import Scenario
from sandbox.shop.scenarios.ordinary import (
    BOOTS,
    BOTTLE,
    LAMP,
    MAT,
    TENT,
    charged,
    of,
    order_for,
    payment_for,
    person,
    sent,
)

SPLIT_TRACKED: Final = "split-shipment-with-tracking"
SPLIT_UNTRACKED: Final = "split-shipment-without-tracking"
RETURN_LABEL: Final = "return-label-parcel"
DELAYED: Final = "delayed"
BACKORDER: Final = "backorder"
SHIPPING_MULTIPLE: Final = "several-shipping-methods"


def _scenario(name: str, customer: CustomerOf, order: OrderOf) -> Scenario:
    return Scenario(name=name, customers=(customer,), orders=(order,), payments=(charged(order),))


def _split_tracked() -> Scenario:
    """Three deliveries, the second of them in two parcels; the third item is still to come."""
    customer = person(SPLIT_TRACKED, "Nils Carstensen")
    second = Delivery(
        at="2026-11-19",
        contents={1: 2},
        parcels=(
            Parcel(tracking="1Z999AA10123456784", carrier="UPS", contents={1: 1}),
            Parcel(tracking="1Z999AA10123456793", carrier="UPS", contents={1: 1}),
        ),
    )
    order = order_for(
        customer,
        "DE-20301",
        "2026-11-16",
        TENT,
        of(BOTTLE, 2),
        of(MAT, 2),
        shipping=(Shipping(price="4.95", deliveries=(sent("2026-11-17", {0: 1}, "00340434161094049990"), second)),),
        payment_state="Paid",
        shipment_state="Partial",
        order_state="Confirmed",
    )
    return _scenario(SPLIT_TRACKED, customer, order)


def _split_untracked() -> Scenario:
    """Two deliveries: one parcel without tracking data, one without any parcel."""
    customer = person(SPLIT_UNTRACKED, "Olga Petrova")
    order = order_for(
        customer,
        "DE-20302",
        "2026-11-11",
        BOOTS,
        of(BOTTLE, 3),
        shipping=(
            Shipping(
                price="4.95",
                method="Own driver",
                deliveries=(
                    sent("2026-11-12", {0: 1}),
                    Delivery(at="2026-11-13", contents={1: 1}),
                ),
            ),
        ),
        payment_state="Paid",
        shipment_state="Partial",
        order_state="Confirmed",
    )
    return _scenario(SPLIT_UNTRACKED, customer, order)


def _return_label() -> Scenario:
    """Delivered; a second parcel is the label that the customer was sent for the way back."""
    customer = person(RETURN_LABEL, "Paula Richter")
    both = Delivery(
        at="2026-11-02",
        contents={0: 1},
        parcels=(
            Parcel(tracking="00340434161094040017", carrier="DHL"),
            Parcel(tracking="RR123456785DE", carrier="DHL", is_return=True),
        ),
    )
    order = order_for(
        customer,
        "DE-20303",
        "2026-11-01",
        BOOTS,
        shipping=(Shipping(price="4.95", deliveries=(both,)),),
        payment_state="Paid",
        shipment_state="Delivered",
        order_state="Complete",
        returns=(Return(at="2026-11-19", items=(ReturnItem(),), tracking="RR123456785DE"),),
    )
    return _scenario(RETURN_LABEL, customer, order)


def _delayed() -> Scenario:
    customer = person(DELAYED, "Quentin Moll")
    order = order_for(
        customer,
        "DE-20304",
        "2026-11-06",
        TENT,
        shipping=(Shipping(price="4.95", estimated=("2026-11-27", "2026-12-01")),),
        payment_state="Paid",
        shipment_state="Delayed",
        order_state="Confirmed",
    )
    return _scenario(DELAYED, customer, order)


def _backorder() -> Scenario:
    customer = person(BACKORDER, "Rita Stein")
    reserved = Transaction("Authorization", "Success", "59.00", "2026-10-30")
    order = order_for(
        customer,
        "DE-20305",
        "2026-10-30",
        LAMP,
        payment_state="Pending",
        shipment_state="Backorder",
        order_state="Open",
    )
    return Scenario(name=BACKORDER, customers=(customer,), orders=(order,), payments=(payment_for(order, reserved),))


def _multiple() -> Scenario:
    """`shippingMode: Multiple`: no `shippingInfo`, each method has its own deliveries."""
    customer = person(SHIPPING_MULTIPLE, "Stefan Vogt")
    order = order_for(
        customer,
        "DE-20306",
        "2026-11-08",
        TENT,
        BOOTS,
        several_shippings=True,
        shipping=(
            Shipping(price="4.95", deliveries=(sent("2026-11-09", {0: 1}, "00340434161094041120"),)),
            Shipping(
                price="12.50",
                method="Express courier",
                deliveries=(sent("2026-11-09", {1: 1}, "GX-5512", "GO! Express"),),
            ),
        ),
        payment_state="Paid",
        shipment_state="Shipped",
        order_state="Confirmed",
    )
    return _scenario(SHIPPING_MULTIPLE, customer, order)


SCENARIOS: Final = (_split_tracked(), _split_untracked(), _return_label(), _delayed(), _backorder(), _multiple())
