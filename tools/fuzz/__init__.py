"""Random damage to everything that coxa reads, guided by coverage, with time and memory watched."""
