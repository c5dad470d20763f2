"""A person's own account: what they sign in with, and where they are signed in."""
