"""`python -m deployments.cli`: the command where the console script is not on the path."""

from deployments.cli import main

main()
