"""`python -m coxa`: the `coxa` command where its script is not on the path."""

from coxa.cli.start import main

if __name__ == "__main__":
    main()
