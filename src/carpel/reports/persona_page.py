"""One persona as a page of its own, to print and to hang up: one HTML file, nothing outside."""

from datetime import datetime

from carpel.reports.figures import Figures
from carpel.reports.page import environment_of
from carpel.reports.persona import PersonaCard


def page(card: PersonaCard, figures: Figures, as_of: datetime) -> str:
    """The whole page as text."""
    template = environment_of(figures).get_template("persona_page.html.j2")
    return template.render(persona=card, as_of=as_of)
