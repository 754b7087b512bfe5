"""What a draft of a subscription may hold, and how a subscription is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

CHANGES: Final = frozenset(
    {
        "approval-flow", "approval-rule", "associate-role", "business-unit", "cart", "cart-discount",
        "category", "channel", "customer", "customer-email-token", "customer-group", "customer-password-token",
        "discount-code", "extension", "inventory-entry", "key-value-document", "order", "order-edit", "payment",
        "product", "product-discount", "product-price", "product-selection", "product-tailoring",
        "product-type", "quote", "quote-request", "review", "shipping-method", "shopping-list", "staged-quote",
        "standalone-price", "state", "store", "subscription", "tax-category", "type", "zone",
    }
)  # fmt: skip
"""https://docs.commercetools.com/api/projects/subscriptions#changesubscriptionresourcetypeid"""
MESSAGES: Final = frozenset(
    {
        "approval-flow", "approval-rule", "associate-role", "business-unit", "category", "customer",
        "customer-email-token", "customer-group", "customer-password-token", "inventory-entry", "order",
        "payment", "product", "product-selection", "product-tailoring", "quote", "quote-request", "review",
        "staged-quote", "standalone-price", "store",
    }
)  # fmt: skip
"""No carts: https://docs.commercetools.com/api/projects/subscriptions#messagesubscriptionresourcetypeid"""

_KEYS: Final = frozenset({"accessKey", "accessSecret"})
FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "SQS": frozenset({"queueUrl", "region"}),
    "SNS": frozenset({"topicArn"}),
    "EventBridge": frozenset({"region", "accountId"}),
    "EventGrid": frozenset({"uri", "accessKey"}),
    "GoogleCloudPubSub": frozenset({"projectId", "topic"}),
    "AzureServiceBus": frozenset({"connectionString"}),
}
"""What each destination must have; those of AWS take keys as well."""
OF_AMAZON: Final = frozenset({"SQS", "SNS"})
_ADDRESS: Final = ("queueUrl", "topicArn", "uri", "topic", "accountId", "connectionString")


class Invalid(Exception):
    """Answered with 400 and these words."""

    def __init__(self, message: str, *, code: str = "InvalidInput") -> None:
        super().__init__(message)
        self.code = code


def checked_destination(given: object, format_: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(given, dict) or given.get("type") not in FIELDS:
        raise Invalid("Request body does not contain valid JSON. destination: unknown type", code="InvalidJsonInput")
    type_ = given["type"]
    mode = given.get("authenticationMode", "Credentials") if type_ in OF_AMAZON else None
    needed = FIELDS[type_] | (_KEYS if mode == "Credentials" else frozenset())
    allowed = needed | {"type"} | (_KEYS | {"authenticationMode"} if mode else frozenset())
    if lacking := [name for name in sorted(needed) if not isinstance(given.get(name), str) or not given[name]]:
        raise Invalid(f"destination.{lacking[0]}: Missing required value", code="RequiredField")
    if unknown := sorted(set(given) - allowed):
        raise Invalid(f"destination.{unknown[0]}: unknown field", code="InvalidJsonInput")
    if mode not in (None, "IAM", "Credentials"):
        raise Invalid(f"destination.authenticationMode: '{mode}' is unknown")
    if str(given.get("queueUrl", "")).endswith(".fifo"):
        raise Invalid("FIFO queues are not supported.")
    if type_ == "EventGrid" and format_["type"] != "CloudEvents":
        raise Invalid("The EventGrid destination supports the CloudEvents format only.")
    return {**given, **({"authenticationMode": mode} if mode else {})}


def checked_format(given: object) -> dict[str, Any]:
    if given is None:
        return {"type": "Platform"}
    if isinstance(given, dict) and given.get("type") == "Platform":
        return {"type": "Platform"}
    if isinstance(given, dict) and given.get("type") == "CloudEvents" and given.get("cloudEventsVersion") == "1.0":
        return dict(given)
    raise Invalid("format: unknown")


def checked_list(given: Mapping[str, Any], name: str, known: frozenset[str]) -> list[dict[str, Any]]:
    """`changes` or `messages`, as it will be shown."""
    entries = given.get(name) or []
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise Invalid(f"{name}: not a list of objects", code="InvalidJsonInput")
    for each in entries:
        if each.get("resourceTypeId") not in known:
            raise Invalid(f"{name}: '{each.get('resourceTypeId')}' cannot be subscribed to.")
    types: dict[str, Any] = {"types": []} if name == "messages" else {}
    return [{**types, **each} for each in entries]


def masked(held: Mapping[str, Any]) -> dict[str, Any]:
    """As the API shows it: of secrets, their end."""
    secret = _KEYS | {"connectionString"}
    shown = {name: f"{'*' * 8}{value[-3:]}" if name in secret else value for name, value in held["destination"].items()}
    if shown["type"] == "EventBridge":
        shown["source"] = f"aws.partner/commercetools.com/{held['id']}"
    return {**held, "destination": shown, "events": []}


def address_of(destination: Mapping[str, Any]) -> str:
    return next(str(destination[name]) for name in _ADDRESS if name in destination)
