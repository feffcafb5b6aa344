"""The shape of the Sakila sample database (a chain that lends films), by its published table and column names."""

# ruff: noqa: E501 - a table a line reads best
from tests.init.schemas.filling import price, put, stamp

DDL = """
CREATE TABLE actor (actor_id INTEGER PRIMARY KEY, first_name VARCHAR(45) NOT NULL, last_name VARCHAR(45) NOT NULL, last_update TIMESTAMP NOT NULL);
CREATE TABLE address (address_id INTEGER PRIMARY KEY, address VARCHAR(50) NOT NULL, district VARCHAR(20), phone VARCHAR(20), last_update TIMESTAMP);
CREATE TABLE category (category_id INTEGER PRIMARY KEY, name VARCHAR(25) NOT NULL, last_update TIMESTAMP);
CREATE TABLE language (language_id INTEGER PRIMARY KEY, name CHAR(20) NOT NULL, last_update TIMESTAMP);
CREATE TABLE store (store_id INTEGER PRIMARY KEY, manager_staff_id INTEGER NOT NULL REFERENCES staff(staff_id),
  address_id INTEGER NOT NULL REFERENCES address(address_id), last_update TIMESTAMP);
CREATE TABLE staff (staff_id INTEGER PRIMARY KEY, first_name VARCHAR(45) NOT NULL, last_name VARCHAR(45) NOT NULL,
  address_id INTEGER NOT NULL REFERENCES address(address_id), email VARCHAR(50), store_id INTEGER NOT NULL REFERENCES store(store_id),
  active BOOLEAN NOT NULL, username VARCHAR(16) NOT NULL, password VARCHAR(40), last_update TIMESTAMP);
CREATE TABLE customer (customer_id INTEGER PRIMARY KEY, store_id INTEGER NOT NULL REFERENCES store(store_id),
  first_name VARCHAR(45) NOT NULL, last_name VARCHAR(45) NOT NULL, email VARCHAR(50),
  address_id INTEGER NOT NULL REFERENCES address(address_id), active BOOLEAN NOT NULL, create_date DATETIME NOT NULL, last_update TIMESTAMP);
CREATE TABLE film (film_id INTEGER PRIMARY KEY, title VARCHAR(128) NOT NULL, description TEXT, release_year INTEGER,
  language_id INTEGER NOT NULL REFERENCES language(language_id), rental_duration SMALLINT NOT NULL, rental_rate DECIMAL(4,2) NOT NULL,
  length SMALLINT, replacement_cost DECIMAL(5,2) NOT NULL, rating VARCHAR(5), last_update TIMESTAMP);
CREATE TABLE film_category (film_id INTEGER REFERENCES film(film_id), category_id INTEGER REFERENCES category(category_id), PRIMARY KEY (film_id, category_id));
CREATE TABLE inventory (inventory_id INTEGER PRIMARY KEY, film_id INTEGER NOT NULL REFERENCES film(film_id),
  store_id INTEGER NOT NULL REFERENCES store(store_id), last_update TIMESTAMP);
CREATE TABLE rental (rental_id INTEGER PRIMARY KEY, rental_date DATETIME NOT NULL, inventory_id INTEGER NOT NULL REFERENCES inventory(inventory_id),
  customer_id INTEGER NOT NULL REFERENCES customer(customer_id), return_date DATETIME, staff_id INTEGER NOT NULL REFERENCES staff(staff_id), last_update TIMESTAMP);
CREATE TABLE payment (payment_id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer(customer_id),
  staff_id INTEGER NOT NULL REFERENCES staff(staff_id), rental_id INTEGER REFERENCES rental(rental_id),
  amount DECIMAL(5,2) NOT NULL, payment_date DATETIME NOT NULL, last_update TIMESTAMP);
"""


def build(connection):
    connection.executescript(DDL)
    now = stamp(0)
    put(connection, "address", ({"address_id": n, "address": f"{n} Lane", "last_update": now} for n in range(1, 30)))
    put(connection, "category", ({"category_id": n, "name": f"Kind {n}", "last_update": now} for n in range(1, 4)))
    put(connection, "language", [{"language_id": 1, "name": "English", "last_update": now}])
    put(
        connection,
        "store",
        ({"store_id": n, "manager_staff_id": n, "address_id": n, "last_update": now} for n in (1, 2)),
    )
    put(
        connection,
        "staff",
        ({"staff_id": n, "first_name": "S", "last_name": f"L{n}", "address_id": n, "store_id": n, "active": 1,
          "username": f"u{n}", "last_update": now} for n in (1, 2)),
    )  # fmt: skip
    put(
        connection,
        "customer",
        ({"customer_id": n, "store_id": 1 + n % 2, "first_name": "C", "last_name": f"L{n}", "address_id": n, "active": n % 7 > 0,
          "create_date": stamp(n), "last_update": now} for n in range(1, 30)),
    )  # fmt: skip
    put(
        connection,
        "film",
        ({"film_id": n, "title": f"Film {n}", "language_id": 1, "rental_duration": 3 + n % 4, "rental_rate": price(n),
          "replacement_cost": price(n) * 4, "rating": "PG", "last_update": now} for n in range(1, 20)),
    )  # fmt: skip
    put(
        connection,
        "inventory",
        ({"inventory_id": n, "film_id": n, "store_id": 1 + n % 2, "last_update": now} for n in range(1, 20)),
    )
    put(
        connection,
        "rental",
        ({"rental_id": n, "rental_date": stamp(n), "inventory_id": 1 + n % 19, "customer_id": 1 + n % 29, "return_date": stamp(n + 90),
          "staff_id": 1 + n % 2, "last_update": now} for n in range(1, 60)),
    )  # fmt: skip
    put(
        connection,
        "payment",
        ({"payment_id": n, "customer_id": 1 + n % 29, "staff_id": 1 + n % 2, "rental_id": n, "amount": price(n),
          "payment_date": stamp(n), "last_update": now} for n in range(1, 60)),
    )  # fmt: skip
