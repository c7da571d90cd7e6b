"""What is sold and where: orders, their lines, products, categories, branches."""

from carpel.inference.kind import MOMENT, PERSON, Kind, likes
from carpel.inference.words import listed

OF_A_SALE = listed(
    "order_id line_id quantity amount discount discount_percent discount_rate subtotal tax "
    "refunded_amount order_status cancelled refunded payment_method shipping_method net_amount"
)
"""Roles of a sale, which a file of things has no room for."""
SOLD = (
    Kind(
        "order_lines",
        ("order", "product"),
        "one row a product bought",
        (
            (*PERSON, "order_id", "full_name"),
            ("product_id", "product_name"),
            ("quantity", "unit_price", "product_id"),
        ),
        likes(
            "order_id=.12 quantity=.12 unit_price=.08 product_id=.08 amount=.06 at=.05 "
            "ordered_at=.08 line_id=.1"
        ),
        likes(
            "contract_id=.1 renews_at=.3 interval=.15 event_name=.2 subject=.3 url=.15 "
            "account_id=.05 started_at=.2 question=.4 rating=.2 session_id=.1"
        ),
        listed("line item order charge transaction"),
        groups=listed("order row account permit"),
    ),
    Kind(
        "orders",
        ("order",),
        "one row an order",
        (
            (*PERSON, "full_name", "order_id"),
            ("amount", "order_id", "subtotal"),
            (*MOMENT, "order_id"),
        ),
        likes(
            "created_at=.05 order_id=.15 amount=.12 ordered_at=.15 payment_method=.05 "
            "order_status=.05 tax=.05 discount=.04 shipping=.04 quantity=.04 at=.05"
        ),
        likes(
            "product_id=.3 line_id=.3 subject=.3 interval=.2 renews_at=.3 ticket_id=.4 "
            "opens=.3 campaign=.1 question=.4 answer=.1 event_name=.2 started_at=.2 plan=.15 "
            "ended_at=.35 rating=.3 question=.3 income=.15 education=.15 marital_status=.15 "
            "birth_year=.15 occupation=.1 age=.1"
        ),
        listed("order charge transaction receipt"),
        one_row=("order_id",),
        without=frozenset({"line_id"}),
        groups=listed("order row account permit"),
    ),
    Kind(
        "products",
        ("product",),
        "one row a product",
        (("product_id", "product_name"),),
        likes(
            "category=.15 subcategory=.05 brand=.1 unit_price=.08 product_name=.1 "
            "product_id=.15 unit_cost=.05 vendor=.03"
        ),
        likes("customer_id=.6 email=.6 order_id=.4 quantity=.05 line_id=.3 at=.1 full_name=.3"),
        listed("product item category"),
        base=0.35,
        one_row=("product_id", "product_name"),
        groups=listed("order row"),
        without=OF_A_SALE,
    ),
    Kind(
        "categories",
        ("category",),
        "one row a category",
        (("category",),),
        likes("category=.25"),
        likes(
            "customer_id=.6 email=.6 order_id=.5 product_id=.5 quantity=.4 at=.4 amount=.4 "
            "unit_price=.4 brand=.3 full_name=.3 first_name=.6 age=.6 spend=.5 product_name=.3"
        ),
        listed("category"),
        base=0.3,
        one_row=("category",),
        groups=listed("order row"),
        without=OF_A_SALE,
    ),
    Kind(
        "stores",
        ("store",),
        "one row a branch",
        (("store",),),
        likes("city=.15 region=.05 postcode=.1 street=.1 latitude=.1 country=.05"),
        likes(
            "customer_id=.6 email=.3 order_id=.5 amount=.3 product_id=.5 at=.3 quantity=.4 "
            "first_name=.5 checked_in_at=.5"
        ),
        listed("store location"),
        base=0.3,
        one_row=("store",),
        groups=listed("order row"),
    ),
    Kind(
        "rates",
        ("currency",),
        "one row a currency",
        (("currency",), ("exchange_rate",)),
        likes("exchange_rate=.3 currency=.2"),
        likes(
            "customer_id=.6 email=.6 order_id=.6 product_id=.6 amount=.4 quantity=.5 "
            "first_name=.6 full_name=.5 spend=.5 unit_price=.4 plan=.4"
        ),
        listed("fx currency"),
        base=0.35,
        one_row=("currency",),
        groups=listed("rate row"),
    ),
)
