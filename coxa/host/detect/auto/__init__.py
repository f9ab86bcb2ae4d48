"""Which exercise is being done, where none was asked for: `recogniser` with `candidate`, `contest`, `after_all`."""
