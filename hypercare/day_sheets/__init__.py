"""Day sheets that people hand in as files: tables of CSV or XLSX, read as shops write them.

`read_sheets` gives what stands in them, whatever their encoding, headings, numbers and dates are like.
"""

from hypercare.day_sheets.sheets import DaySheet, Sheets, read_sheets

__all__ = ["DaySheet", "Sheets", "read_sheets"]
