"""The shop's database: what an article costs and how much of it there is, what is known of a customer."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Boolean, Column, Engine, Integer, MetaData, String, Table, create_engine, insert, inspect, select
from sqlalchemy.exc import SQLAlchemyError

HERE = Path(__file__).parent
tables = MetaData()
products = Table(
    "products", tables,
    Column("key", String(20), primary_key=True), Column("name_fr", String(60)), Column("name_en", String(60)),
    Column("price", String(20)), Column("stock", Integer), Column("lead_days", Integer),
)  # fmt: skip
customers = Table(
    "customers", tables,
    Column("address", String(200), primary_key=True), Column("name", String(100)), Column("orders_placed", Integer),
    Column("disputed", Boolean),
)  # fmt: skip


@dataclass(frozen=True)
class Product:
    """An article: its names, its price in €, how many there are, days to make more."""

    key: str
    name_fr: str
    name_en: str
    price: Decimal
    stock: int
    lead_days: int


@dataclass(frozen=True)
class Customer:
    """Who writes; of somebody unknown, no name and no orders."""

    address: str
    name: str = ""
    orders_placed: int = 0
    disputed: bool = False


def opened(url: str) -> Engine:
    """The database, made from the CSV files where it is empty. Raises OSError where it cannot be used."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        made = inspect(engine).has_table(products.name)
    except SQLAlchemyError as error:
        raise OSError(f"{engine.url.render_as_string()}: {getattr(error, 'orig', error)}") from None
    if not made:
        with engine.begin() as connection:
            tables.create_all(connection)
            for table, name in ((products, "stock.csv"), (customers, "customers.csv")):
                with (HERE / name).open(encoding="utf-8", newline="") as file:
                    connection.execute(insert(table), [_typed(table, row) for row in csv.DictReader(file)])
    return engine


def product(engine: Engine, key: str) -> Product:
    """The article of a key."""
    with engine.connect() as connection:
        row = connection.execute(select(products).where(products.c.key == key)).one()
    return Product(row.key, row.name_fr, row.name_en, Decimal(row.price), row.stock, row.lead_days)


def customer(engine: Engine, address: str) -> Customer:
    """What is known of who writes from an address."""
    with engine.connect() as connection:
        row = connection.execute(select(customers).where(customers.c.address == address.lower())).one_or_none()
    return Customer(row.address, row.name, row.orders_placed, row.disputed) if row else Customer(address.lower())


def _typed(table: Table, row: dict[str, str]) -> dict[str, object]:
    kinds = {name: type(table.c[name].type) for name in row}
    return {
        name: int(text) if kinds[name] is Integer else text == "1" if kinds[name] is Boolean else text
        for name, text in row.items()
    }
