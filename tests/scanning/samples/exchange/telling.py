click.echo(f"{done} records")  # bad: told-to-the-console
sys.stderr.write("broken off")  # bad: told-to-the-console
note.sent(done)  # good: told-to-the-console
