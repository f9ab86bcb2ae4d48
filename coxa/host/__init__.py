"""From notification bytes to events, and the edges: link, log, replay."""
