"""Orders and carts of the sample shop: said as a merchant would, worked out by the platform's rules.

Amounts are strings in major units ("129.90"); times are ISO dates or date-times in UTC. What
comes out are REST documents: https://docs.commercetools.com/api/projects/orders#order
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.shop.amounts import VAT_DE, Tax, Taxed, cents, minor, precise, rounded
from sandbox.shop.identifiers import custom_line_item_id, line_item_id, order_id, payment_id, stable_id, state_id
from sandbox.shop.parcels import Delivery
from sandbox.shop.resources import Document
from sandbox.shop.returned import Return

Texts = Mapping[str, str] | str
"""A localized string, or its English text alone."""


def texts(value: Texts) -> dict[str, str]:
    """As commercetools' LocalizedString."""
    return {"en": value} if isinstance(value, str) else dict(value)


def moment(value: str) -> str:
    """A date ("2026-11-21") or date-time as the platform writes it; a bare date means ten in the morning."""
    return value if value.endswith("Z") else f"{value}T10:00:00.000Z" if len(value) == 10 else f"{value}:00.000Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line item. `reduced` is the product discount's unit price, `cart_price` the unit price after cart discounts."""

    name: Texts
    sku: str | None
    price: str
    quantity: int = 1
    reduced: str | None = None
    cart_price: str | None = None
    precise: bool = False  # `price` has more digits than the currency
    gift: bool = False
    state: str = "initial"  # key of the workflow state that all of it is in

    def document(self, *, order: str, index: int, currency: str, tax: Tax | None, at: str) -> dict[str, Any]:
        """The `LineItem`."""
        price: dict[str, Any] = {
            "id": stable_id("price", f"{order}/{index}"),
            "value": precise(self.price, currency) if self.precise else cents(minor(self.price, currency), currency),
        }
        if self.reduced is not None:
            discount = {"typeId": "product-discount", "id": stable_id("product-discount", "season")}
            price["discounted"] = {"value": cents(minor(self.reduced, currency), currency), "discount": discount}
        total = self.total(currency)
        return {
            "id": line_item_id(order, index),
            "productId": stable_id("product", self.sku or str(self.name)),
            "productKey": (self.sku or "product").lower(),
            "name": texts(self.name),
            "productSlug": {"en": (self.sku or "product").lower()},
            "variant": {"id": 1, **({"sku": self.sku} if self.sku else {}), "images": [], "attributes": []},
            "price": price,
            "quantity": self.quantity,
            "totalPrice": cents(total, currency),
            **_taxed(total, currency, tax),
            "discountedPricePerQuantity": self._discounted(currency),
            "state": [{"quantity": self.quantity, "state": {"typeId": "state", "id": state_id(self.state)}}],
            "lineItemMode": "GiftLineItem" if self.gift else "Standard",
            "priceMode": "Platform",
            "addedAt": at,
            "lastModifiedAt": at,
        }

    def total(self, currency: str) -> int:
        """In minor units, all item discounts applied."""
        if self.gift:
            return 0
        if self.cart_price is not None:
            return minor(self.cart_price, currency) * self.quantity
        if self.precise:
            unit = precise(self.price, currency)
            shift = len(str(10 ** unit["fractionDigits"])) - 1 - cents(0, currency)["fractionDigits"]
            return rounded(Decimal(unit["preciseAmount"] * self.quantity).scaleb(-shift))
        return minor(self.reduced or self.price, currency) * self.quantity

    def _discounted(self, currency: str) -> list[dict[str, Any]]:
        if self.cart_price is None and not self.gift:
            return []
        unit = 0 if self.gift else minor(self.cart_price or "0", currency)
        value = {"value": cents(unit, currency), "includedDiscounts": []}
        return [{"quantity": self.quantity, "discountedPrice": value}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """A custom line item: a fee, gift wrapping, a goodwill reduction (negative)."""

    name: Texts
    slug: str
    price: str
    quantity: int = 1

    def total(self, currency: str) -> int:
        return minor(self.price, currency) * self.quantity

    def document(self, *, order: str, index: int, currency: str, tax: Tax | None) -> dict[str, Any]:
        """The `CustomLineItem`."""
        total = self.total(currency)
        return {
            "id": custom_line_item_id(order, index),
            "name": texts(self.name),
            "slug": self.slug,
            "money": cents(minor(self.price, currency), currency),
            "quantity": self.quantity,
            "totalPrice": cents(total, currency),
            **_taxed(total, currency, tax),
            "discountedPricePerQuantity": [],
            "state": [{"quantity": self.quantity, "state": {"typeId": "state", "id": state_id("initial")}}],
            "priceMode": "Standard",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipping:
    """A shipping method with its price and what was handed over. `reduced` is the price after a shipping discount."""

    price: str
    method: str = "DHL Standard"
    reduced: str | None = None
    deliveries: tuple[Delivery, ...] = ()
    estimated: tuple[str, str] | None = None

    def charged(self, currency: str) -> int:
        return minor(self.reduced or self.price, currency)

    def document(self, *, order: str, currency: str, tax: Tax | None) -> dict[str, Any]:
        """The `ShippingInfo`."""
        price = cents(minor(self.price, currency), currency)
        document: dict[str, Any] = {
            "shippingMethodName": self.method,
            "price": price,
            "shippingRate": {"price": price, "tiers": []},
            "shippingMethod": {"typeId": "shipping-method", "id": stable_id("shipping-method", self.method)},
            **_taxed(self.charged(currency), currency, tax),
            "deliveries": [delivery.document(order=order) for delivery in self.deliveries],
            "shippingMethodState": "MatchesCart",
        }
        if self.reduced is not None:
            reduced = cents(minor(self.reduced, currency), currency)
            document["discountedPrice"] = {"value": reduced, "includedDiscounts": []}
        if self.estimated:
            document["estimatedDelivery"] = {"from": moment(self.estimated[0]), "until": moment(self.estimated[1])}
        return document


def _taxed(price: int, currency: str, tax: Tax | None) -> dict[str, Any]:
    if tax is None:
        return {}
    return {"taxRate": tax.document(), "taxedPrice": Taxed.of(price, tax).document(currency, tax)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """What an order and a cart have in common."""

    key: str  # the order's number; a name of ours where it has none
    items: tuple[Item, ...]
    currency: str = "EUR"
    tax: Tax | None = VAT_DE
    extras: tuple[Extra, ...] = ()
    shipping: tuple[Shipping, ...] = ()  # several: shippingMode Multiple
    several_shippings: bool = False
    discount_on_total: str | None = None
    codes: tuple[str, ...] = ()
    country: str | None = "DE"
    locale: str | None = "de-DE"
    store: str | None = None
    customer: str | None = None  # customer id; None = a guest's
    email: str | None = None
    origin: str = "Customer"
    custom: Mapping[str, Any] | None = None
    shipping_address: Document | None = None
    billing_address: Document | None = None

    def common(self, at: str) -> dict[str, Any]:
        """The fields of both, prices worked out."""
        return {
            **_present(
                customerId=self.customer,
                customerEmail=self.email,
                country=self.country,
                locale=self.locale,
                shippingAddress=self.shipping_address,
                billingAddress=self.billing_address,
                store={"typeId": "store", "key": self.store} if self.store else None,
                anonymousId=None if self.customer else stable_id("anonymous", self.key),
            ),
            "lineItems": [
                item.document(order=self.key, index=index, currency=self.currency, tax=self.tax, at=at)
                for index, item in enumerate(self.items)
            ],
            "customLineItems": [
                extra.document(order=self.key, index=index, currency=self.currency, tax=self.tax)
                for index, extra in enumerate(self.extras)
            ],
            **self._prices(),
            **self._shipping(),
            "discountCodes": [
                {
                    "discountCode": {"typeId": "discount-code", "id": stable_id("discount-code", code)},
                    "state": "MatchesCart",
                }
                for code in self.codes
            ],
            "directDiscounts": [],
            "refusedGifts": [],
            "itemShippingAddresses": [],
            "taxMode": "Platform" if self.tax else "External",
            "taxRoundingMode": "HalfEven",
            "taxCalculationMode": "LineItemLevel",
            "inventoryMode": "None",
            "origin": self.origin,
            **({"custom": _custom(self.custom)} if self.custom else {}),
        }

    def _line_prices(self) -> list[int]:
        charged = [shipping.charged(self.currency) for shipping in self.shipping]
        items = [item.total(self.currency) for item in self.items]
        return items + [extra.total(self.currency) for extra in self.extras] + charged

    def total(self) -> int:
        """`totalPrice` in minor units."""
        return sum(self._line_prices()) - minor(self.discount_on_total or "0", self.currency)

    def gross(self) -> int:
        """What the customer owes, in minor units."""
        return self._taxed_total().gross if self.tax else self.total()

    def _taxed_total(self) -> Taxed:
        assert self.tax is not None
        tax = self.tax
        lines = Taxed.sum(Taxed.of(price, tax) for price in self._line_prices())
        return lines - Taxed.of(minor(self.discount_on_total or "0", self.currency), tax)

    def _prices(self) -> dict[str, Any]:
        prices: dict[str, Any] = {"totalPrice": cents(self.total(), self.currency)}
        if self.tax:
            prices["taxedPrice"] = self._taxed_total().document(self.currency, self.tax)
        if self.tax and self.shipping:
            parts = (Taxed.of(shipping.charged(self.currency), self.tax) for shipping in self.shipping)
            prices["taxedShippingPrice"] = Taxed.sum(parts).document(self.currency, self.tax)
        if self.discount_on_total is not None:
            discount = minor(self.discount_on_total, self.currency)
            prices["discountOnTotalPrice"] = {
                "discountedAmount": cents(discount, self.currency),
                "includedDiscounts": [],
            }
            if self.tax:
                taxed = Taxed.of(discount, self.tax)
                prices["discountOnTotalPrice"] |= {
                    "discountedNetAmount": cents(taxed.net, self.currency),
                    "discountedGrossAmount": cents(taxed.gross, self.currency),
                }
        return prices

    def _shipping(self) -> dict[str, Any]:
        documents = [
            shipping.document(order=self.key, currency=self.currency, tax=self.tax) for shipping in self.shipping
        ]
        if not self.several_shippings:
            single = {"shippingInfo": documents[0]} if documents else {}
            return {"shippingMode": "Single", "shipping": [], **single}
        several = [
            {"shippingKey": f"parcel-{number}", "shippingInfo": document, "shippingAddress": self.shipping_address}
            for number, document in enumerate(documents, start=1)
        ]
        return {"shippingMode": "Multiple", "shipping": several}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOf(Sale):
    """An order. `number` is None for one without; `payments` are the names of payments, see `payments.PaymentOf`."""

    placed: str
    modified: str | None = None
    version: int = 4
    number: str | None = None
    has_number: bool = True
    order_state: str = "Open"
    payment_state: str | None = None
    shipment_state: str | None = None
    workflow_state: str | None = None
    payments: Sequence[str] = ()
    returns: tuple[Return, ...] = ()
    completed: str | None = None
    purchase_order_number: str | None = None
    business_unit: str | None = None
    external_ids: tuple[str, ...] = ()

    def document(self) -> Document:
        """The `Order`."""
        placed = moment(self.placed)
        number = (self.number or self.key) if self.has_number else None
        return {
            "type": "Order",
            "id": order_id(self.key),
            "version": self.version,
            "createdAt": placed,
            "lastModifiedAt": moment(self.modified or self.placed),
            **self.common(placed),
            "orderState": self.order_state,
            "syncInfo": [self._sync_info(external_id) for external_id in self.external_ids],
            "returnInfo": [returned.document(order=self.key) for returned in self.returns],
            **_present(
                orderNumber=number,
                purchaseOrderNumber=self.purchase_order_number,
                paymentState=self.payment_state,
                shipmentState=self.shipment_state,
                completedAt=moment(self.completed) if self.completed else None,
                state={"typeId": "state", "id": state_id(self.workflow_state)} if self.workflow_state else None,
                businessUnit={"typeId": "business-unit", "key": self.business_unit} if self.business_unit else None,
                paymentInfo=self._payment_info(),
            ),
        }

    def _payment_info(self) -> dict[str, Any] | None:
        references = [{"typeId": "payment", "id": payment_id(name)} for name in self.payments]
        return {"payments": references} if references else None

    def _sync_info(self, external_id: str) -> dict[str, Any]:
        channel = {"typeId": "channel", "id": stable_id("channel", "erp")}
        return {"channel": channel, "externalId": external_id, "syncedAt": moment(self.modified or self.placed)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CartOf(Sale):
    """A cart."""

    created: str
    modified: str
    cart_state: str = "Active"

    def document(self) -> Document:
        """The `Cart`: https://docs.commercetools.com/api/projects/carts#cart"""
        created = moment(self.created)
        return {
            "type": "Cart",
            "id": stable_id("cart", self.key),
            "version": 3,
            "createdAt": created,
            "lastModifiedAt": moment(self.modified),
            **self.common(created),
            "cartState": self.cart_state,
            "totalLineItemQuantity": sum(item.quantity for item in self.items),
            "deleteDaysAfterLastModification": 90,
        }


def _present(**values: Any) -> dict[str, Any]:
    """REST leaves out what has no value."""
    return {name: value for name, value in values.items() if value is not None}


def _custom(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": {"typeId": "type", "id": stable_id("type", "sample-fields")}, "fields": dict(fields)}
