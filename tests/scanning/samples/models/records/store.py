transaction.write(insert(table), rows)  # good: record-written-elsewhere
