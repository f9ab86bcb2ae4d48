"""From a standard uncertainty to the interval that is told."""

COVERAGE_95 = 1.96
"""So many standard uncertainties to either side hold the true value in 95 of 100 cases (GUM, JCGM 100:2008, G.1.3)."""
DOUBTFUL_SD_DEG = 6.0
"""An angle less certain than this is never told without its interval. Without a gyro the least certain exercise has
5.1; what gaps hide makes 7 (told 58 degrees, `tests/test_trends.py`) to 41 (a lunge of 79 degrees whose top was not
seen, told as 45). 5.2 to 7.
"""
