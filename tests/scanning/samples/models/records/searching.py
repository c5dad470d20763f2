# SQL in every spelling of a string, straight and by way of a variable.
connection.exec_driver_sql(f"DROP TABLE {name}")  # bad: sql-from-strings
connection.execute(text(f"SELECT * FROM {name}"))  # bad: sql-from-strings
connection.execute("SELECT * FROM t WHERE a = '%s'" % value)  # bad: sql-from-strings
connection.scalar("SELECT a FROM " + name)  # bad: sql-from-strings
cursor.executemany("DELETE FROM {}".format(name), rows)  # bad: sql-from-strings
query.order_by(literal_column(f"{name} DESC"))  # bad: sql-from-strings
transaction.read(PATTERN.format(table=name))  # bad: sql-from-strings


def by_way_of_a_variable(connection, name):
    statement = f"SELECT * FROM {name}"
    statement = statement + " LIMIT 1"
    return connection.exec_driver_sql(statement)  # bad: sql-from-strings


connection.exec_driver_sql("BEGIN IMMEDIATE")  # good: sql-from-strings
connection.exec_driver_sql("SELECT a FROM t WHERE b = ?", (value,))  # good: sql-from-strings
connection.execute(select(Role.id).where(Role.name == f"{prefix}_{name}"))  # good: sql-from-strings
message = f"there are {', '.join(connection.scalars(select(column)))}"  # good: sql-from-strings
stated.text(f"{name}.display_name")  # good: sql-from-strings
found = catalog.tables.entities[name]  # good: record-read-elsewhere
