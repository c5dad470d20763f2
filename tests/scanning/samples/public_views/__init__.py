csrf.exempt(blueprint)  # good: csrf-left-out
