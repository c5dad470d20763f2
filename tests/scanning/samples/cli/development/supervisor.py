subprocess.run([*FLASK, "setup"], env=environ, check=False)  # good: process-started, shell
print("Ctrl-C stops all of it")  # good: told-to-the-console
