"""`python -m benchmarks.big_shop --customers 10000 --orders-each 5`: a shop of any size that answers at once.

All customers and orders are like one of the sample shop, under ids, numbers and addresses of their own: what is asked
of one of them the stand-in is asked once, and its answer is the pattern for all. A page of a hundred orders takes
about two milliseconds. `POST /_control` changes prices, which is what attributes tell and no event.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sandbox.commercetools import CommercetoolsStandIn
from sandbox.commercetools.graphql_door import GraphQLRequest, read_request
from sandbox.commercetools.schema import schema
from sandbox.commercetools.stand_in import CONTROL_PATH
from sandbox.shop import sample_shop
from sandbox.shop.identifiers import order_id as id_of_sample_order
from sandbox.wire.answers import Answer, as_json
from sandbox.wire.faults import Fault
from sandbox.wire.server import Wire

MODEL_ORDER: Final = "DE-20302"  # two items in two parcels, paid; nothing came back
OLD: Final = "2026-06-01T10:00:00.000Z"  # when everything was touched last that nobody touched since
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")
_AFTER_ID: Final = re.compile(r'\bid > "([0-9a-f]{8})')
_OF_CUSTOMER: Final = re.compile(r'customerId = "([0-9a-f]{8})')
_SINCE: Final = re.compile(r'lastModifiedAt >=? "([^"]+)"')
_MARK: Final = "@prefix@"  # where an id of the pattern begins


@dataclass(frozen=True, slots=True)
class Size:
    """How many customers there are, and how many orders each of them has."""

    customers: int
    orders_each: int

    @property
    def orders(self) -> int:
        return self.customers * self.orders_each

    def customer_of(self, order: int) -> int:
        """Both are counted from 1."""
        return (order - 1) // self.orders_each + 1

    def orders_of(self, customer: int) -> range:
        return range((customer - 1) * self.orders_each + 1, customer * self.orders_each + 1)


@dataclass(frozen=True, slots=True)
class Names:
    """Ids by number: eight digits that sort as numbers do, and the rest of a sample's id."""

    order_tail: str
    customer_tail: str

    @classmethod
    def of_samples(cls) -> Names:
        shop = sample_shop()
        order = shop.get("order", id_of_sample_order(MODEL_ORDER))
        assert order is not None
        return cls(order["id"][8:], order["customerId"][8:])

    def order(self, number: int) -> str:
        return f"{number:08x}{self.order_tail}"

    def customer(self, number: int) -> str:
        return f"{number:08x}{self.customer_tail}"


class Prices:
    """What was touched, and how often: each time a version and a cent more. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._versions = 1
        self._cents = 0
        self._touched: dict[int, tuple[int, str]] = {}

    def touch(self, order: int, *, times: int = 1) -> None:
        """This order changes now, and whoever watches the shop sees it."""
        with self._lock:
            before, _ = self._touched.get(order, (0, OLD))
            self._touched[order] = before + times, _now()

    def rewrite(self, *, cents: int) -> None:
        """All orders have a new version, and so much is added to what they cost; only who asks finds out."""
        with self._lock:
            self._versions += 1
            self._cents += cents

    def of(self, order: int) -> tuple[int, int, str]:
        """Version, cents on top, and the time of the last change."""
        times, modified = self._touched.get(order, (0, OLD))
        return self._versions + times, self._cents + times, modified

    def touched_since(self, since: str) -> list[int]:
        with self._lock:
            found = [(modified, order) for order, (_, modified) in self._touched.items() if modified >= since]
        return [order for _, order in sorted(found)]


class Pattern:
    """An order or customer as JSON with gaps."""

    def __init__(self, node: dict[str, Any], values: Iterable[str]) -> None:
        text = _UUID.sub(rf"{_MARK}\1", json.dumps(node, ensure_ascii=False, separators=(",", ":")))
        parts = re.split("|".join([re.escape(_MARK), *(f'"{value}"' for value in values)]), text)
        gaps = re.findall("|".join([re.escape(_MARK), *(f'"{value}"' for value in values)]), text)
        self._parts, self._gaps = parts, [gap.strip('"') for gap in gaps]

    def filled(self, values: Mapping[str, str]) -> str:
        """With each gap's value, which is JSON but for the beginnings of ids."""
        written = [self._parts[0]]
        for gap, part in zip(self._gaps, self._parts[1:], strict=True):
            written += (values[gap], part)
        return "".join(written)


_ORDER_GAPS: Final = ("@version@", "@number@", "@customer@", "@email@", "@modified@", "@net@", "@gross@")
_CUSTOMER_GAPS: Final = ("@version@", "@email@")


class BigShop:
    """Stands behind the wire of the stand-in, which does everything that is the same for all."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.prices = Prices()
        self.names = Names.of_samples()
        self.asked: Counter[str] = Counter()
        self._stand_in: Final = CommercetoolsStandIn(sample_shop())
        self._patterns: dict[str, Pattern] = {}
        self._answers: Mapping[str, Callable[[GraphQLRequest, Mapping[str, str]], str]] = {
            "OrderFact": self._order,
            "CustomerFact": self._customer,
            "CartFact": lambda asked, headers: '{"customerActiveCart":null}',
            "OrderFacts": self._orders,
            "CustomerFacts": self._customers,
            "ChangedOrders": self._changed_orders,
            "ChangedCustomers": lambda asked, headers: '{"customers":{"results":[]}}',
            "ChangedPayments": lambda asked, headers: '{"payments":{"results":[]}}',
            "ChangedCarts": lambda asked, headers: '{"carts":{"results":[]}}',
            "CountOrders": lambda asked, headers: f'{{"orders":{{"total":{size.orders}}}}}',
            "CountCustomers": lambda asked, headers: f'{{"customers":{{"total":{size.customers}}}}}',
            "CountCarts": lambda asked, headers: '{"carts":{"total":0}}',
        }

    def respond(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[Answer, Fault | None]:
        if path == CONTROL_PATH:
            return self._control(json.loads(body or b"{}")), None
        asked = read_request(body) if path.endswith("/graphql") else None
        answer = self._answers.get(asked.operation) if asked else None
        if asked is None or answer is None:
            return self._stand_in.respond(method, path, headers, body)
        self.asked[asked.operation] += 1
        content = f'{{"data":{answer(asked, headers)}}}'.encode()
        return Answer(200, content, {"Content-Type": "application/json; charset=utf-8"}), None

    def fault_is_on(self, fault: Fault) -> bool:
        return False

    def _control(self, change: dict[str, Any]) -> Answer:
        """`{"touch": [order numbers], "times": 1}`, `{"rewrite": cents}`, `{"clear_log": true}`."""
        for order in change.get("touch", ()):
            self.prices.touch(order, times=change.get("times", 1))
        if "rewrite" in change:
            self.prices.rewrite(cents=change["rewrite"])
        if change.get("clear_log"):
            self.asked.clear()
        return as_json({"requests_by_operation": dict(self.asked)})

    def _order(self, asked: GraphQLRequest, headers: Mapping[str, str]) -> str:
        number = int(asked.variables["id"][:8], 16)
        if not 1 <= number <= self.size.orders:
            return '{"order":null}'
        return f'{{"order":{self._order_node(asked, headers, number)}}}'

    def _customer(self, asked: GraphQLRequest, headers: Mapping[str, str]) -> str:
        number = int(asked.variables["id"][:8], 16)
        if not 1 <= number <= self.size.customers:
            return '{"customer":null}'
        return f'{{"customer":{self._customer_node(asked, headers, number)}}}'

    def _orders(self, asked: GraphQLRequest, headers: Mapping[str, str]) -> str:
        page = self._page(asked, self.size.orders)
        return f'{{"orders":{{"results":[{",".join(self._order_node(asked, headers, each) for each in page)}]}}}}'

    def _customers(self, asked: GraphQLRequest, headers: Mapping[str, str]) -> str:
        page = self._page(asked, self.size.customers)
        nodes = ",".join(self._customer_node(asked, headers, each) for each in page)
        return f'{{"customers":{{"results":[{nodes}]}}}}'

    def _page(self, asked: GraphQLRequest, last: int) -> range:
        found = _AFTER_ID.search(asked.variables.get("where") or "")
        first = int(found[1], 16) + 1 if found else 1
        return range(first, min(last, first + int(asked.variables["limit"]) - 1) + 1)

    def _changed_orders(self, asked: GraphQLRequest, headers: Mapping[str, str]) -> str:
        """The lists that the sync asks for: what changed, and whose orders there are. Guests have none."""
        where = asked.variables.get("where") or ""
        if found := _OF_CUSTOMER.search(where):
            orders: Iterable[int] = self.size.orders_of(int(found[1], 16))
        elif since := _SINCE.search(where):
            orders = self.prices.touched_since(since[1])
        else:
            orders = ()
        rows = [self._row(order) for order in orders]
        return f'{{"orders":{{"results":{json.dumps(rows)}}}}}'

    def _row(self, order: int) -> dict[str, object]:
        version, _, modified = self.prices.of(order)
        return {"id": self.names.order(order), "version": version, "lastModifiedAt": modified}

    def _order_node(self, asked: GraphQLRequest, headers: Mapping[str, str], number: int) -> str:
        version, cents, modified = self.prices.of(number)
        customer = self.size.customer_of(number)
        values = {
            _MARK: f"{number:08x}",
            "@version@": str(version),
            "@number@": f'"N-{number:06d}"',
            "@customer@": f'"{self.names.customer(customer)}"',
            "@email@": f'"{_address(customer)}"',
            "@modified@": f'"{modified}"',
            "@net@": str(10_000 + cents),
            "@gross@": str(11_900 + cents),
        }
        return self._pattern(asked, headers, "order", _order_with_gaps, _ORDER_GAPS).filled(values)

    def _customer_node(self, asked: GraphQLRequest, headers: Mapping[str, str], number: int) -> str:
        values = {_MARK: f"{number:08x}", "@version@": "1", "@email@": f'"{_address(number)}"'}
        return self._pattern(asked, headers, "customer", _customer_with_gaps, _CUSTOMER_GAPS).filled(values)

    def _pattern(
        self,
        asked: GraphQLRequest,
        headers: Mapping[str, str],
        root: str,
        with_gaps: Callable[[dict[str, Any]], dict[str, Any]],
        gaps: Iterable[str],
    ) -> Pattern:
        pattern = self._patterns.get(asked.query)
        if pattern is None:
            pattern = Pattern(with_gaps(self._sample(asked, headers, root)), gaps)
            self._patterns[asked.query] = pattern
        return pattern

    def _sample(self, asked: GraphQLRequest, headers: Mapping[str, str], root: str) -> dict[str, Any]:
        """What the stand-in says to this question about the sample. Raises `RuntimeError` when it refuses to."""
        order = self._stand_in.shop.get("order", id_of_sample_order(MODEL_ORDER))
        assert order is not None
        wanted = order["id"] if root == "order" else order["customerId"]
        about = {"where": f'id = "{wanted}"', "limit": 1} if "limit" in asked.variables else {"id": wanted}
        question = {
            "query": asked.query,
            "operationName": asked.operation,
            "variables": {**asked.variables, **about},
        }
        path = f"/{self._stand_in.project_key}/graphql"
        answer, _ = self._stand_in.respond("POST", path, headers, json.dumps(question).encode())
        content = json.loads(answer.body)
        if answer.status != 200 or content.get("errors"):
            raise RuntimeError(f"the sample cannot be read: {answer.body[:300]!r}")
        node: dict[str, Any] = content["data"][f"{root}s"]["results"][0] if "limit" in about else content["data"][root]
        return node


def _order_with_gaps(node: dict[str, Any]) -> dict[str, Any]:
    taxed = node["taxedPrice"] or {"totalNet": {}, "totalGross": {}}
    return {
        **node,
        "version": "@version@",
        "orderNumber": "@number@",
        "customerId": "@customer@",
        "lastModifiedAt": "@modified@",
        "totalPrice": node["totalPrice"] | {"centAmount": "@gross@"},
        "taxedPrice": {
            **taxed,
            "totalNet": taxed["totalNet"] | {"centAmount": "@net@"},
            "totalGross": taxed["totalGross"] | {"centAmount": "@gross@"},
        },
        **({"customerEmail": "@email@"} if "customerEmail" in node else {}),
    }


def _customer_with_gaps(node: dict[str, Any]) -> dict[str, Any]:
    return {**node, "version": "@version@", **({"email": "@email@"} if "email" in node else {})}


def _address(customer: int) -> str:
    return f"customer-{customer}@nordmail.example"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def main() -> None:
    """Serve until SIGINT or SIGTERM; prints one line with the address when it is ready."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.big_shop", description=__doc__)
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--orders-each", type=int, default=5)
    arguments = parser.parse_args()
    stopped = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: stopped.set())
    schema()  # built now, not within the first request
    wire = Wire(0, BigShop(Size(arguments.customers, arguments.orders_each)))
    thread = threading.Thread(target=wire.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    print(f"a shop with {arguments.customers} customers at {wire.url}", flush=True)
    stopped.wait()
    wire.stop()
    thread.join()


if __name__ == "__main__":
    main()
