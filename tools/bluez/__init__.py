"""Real BlueZ in a guest, the simulated sensor outside."""
