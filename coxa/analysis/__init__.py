"""What reads the log and the core: scores, plots."""
