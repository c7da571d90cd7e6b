"""Campaigns: from a segment to people, with permission, once.

What `run` never does: decide who is contacted, keep a comparison group aside, render, hand over.
"""
