"""Keys changed for others while the service goes on, and the proof that nothing was lost by it."""
