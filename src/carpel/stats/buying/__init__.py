"""How often people who owe nothing buy again: counting models, fitted and asked.

Numbers in, numbers out. Times are in one unit of the caller's choice (days, weeks), as exact as
they come; every result about time is in the same unit.
"""
