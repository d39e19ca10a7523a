"""Lets `python -m builder` stand for the `cuedeck` command."""

from builder.cli import main

if __name__ == "__main__":
    main()
