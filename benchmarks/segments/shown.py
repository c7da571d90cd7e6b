"""Figures as they are printed, each beside its bound; missing one is told at the end."""

from statistics import quantiles


class Shown:
    """Prints figures and remembers which were beyond their bounds."""

    def __init__(self) -> None:
        self.missed: list[str] = []

    def most(self, what: str, found: float, bound: float, unit: str = "s") -> None:
        """A figure that must not be larger than its bound."""
        self._show(what, found, f"at most {bound:g} {unit}", unit, found <= bound)

    def least(self, what: str, found: float, bound: float, unit: str = "times") -> None:
        """A figure that must not be smaller than its bound."""
        self._show(what, found, f"at least {bound:g} {unit}", unit, found >= bound)

    def told(self, what: str, found: float, unit: str = "s") -> None:
        """A figure without a bound."""
        print(f"  {what:<58}{found:10.4f} {unit}", flush=True)

    def _show(self, what: str, found: float, bound: str, unit: str, held: bool) -> None:
        if not held:
            self.missed.append(what)
        print(
            f"  {what:<58}{found:10.4f} {unit:<6}({bound}){'' if held else '  MISSED'}", flush=True
        )

    def finish(self) -> None:
        """Fail when any bound was missed."""
        if self.missed:
            raise SystemExit("beyond their bounds: " + "; ".join(self.missed))


def per_cent(taken: list[float], which: int) -> float:
    """The percentile of some seconds."""
    return quantiles(taken, n=100, method="inclusive")[which - 1]
