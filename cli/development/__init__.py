"""What “make run” adds on an engineer's machine: a supervisor and an inbox."""
