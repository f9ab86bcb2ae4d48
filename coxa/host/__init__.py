"""From notification bytes to events, and the edges: link, log, replay, voice.

From below: `samples`, `wire` and `sensors` (bytes to samples), `motion` (samples to ticks), `exercises` (data),
`detect` and `tracker` (ticks to events), `routine` and `cues` (what is asked for, what is said). Those do no I/O and
read no clock; import-linter holds who may know whom (pyproject.toml).
"""
