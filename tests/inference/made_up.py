"""Files of well-known layouts with made-up values, from tables of how columns are filled."""

import csv
import hashlib
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent
FIRST = [
    "Anna",
    "Ben",
    "Carla",
    "David",
    "Emma",
    "Felix",
    "Greta",
    "Hugo",
    "Ida",
    "Jonas",
    "Karin",
    "Luis",
    "Mona",
    "Nils",
]
LAST = [
    "Adler",
    "Brandt",
    "Costa",
    "Dupont",
    "Evans",
    "Fischer",
    "Garcia",
    "Hansen",
    "Ito",
    "Jensen",
    "Keller",
    "Lopez",
]
CITIES = ["Springfield", "Lyon", "Hamburg", "Porto", "Utrecht", "Torino", "Sevilla", "Boston"]
GOODS = "White mug,Blue plate,Red lamp,Oak table,Glass vase,Wool scarf,Paper kite,Tin box"
DELIMITERS = {";": ";", "tab": "\t"}


@dataclass(frozen=True)
class Layout:
    name: str
    kind: str
    shape: str
    delimiter: str
    columns: tuple[tuple[str, str, frozenset[str]], ...]


def layouts(table: str) -> Iterator[Layout]:
    """The layouts that a table in this folder lists."""
    for block in (HERE / table).read_text("utf-8").split("\n== ")[1:]:
        head, *lines = block.strip().splitlines()
        name, kind, shape, *more = head.split()
        columns = [tuple(part.strip() for part in line.split(" | ")) for line in lines]
        yield Layout(
            name,
            kind,
            shape,
            DELIMITERS.get(more[0], ",") if more else ",",
            tuple((n, v, frozenset(r.split("/"))) for n, v, r in columns),
        )


class Row:
    """One made-up row: who, which order, which product, when."""

    def __init__(self, number: int, shape: str, rng: random.Random) -> None:
        self.number, self.rng = number, rng
        self.order = number // 3 if shape == "lines" else number
        self.line = number % 3 if shape == "lines" else 0
        self.person = (
            number
            if shape in ("people", "companies", "products", "spend")
            else random.Random(self.order).randrange(40)
        )
        self.product = number if shape == "products" else rng.randrange(25)
        self.quantity = rng.randint(1, 5)
        self.price = round(random.Random(f"price{self.product}").uniform(2, 40), 2)
        start = datetime(2021, 1, 1, tzinfo=UTC)
        seconds = random.Random(f"at{self.order}").randrange(600 * 86400)
        self.at = start + timedelta(seconds=seconds)

    def value(self, spec: str) -> str:
        word, _, rest = spec.partition(" ")
        if word == "first":
            return self.value(rest) if self.line == 0 else ""
        if word in ("maybe", "maybe5"):
            kept = 0.75 if word == "maybe" else 0.1
            return self.value(rest) if random.Random(f"m{self.order}").random() < kept else ""
        made = getattr(self, f"_{word}")(rest)
        return str(made)

    def _numbered(self, text: str, index: int) -> str:
        before, _, after = text.strip().partition("{")
        base, _, end = after.partition("}")
        return f"{before}{int(base) + index}{end}"

    def _order(self, text: str) -> str:
        return self._numbered(text, self.order)

    def _cancelled(self, text: str) -> str:
        return ("C" if self.order % 12 == 5 else "") + self._numbered(text, self.order)

    def _person(self, text: str) -> str:
        return self._numbered(text, self.person)

    def _product(self, text: str) -> str:
        return self._numbered(text, self.product)

    def _row(self, text: str) -> str:
        return self._numbered(text, self.number)

    def _hash(self, _: str) -> str:
        return hashlib.md5(f"r{self.number}".encode()).hexdigest()

    def _phash(self, _: str) -> str:
        return hashlib.md5(f"p{self.person}".encode()).hexdigest()

    def _ohash(self, _: str) -> str:
        return hashlib.md5(f"o{self.order}".encode()).hexdigest()

    def _prhash(self, _: str) -> str:
        return hashlib.md5(f"g{self.product}".encode()).hexdigest()

    def _lineno(self, _: str) -> int:
        return self.line + 1

    def _pname(self, _: str) -> str:
        names = GOODS.split(",")
        return f"{names[self.product % len(names)]} no. {self.product}"

    def _returns(self, _: str) -> int:
        return -self.quantity if self.order % 12 == 5 else self.quantity

    def _price(self, _: str) -> str:
        return f"{self.price:.2f}"

    def _linetotal(self, _: str) -> str:
        return f"{self.price * self.quantity:.2f}"

    def _int(self, text: str) -> int:
        low, high = map(int, text.split())
        return self.rng.randint(low, high)

    def _money(self, text: str) -> str:
        low, high = map(float, text.split())
        return f"{self.rng.uniform(low, high):.2f}"

    def _negmoney(self, text: str) -> str:
        return f"-{self._money(text)}"

    def _dollars(self, text: str) -> str:
        return f"${self._money(text)}"

    def _comma(self, text: str) -> str:
        return self._money(text).replace(".", ",")

    def _choice(self, text: str) -> str:
        return self.rng.choice(text.split(","))

    def _const(self, text: str) -> str:
        return text

    def _blank(self, _: str) -> str:
        return ""

    def _text(self, _: str) -> str:
        words = [
            "the",
            "parcel",
            "came",
            "late",
            "and",
            "the",
            "box",
            "was",
            "open",
            "please",
            "call",
            "me",
            "back",
            "about",
            "it",
        ]
        return " ".join(self.rng.choice(words) for _ in range(14))

    def _odate(self, text: str) -> str:
        return self.at.strftime(text)

    def _later(self, text: str) -> str:
        """So many days after the row's time."""
        days, _, form = text.partition(" ")
        return (self.at + timedelta(days=int(days))).strftime(form)

    def _otime(self, _: str) -> str:
        return self.at.strftime("%H:%M:%S")

    def _birth(self, text: str) -> str:
        return datetime(
            1950 + self.person % 50, 1 + self.person % 12, 1 + self.person % 28, tzinfo=UTC
        ).strftime(text)

    def _first_name(self, _: str) -> str:
        return FIRST[self.person % len(FIRST)]

    def _last_name(self, _: str) -> str:
        return LAST[self.person % len(LAST)]

    def _full(self, _: str) -> str:
        return f"{self._first_name('')} {self._last_name('')}"

    def _email(self, _: str) -> str:
        return f"{self._first_name('').lower()}{self.person}@example.com"

    def _phone(self, _: str) -> str:
        return f"+1 555 01{self.person:05d}"

    def _street(self, _: str) -> str:
        return f"{10 + self.person} {LAST[self.person % 12]} Road"

    def _city(self, _: str) -> str:
        return CITIES[self.person % len(CITIES)]

    def _zip(self, _: str) -> str:
        return f"{10115 + self.person * 7:05d}"

    def _state(self, _: str) -> str:
        return ("CA", "NY", "TX", "WA")[self.person % 4]

    def _country(self, _: str) -> str:
        return ("United Kingdom", "France", "Germany")[self.person % 3]

    def _country2(self, _: str) -> str:
        return ("US", "GB", "DE")[self.person % 3]

    def _company(self, _: str) -> str:
        return f"{LAST[self.person % 7]} Ltd"

    def _companyrow(self, _: str) -> str:
        return f"{LAST[self.person % 12]} {self.person} GmbH"

    def _domain(self, _: str) -> str:
        return f"firm{self.person}.example.com"

    def _category(self, _: str) -> str:
        return ("Home", "Kitchen", "Garden", "Toys")[self.product % 4]

    def _brand(self, _: str) -> str:
        return ("Acme", "Globex", "Initech")[self.product % 3]

    def _ip(self, _: str) -> str:
        return f"10.0.{self.person % 200}.7"

    def _psha(self, _: str) -> object:
        return hashlib.sha256(f"p{self.person}".encode()).hexdigest()

    def _phash10(self, _: str) -> object:
        return hashlib.md5(f"p{self.person}".encode()).hexdigest()[:10]

    def _float(self, text: str) -> object:
        a, b = map(float, text.split())
        return f"{self.rng.uniform(a, b):.6f}"

    def _float1(self, text: str) -> object:
        a, b = map(float, text.split())
        return f"{self.rng.uniform(a, b):.1f}"

    def _nth(self, text: str) -> object:
        parts = text.split(",")
        return parts[self.person % len(parts)]

    def _pcat(self, text: str) -> object:
        parts = text.split(",")
        return parts[self.product % len(parts)]

    def _pint(self, text: str) -> object:
        a, b = map(int, text.split())
        return a + self.person * 7 % (b - a + 1)

    def _qty(self, _: str) -> object:
        return self.quantity

    def _qtycomma(self, _: str) -> object:
        return f"{self.quantity},00"

    def _linecost(self, _: str) -> object:
        return int(self.price * self.quantity * 0.7)

    def _linetotalint(self, _: str) -> object:
        return int(self.price * self.quantity) + 1

    def _linetotal95(self, _: str) -> object:
        return f"{self.price * self.quantity * 0.95:.2f}"

    def _epochms(self, _: str) -> object:
        return int(self.at.timestamp()) * 1000 + self.number

    def _epochus(self, _: str) -> object:
        return int(self.at.timestamp()) * 1_000_000 + self.number

    def _epoch(self, _: str) -> object:
        return int(self.at.timestamp())

    def _ouuid(self, _: str) -> object:
        return str(uuid.UUID(hashlib.md5(f"o{self.order}".encode()).hexdigest()))

    def _shuffled(self, text: str) -> object:
        return self._numbered(text, (self.number * 7919) % 100000)

    def _zeromoney(self, text: str) -> object:
        return "0.00" if self.rng.random() < 0.4 else self._money(text)

    def _mmdd(self, _: str) -> object:
        return f"{1 + self.person % 12:02d}/{1 + self.person % 28:02d}"

    def _fullmail(self, _: str) -> object:
        return f"{self._full('')} ({self._email('')})"

    def _usphone(self, _: str) -> object:
        return f"(555) 0{self.person % 90 + 10}-{1000 + self.person:04d}"

    def _frphone(self, _: str) -> object:
        return f"06 12 34 {self.person % 90 + 10} {self.person // 90 + 10}"

    def _localphone(self, _: str) -> object:
        return f"{330 + self.person % 90}-{1000 + self.person * 3:04d}"

    def _eprice(self, _: str) -> object:
        return self._eu(self.price * 37)

    def _elinetotal(self, _: str) -> object:
        return self._eu(self.price * 37 * self.quantity)

    def _eu(self, x: float) -> str:
        return f"{x:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")

    def _dollarsk(self, _: str) -> object:
        return f"${self.rng.randint(1, 15) * 10},000 "

    def _ordertotal(self, _: str) -> object:
        return f"{random.Random(f't{self.order}').uniform(10, 200):.2f}"

    def _zipq(self, _: str) -> object:
        return "'" + self._zip("")

    def _dlinetotal(self, _: str) -> object:
        x = self._returns("") * self.price
        return f"${x:.2f}" if x >= 0 else f"-${-x:.2f}"

    def _ddollarneg(self, _: str) -> object:
        return "$0.00" if self.rng.random() < 0.7 else f"-${self.rng.uniform(1, 3):.2f}"

    def _lastfirst(self, _: str) -> object:
        return f"{self._last_name('')}, {self._first_name('')}"


def made(layout: Layout, folder: Path) -> Path:
    """The layout as a file of 240 rows, the same every time."""
    rng = random.Random(layout.name)
    path = folder / layout.name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=layout.delimiter)
        writer.writerow([name for name, _, _ in layout.columns])
        for number in range(240):
            row = Row(number, layout.shape, rng)
            writer.writerow([row.value(spec) for _, spec, _ in layout.columns])
    return path
