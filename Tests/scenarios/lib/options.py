"""What the programs' --help says: their subcommands and options."""

import re

from cloud import TOP, run
from expect import succeeded

SUPERVISOR = "amazon-cloudwatch-publisher"
PROGRAMS = ("cw-config", "cw-creds", "cw-deploy-users", "cw-logfilter", "cw-metrics", "cw-putlogs", "cw-putmetrics", "cw-supervise", "cw-tail", SUPERVISOR)


def help_of(*command):
    program, *words = command
    result = run(f"{TOP}/{program}" if program == SUPERVISOR else program, *words, "--help")
    succeeded(result, " ".join(command))
    return result.stdout


def subcommands(program):
    """Those with options of their own, the default one first."""
    lines = help_of(program).partition("SUBCOMMANDS:")[2]
    return re.findall(r"^  ([a-z-]+)(?:  | \(default\))", lines, re.M)


def options(*command):
    """Every option as it is typed, `-c` and `--config` both."""
    lines = re.findall(r"^  (-.*)", help_of(*command), re.M)
    return {option for line in lines for option in re.findall(r"(?<![\w-])--?[a-z][a-z-]*", line.split("   ")[0])}
