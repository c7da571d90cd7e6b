"""Whether an engine means by every rule what Carpel means: data, rules and the comparison."""
