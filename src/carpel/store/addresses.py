"""Addresses as keyed hashes: the same one is known again, and nobody can read it."""

import hashlib

from carpel.store.traces import said


def address_hash(key: bytes, address: str) -> str:
    """The hash of a normalised address under the project's key; spelling adds nothing."""
    named = hashlib.blake2b(said(address).encode(), key=key, digest_size=20, person=b"address")
    return named.hexdigest()
