"""The commands of `flask`: thin; each asks the part that does the work."""

from flask import Flask

from cli.audit import audit_commands
from cli.backup import backup_commands
from cli.backup_return import return_commands
from cli.break_glass import break_glass
from cli.contractors import contractor_commands
from cli.demo import demo_commands
from cli.demo_accounts import install_demo
from cli.federation import federation_commands
from cli.keys import key_commands
from cli.maintenance import maintenance_commands
from cli.records import records_commands
from cli.root_keys import root_key_commands
from cli.security import security_commands
from cli.setup import setup_command
from cli.solutions import solution_commands
from cli.teams import team_commands
from cli.training import training_command
from cli.users import user_commands
from cli.worker import worker_command


def install_commands(app: Flask) -> None:
    demo_commands.add_command(install_demo)
    for command in return_commands:
        backup_commands.add_command(command)
    for command in root_key_commands:
        key_commands.add_command(command)
    user_commands.add_command(break_glass)
    user_commands.add_command(training_command)
    for group in (
        audit_commands,
        backup_commands,
        contractor_commands,
        demo_commands,
        federation_commands,
        key_commands,
        maintenance_commands,
        records_commands,
        security_commands,
        setup_command,
        solution_commands,
        team_commands,
        user_commands,
        worker_command,
    ):
        app.cli.add_command(group)
