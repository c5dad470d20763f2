"""From what a solution states (mappings, as YAML gives them) to definitions."""
