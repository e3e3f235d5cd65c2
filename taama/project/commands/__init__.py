"""Commands that know everybody: run, backup, restore, facts, doctor, demo."""

from taama.project.commands.backup import backup, backup_key, restore
from taama.project.commands.demo import demo
from taama.project.commands.doctor import doctor
from taama.project.commands.facts import facts
from taama.project.commands.run import migrate, run

commands = [demo, run, migrate, facts, backup, backup_key, restore, doctor]
