print(connection)  # bad: told-to-the-console
LOGGER.warning("%s is locked", f"table {name}")  # bad: value-in-the-log
LOGGER.warning("the database's log was in use")  # good: value-in-the-log
connection.execute(insert(table), rows)  # good: record-written-elsewhere
