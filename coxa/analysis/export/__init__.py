"""The log in forms that other programs read; each writes a folder or a file in one step."""
