"""The page: a live view to read from the mat, and afterwards the log in the browser."""
