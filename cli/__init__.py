"""The commands of `flask`, and what runs the service on an engineer's machine."""
