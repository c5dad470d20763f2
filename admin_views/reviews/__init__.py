"""Account reviews (棚卸し): each quarter every account is kept, changed or ended."""
