"""The face on the web: pages and links for the people who are written to; HTTP words only here.

A GET never changes anything, pages have no script and ask for nothing outside, and nothing that
says who somebody is goes into a log.
"""
