"""Tuneboard's trainer: one worker process per attempt, started by the shim, speaking through files (docs/event-log.md)."""
