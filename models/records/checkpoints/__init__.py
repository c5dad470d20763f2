"""The audit's checkpoints: signed lines in a second place, by which a log that was cut or put back
to an older state is found. See docs/audit.md."""
