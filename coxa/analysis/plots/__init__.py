"""Pictures, all in one style."""
