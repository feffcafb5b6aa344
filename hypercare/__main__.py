"""`python -m hypercare` is the command `hypercare`."""

from hypercare.cli import main

if __name__ == "__main__":
    main()
