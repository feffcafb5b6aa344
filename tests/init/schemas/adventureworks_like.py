"""Tables called and built as AdventureWorks' are: states as small whole numbers, a discount kept as a share."""

# ruff: noqa: E501 - a table a line reads best
from tests.init.schemas.filling import day, lines, price, put, stamp

DDL = """
CREATE TABLE SalesTerritory (TerritoryID INTEGER PRIMARY KEY, Name VARCHAR(50), CountryRegionCode VARCHAR(3), ModifiedDate DATETIME);
CREATE TABLE Person (BusinessEntityID INTEGER PRIMARY KEY, PersonType CHAR(2), FirstName VARCHAR(50), LastName VARCHAR(50), ModifiedDate DATETIME);
CREATE TABLE Employee (BusinessEntityID INTEGER PRIMARY KEY REFERENCES Person(BusinessEntityID), NationalIDNumber VARCHAR(15), LoginID VARCHAR(256) NOT NULL, JobTitle VARCHAR(50), BirthDate DATE, HireDate DATE, CurrentFlag BOOLEAN NOT NULL, ModifiedDate DATETIME);
CREATE TABLE Store (BusinessEntityID INTEGER PRIMARY KEY, Name VARCHAR(50) NOT NULL, SalesPersonID INTEGER, ModifiedDate DATETIME);
CREATE TABLE Shift (ShiftID INTEGER PRIMARY KEY, Name VARCHAR(50), StartTime TIME, EndTime TIME, ModifiedDate DATETIME);
CREATE TABLE Customer (CustomerID INTEGER PRIMARY KEY, PersonID INTEGER REFERENCES Person(BusinessEntityID), StoreID INTEGER REFERENCES Store(BusinessEntityID), TerritoryID INTEGER REFERENCES SalesTerritory(TerritoryID), AccountNumber VARCHAR(10) NOT NULL, ModifiedDate DATETIME);
CREATE TABLE Product (ProductID INTEGER PRIMARY KEY, Name VARCHAR(50) NOT NULL, ProductNumber VARCHAR(25) NOT NULL, StandardCost NUMERIC(19,4), ListPrice NUMERIC(19,4), ProductSubcategoryID INTEGER, SellStartDate DATETIME, DiscontinuedDate DATETIME, ModifiedDate DATETIME);
CREATE TABLE ProductCostHistory (ProductID INTEGER NOT NULL REFERENCES Product(ProductID), StartDate DATETIME NOT NULL, EndDate DATETIME, StandardCost NUMERIC(19,4), PRIMARY KEY (ProductID, StartDate));
CREATE TABLE SalesOrderHeader (SalesOrderID INTEGER PRIMARY KEY, RevisionNumber SMALLINT, OrderDate DATETIME NOT NULL, DueDate DATETIME, ShipDate DATETIME, Status SMALLINT NOT NULL, OnlineOrderFlag BOOLEAN, SalesOrderNumber VARCHAR(25) NOT NULL, PurchaseOrderNumber VARCHAR(25), AccountNumber VARCHAR(15), CustomerID INTEGER NOT NULL REFERENCES Customer(CustomerID), SalesPersonID INTEGER REFERENCES Employee(BusinessEntityID), TerritoryID INTEGER REFERENCES SalesTerritory(TerritoryID), SubTotal NUMERIC(19,4) NOT NULL, TaxAmt NUMERIC(19,4), Freight NUMERIC(19,4), TotalDue NUMERIC(19,4) NOT NULL, Comment VARCHAR(128), ModifiedDate DATETIME);
CREATE TABLE SalesOrderDetail (SalesOrderID INTEGER NOT NULL REFERENCES SalesOrderHeader(SalesOrderID), SalesOrderDetailID INTEGER NOT NULL UNIQUE, CarrierTrackingNumber VARCHAR(25), OrderQty SMALLINT NOT NULL, ProductID INTEGER NOT NULL REFERENCES Product(ProductID), SpecialOfferID INTEGER, UnitPrice NUMERIC(19,4) NOT NULL, UnitPriceDiscount NUMERIC(19,4) NOT NULL, LineTotal NUMERIC(38,6) NOT NULL, ModifiedDate DATETIME, PRIMARY KEY (SalesOrderID, SalesOrderDetailID));
CREATE TABLE PurchaseOrderHeader (PurchaseOrderID INTEGER PRIMARY KEY, Status SMALLINT, EmployeeID INTEGER, VendorID INTEGER, OrderDate DATETIME, SubTotal NUMERIC(19,4), TotalDue NUMERIC(19,4));
CREATE TABLE PurchaseOrderDetail (PurchaseOrderID INTEGER REFERENCES PurchaseOrderHeader(PurchaseOrderID), PurchaseOrderDetailID INTEGER PRIMARY KEY, OrderQty SMALLINT, ProductID INTEGER, UnitPrice NUMERIC(19,4), LineTotal NUMERIC(19,4));
CREATE TABLE WorkOrder (WorkOrderID INTEGER PRIMARY KEY, ProductID INTEGER NOT NULL REFERENCES Product(ProductID), OrderQty INTEGER NOT NULL, StockedQty INTEGER, ScrappedQty SMALLINT, StartDate DATETIME NOT NULL, EndDate DATETIME, DueDate DATETIME NOT NULL, ScrapReasonID SMALLINT, ModifiedDate DATETIME);
CREATE TABLE Location (LocationID INTEGER PRIMARY KEY, Name VARCHAR(50), CostRate NUMERIC(10,4), Availability NUMERIC(8,2));
CREATE TABLE WorkOrderRouting (WorkOrderID INTEGER NOT NULL REFERENCES WorkOrder(WorkOrderID), ProductID INTEGER NOT NULL, OperationSequence SMALLINT NOT NULL, LocationID SMALLINT NOT NULL REFERENCES Location(LocationID), ScheduledStartDate DATETIME, ScheduledEndDate DATETIME, ActualStartDate DATETIME, ActualEndDate DATETIME, PlannedCost NUMERIC(19,4), ActualCost NUMERIC(19,4), PRIMARY KEY (WorkOrderID, ProductID, OperationSequence));
CREATE TABLE ErrorLog (ErrorLogID INTEGER PRIMARY KEY, ErrorTime DATETIME, UserName VARCHAR(128), ErrorNumber INTEGER, ErrorMessage VARCHAR(4000));
CREATE TABLE TransactionHistory (TransactionID INTEGER PRIMARY KEY, ProductID INTEGER REFERENCES Product(ProductID), TransactionDate DATETIME, TransactionType CHAR(1), Quantity INTEGER, ActualCost NUMERIC(19,4));
"""


def build(connection):
    connection.executescript(DDL)
    now = stamp(0)
    put(
        connection,
        "SalesTerritory",
        ({"TerritoryID": n, "Name": f"Land {n}", "ModifiedDate": now} for n in range(1, 5)),
    )
    put(connection, "Person", ({"BusinessEntityID": n, "FirstName": "P", "LastName": f"L{n}"} for n in range(1, 40)))
    put(
        connection,
        "Employee",
        (
            {"BusinessEntityID": n, "LoginID": f"shop\\u{n}", "JobTitle": "Seller", "CurrentFlag": 1}
            for n in range(1, 9)
        ),
    )
    put(connection, "Store", ({"BusinessEntityID": 100 + n, "Name": f"Cycles {n}"} for n in range(1, 5)))
    put(
        connection,
        "Customer",
        (
            {"CustomerID": n, "PersonID": n, "StoreID": 101, "TerritoryID": 1 + n % 4, "AccountNumber": f"AW{n:08}"}
            for n in range(1, 30)
        ),
    )
    put(
        connection,
        "Product",
        (
            {
                "ProductID": n,
                "Name": f"Bike {n}",
                "ProductNumber": f"BK-{n}",
                "StandardCost": price(n) / 2,
                "ListPrice": price(n),
                "SellStartDate": now,
            }
            for n in range(1, 30)
        ),
    )
    discount = 0.1

    def net(n):
        return round(sum(q * p * (1 - discount) for q, p in lines(n)), 4)

    put(
        connection,
        "SalesOrderHeader",
        ({"SalesOrderID": n, "RevisionNumber": 1, "OrderDate": day(n) + " 00:00:00", "DueDate": day(n + 9), "Status": 1 + n % 6,
          "OnlineOrderFlag": 0, "SalesOrderNumber": f"SO{n}", "AccountNumber": f"10-{n}", "CustomerID": 1 + n % 29,
          "SalesPersonID": 1 + n % 8, "TerritoryID": 1 + n % 4, "SubTotal": net(n), "TaxAmt": round(net(n) * 0.08, 4), "Freight": 3.5,
          "TotalDue": round(net(n) * 1.08 + 3.5, 4)} for n in range(1, 60)),
    )  # fmt: skip
    put(
        connection,
        "SalesOrderDetail",
        ({"SalesOrderID": n, "SalesOrderDetailID": 10 * n + at, "OrderQty": q, "ProductID": 1 + (n + at) % 29, "SpecialOfferID": 1,
          "UnitPrice": p, "UnitPriceDiscount": discount, "LineTotal": round(q * p * (1 - discount), 6)}
         for n in range(1, 60) for at, (q, p) in enumerate(lines(n))),
    )  # fmt: skip
    put(
        connection,
        "WorkOrder",
        (
            {
                "WorkOrderID": n,
                "ProductID": 1 + n % 29,
                "OrderQty": 2,
                "StockedQty": 2,
                "StartDate": stamp(n),
                "EndDate": stamp(n + 5),
                "DueDate": stamp(n + 6),
            }
            for n in range(1, 30)
        ),
    )
    put(connection, "Location", [{"LocationID": 1, "Name": "Frames", "CostRate": 12}])
    put(
        connection,
        "WorkOrderRouting",
        (
            {
                "WorkOrderID": n,
                "ProductID": 1 + n % 29,
                "OperationSequence": s,
                "LocationID": 1,
                "ScheduledStartDate": stamp(n),
                "ActualStartDate": stamp(n),
                "ActualEndDate": stamp(n + s),
                "PlannedCost": 9,
                "ActualCost": 9.5,
            }
            for n in range(1, 30)
            for s in (1, 2)
        ),
    )
