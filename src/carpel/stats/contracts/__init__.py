"""How long people stay who renew: contracts, subscriptions, memberships. Numbers in, numbers out.

Time is counted in renewals (shifted beta-geometric) or runs on (survival); a contract that still
runs when we look has not been seen to end and is counted as such.
"""
