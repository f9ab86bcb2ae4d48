"""The `coxa` command."""
