"""Carpel: customer segmentation and personalised marketing."""

__version__ = "0.1.0"
