"""From a standard uncertainty to the interval that is told."""

COVERAGE_95 = 1.96
"""So many standard uncertainties to either side hold the true value in 95 of 100 cases (GUM, JCGM 100:2008, G.1.3)."""
