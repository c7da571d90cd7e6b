"""The only place with analytical drivers: engines, and queries as SQLGlot trees."""
