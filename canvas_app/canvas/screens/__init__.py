"""What agents see: pure functions from facts to canvases, one file for each screen.

Component ids are what comes back with a click: `overview`, `refresh`, `retry`, `order:<id>`,
`number:<order number>`, `orders:<offset>`, `guest:<offset>`, `cart`, `details`, `search`,
`find` (with the input `query`), `pick:<customer id>`, `customer:<customer id>`, `contact`. They hold no
personal data. What is given as `memory` becomes the canvas' `stored_data` as it is.
"""

from canvas_app.canvas.screens.cart import cart
from canvas_app.canvas.screens.customer import customer_details
from canvas_app.canvas.screens.look import Look
from canvas_app.canvas.screens.order import order
from canvas_app.canvas.screens.orders import Whose, orders
from canvas_app.canvas.screens.overview import overview
from canvas_app.canvas.screens.search import nothing_found, nothing_typed, search_form, search_results
from canvas_app.canvas.screens.states import broke, not_installed, not_set_up, not_understood_note, shop_in_trouble

__all__ = [
    "Look",
    "Whose",
    "broke",
    "cart",
    "customer_details",
    "not_installed",
    "not_set_up",
    "not_understood_note",
    "nothing_found",
    "nothing_typed",
    "order",
    "orders",
    "overview",
    "search_form",
    "search_results",
    "shop_in_trouble",
]
