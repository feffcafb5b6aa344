"""The shape of the Northwind sample database (a trader in food), by its published table and column names."""

# ruff: noqa: E501 - a table a line reads best
from tests.init.schemas.filling import day, lines, price, put

DDL = """
CREATE TABLE Categories (CategoryID INTEGER PRIMARY KEY, CategoryName VARCHAR(15) NOT NULL, Description TEXT, Picture BLOB);
CREATE TABLE Suppliers (SupplierID INTEGER PRIMARY KEY, CompanyName VARCHAR(40) NOT NULL, ContactName VARCHAR(30), Phone VARCHAR(24));
CREATE TABLE Shippers (ShipperID INTEGER PRIMARY KEY, CompanyName VARCHAR(40) NOT NULL, Phone VARCHAR(24));
CREATE TABLE Customers (CustomerID CHAR(5) PRIMARY KEY, CompanyName VARCHAR(40) NOT NULL, ContactName VARCHAR(30),
  ContactTitle VARCHAR(30), Address VARCHAR(60), City VARCHAR(15), Region VARCHAR(15), PostalCode VARCHAR(10),
  Country VARCHAR(15), Phone VARCHAR(24), Fax VARCHAR(24));
CREATE TABLE Employees (EmployeeID INTEGER PRIMARY KEY, LastName VARCHAR(20) NOT NULL, FirstName VARCHAR(10) NOT NULL,
  Title VARCHAR(30), BirthDate DATETIME, HireDate DATETIME, Notes TEXT, ReportsTo INTEGER REFERENCES Employees(EmployeeID));
CREATE TABLE Products (ProductID INTEGER PRIMARY KEY, ProductName VARCHAR(40) NOT NULL,
  SupplierID INTEGER REFERENCES Suppliers(SupplierID), CategoryID INTEGER REFERENCES Categories(CategoryID),
  QuantityPerUnit VARCHAR(20), UnitPrice NUMERIC(10,2), UnitsInStock SMALLINT, UnitsOnOrder SMALLINT,
  ReorderLevel SMALLINT, Discontinued BOOLEAN NOT NULL);
CREATE TABLE Orders (OrderID INTEGER PRIMARY KEY, CustomerID CHAR(5) REFERENCES Customers(CustomerID),
  EmployeeID INTEGER REFERENCES Employees(EmployeeID), OrderDate DATETIME, RequiredDate DATETIME, ShippedDate DATETIME,
  ShipVia INTEGER REFERENCES Shippers(ShipperID), Freight NUMERIC(10,2), ShipName VARCHAR(40), ShipCity VARCHAR(15));
CREATE TABLE "Order Details" (OrderID INTEGER NOT NULL REFERENCES Orders(OrderID),
  ProductID INTEGER NOT NULL REFERENCES Products(ProductID), UnitPrice NUMERIC(10,2) NOT NULL, Quantity SMALLINT NOT NULL,
  Discount REAL NOT NULL, PRIMARY KEY (OrderID, ProductID));
CREATE TABLE Region (RegionID INTEGER PRIMARY KEY, RegionDescription CHAR(50) NOT NULL);
CREATE TABLE Territories (TerritoryID VARCHAR(20) PRIMARY KEY, TerritoryDescription CHAR(50) NOT NULL,
  RegionID INTEGER NOT NULL REFERENCES Region(RegionID));
CREATE TABLE EmployeeTerritories (EmployeeID INTEGER NOT NULL REFERENCES Employees(EmployeeID),
  TerritoryID VARCHAR(20) NOT NULL REFERENCES Territories(TerritoryID), PRIMARY KEY (EmployeeID, TerritoryID));
"""


def build(connection):
    connection.executescript(DDL)
    put(connection, "Categories", ({"CategoryID": n, "CategoryName": f"Class {n}"} for n in range(1, 5)))
    put(connection, "Suppliers", ({"SupplierID": n, "CompanyName": f"Maker {n}"} for n in range(1, 5)))
    put(connection, "Shippers", ({"ShipperID": n, "CompanyName": f"Carrier {n}"} for n in range(1, 4)))
    put(connection, "Customers", ({"CustomerID": f"C{n:04}", "CompanyName": f"Inn {n}"} for n in range(1, 15)))
    put(connection, "Employees", ({"EmployeeID": n, "LastName": f"L{n}", "FirstName": "F"} for n in range(1, 6)))
    put(
        connection,
        "Products",
        ({"ProductID": n, "ProductName": f"Cheese {n}", "SupplierID": 1 + n % 4, "CategoryID": 1 + n % 4,
          "UnitPrice": price(n), "UnitsInStock": n, "Discontinued": n % 5 == 0} for n in range(1, 30)),
    )  # fmt: skip
    put(
        connection,
        "Orders",
        ({"OrderID": 10_000 + n, "CustomerID": f"C{1 + n % 14:04}", "EmployeeID": 1 + n % 5, "OrderDate": day(n),
          "ShippedDate": day(n + 2), "ShipVia": 1 + n % 3, "Freight": price(n) / 3} for n in range(1, 60)),
    )  # fmt: skip
    put(
        connection,
        "Order Details",
        ({"OrderID": 10_000 + n, "ProductID": 1 + (n + at) % 29, "UnitPrice": each, "Quantity": quantity, "Discount": 0.05}
         for n in range(1, 60) for at, (quantity, each) in enumerate(lines(n))),
    )  # fmt: skip
