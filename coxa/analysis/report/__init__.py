"""The physiotherapist's two pages: what was done, what changed, what was not measured; figures name their sessions."""
