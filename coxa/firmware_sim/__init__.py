"""A simulated person, strap, sensor and radio; imports nothing of the host but its wire format and plain types."""
