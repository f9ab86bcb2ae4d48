"""From samples to ticks: where up is, how fast and how hard the thigh moves, and whether the sensor can be trusted."""
