"""`python -m benchmarks.segments [PEOPLE]`: smaller, to try it."""

import sys

from benchmarks.segments import main

main(*map(int, sys.argv[1:2]))
