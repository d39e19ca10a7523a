"""Makes `python -m cuedeck` run the `cuedeck` command."""

from cuedeck.cli import main

if __name__ == "__main__":
    main()
