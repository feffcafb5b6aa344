"""The shape of the Chinook sample database (a shop for music), by its published table and column names."""

# ruff: noqa: E501 - a table a line reads best
from tests.init.schemas.filling import lines, price, put, stamp, total

DDL = """
CREATE TABLE Artist (ArtistId INTEGER PRIMARY KEY, Name NVARCHAR(120));
CREATE TABLE Album (AlbumId INTEGER PRIMARY KEY, Title NVARCHAR(160) NOT NULL, ArtistId INTEGER NOT NULL REFERENCES Artist(ArtistId));
CREATE TABLE Genre (GenreId INTEGER PRIMARY KEY, Name NVARCHAR(120));
CREATE TABLE MediaType (MediaTypeId INTEGER PRIMARY KEY, Name NVARCHAR(120));
CREATE TABLE Track (TrackId INTEGER PRIMARY KEY, Name NVARCHAR(200) NOT NULL, AlbumId INTEGER REFERENCES Album(AlbumId),
  MediaTypeId INTEGER NOT NULL REFERENCES MediaType(MediaTypeId), GenreId INTEGER REFERENCES Genre(GenreId),
  Composer NVARCHAR(220), Milliseconds INTEGER NOT NULL, Bytes INTEGER, UnitPrice NUMERIC(10,2) NOT NULL);
CREATE TABLE Employee (EmployeeId INTEGER PRIMARY KEY, LastName NVARCHAR(20) NOT NULL, FirstName NVARCHAR(20) NOT NULL,
  Title NVARCHAR(30), ReportsTo INTEGER REFERENCES Employee(EmployeeId), BirthDate DATETIME, HireDate DATETIME,
  Address NVARCHAR(70), City NVARCHAR(40), State NVARCHAR(40), Country NVARCHAR(40), PostalCode NVARCHAR(10),
  Phone NVARCHAR(24), Fax NVARCHAR(24), Email NVARCHAR(60));
CREATE TABLE Customer (CustomerId INTEGER PRIMARY KEY, FirstName NVARCHAR(40) NOT NULL, LastName NVARCHAR(20) NOT NULL,
  Company NVARCHAR(80), Address NVARCHAR(70), City NVARCHAR(40), State NVARCHAR(40), Country NVARCHAR(40),
  PostalCode NVARCHAR(10), Phone NVARCHAR(24), Fax NVARCHAR(24), Email NVARCHAR(60) NOT NULL,
  SupportRepId INTEGER REFERENCES Employee(EmployeeId));
CREATE TABLE Invoice (InvoiceId INTEGER PRIMARY KEY, CustomerId INTEGER NOT NULL REFERENCES Customer(CustomerId),
  InvoiceDate DATETIME NOT NULL, BillingAddress NVARCHAR(70), BillingCity NVARCHAR(40), BillingState NVARCHAR(40),
  BillingCountry NVARCHAR(40), BillingPostalCode NVARCHAR(10), Total NUMERIC(10,2) NOT NULL);
CREATE TABLE InvoiceLine (InvoiceLineId INTEGER PRIMARY KEY, InvoiceId INTEGER NOT NULL REFERENCES Invoice(InvoiceId),
  TrackId INTEGER NOT NULL REFERENCES Track(TrackId), UnitPrice NUMERIC(10,2) NOT NULL, Quantity INTEGER NOT NULL);
CREATE TABLE Playlist (PlaylistId INTEGER PRIMARY KEY, Name NVARCHAR(120));
CREATE TABLE PlaylistTrack (PlaylistId INTEGER NOT NULL REFERENCES Playlist(PlaylistId),
  TrackId INTEGER NOT NULL REFERENCES Track(TrackId), PRIMARY KEY (PlaylistId, TrackId));
"""


def build(connection):
    connection.executescript(DDL)
    put(connection, "Artist", ({"ArtistId": n, "Name": f"Band {n}"} for n in range(1, 9)))
    put(connection, "Album", ({"AlbumId": n, "Title": f"Record {n}", "ArtistId": n} for n in range(1, 9)))
    put(connection, "Genre", ({"GenreId": n, "Name": word} for n, word in enumerate(("Rock", "Jazz"), 1)))
    put(connection, "MediaType", [{"MediaTypeId": 1, "Name": "MPEG audio file"}])
    put(
        connection,
        "Track",
        (
            {"TrackId": n, "Name": f"Song {n}", "AlbumId": 1 + n % 8, "MediaTypeId": 1, "GenreId": 1 + n % 2,
             "Milliseconds": 200_000 + n, "UnitPrice": price(n)}
            for n in range(1, 40)
        ),
    )  # fmt: skip
    put(connection, "Employee", ({"EmployeeId": n, "LastName": f"Last{n}", "FirstName": "A"} for n in range(1, 5)))
    put(
        connection,
        "Customer",
        ({"CustomerId": n, "FirstName": "C", "LastName": f"L{n}", "Email": f"c{n}@example.com", "SupportRepId": 1 + n % 4}
         for n in range(1, 20)),
    )  # fmt: skip
    put(
        connection,
        "Invoice",
        ({"InvoiceId": n, "CustomerId": 1 + n % 19, "InvoiceDate": stamp(n), "Total": total(n)} for n in range(1, 60)),
    )
    put(
        connection,
        "InvoiceLine",
        ({"InvoiceId": n, "TrackId": 1 + n % 39, "UnitPrice": each, "Quantity": quantity}
         for n in range(1, 60) for quantity, each in lines(n)),
    )  # fmt: skip
