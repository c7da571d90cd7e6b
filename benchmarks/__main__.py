"""`python -m benchmarks [NAME …]`: all of them, or those named."""

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

ALL = sorted(
    each.name
    for each in iter_modules([str(Path(__file__).parent)])
    if each.name not in ("__main__", "timing")
)

for name in sys.argv[1:] or ALL:
    if name not in ALL:
        sys.exit(f"there is no benchmark {name!r}; there are {', '.join(ALL)}")
    print(f"== {name}")
    import_module(f"benchmarks.{name}").main()
