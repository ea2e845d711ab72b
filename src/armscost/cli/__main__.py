"""``python -m armscost.cli`` is the command ``armscost``."""

from armscost.cli import main

main()
