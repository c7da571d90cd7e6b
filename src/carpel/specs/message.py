"""A message: a subject and a body, in Liquid, with what stands where a fact is not known."""

from pydantic import Field, model_validator

from carpel.specs.base import Document, Name

COUPON = "coupon"
"""What a person's code is called in messages, files and orders."""
VERSION = "utm_content"
"""Which version somebody reads, as links to one's own site say it."""
GIVEN = (
    "campaign",
    COUPON,
    "followed_url",
    "offer",
    "offer_until",
    "pages",
    "persona",
    "postal_address",
    "project",
    "recommendations",
    "segment",
    "unsubscribe_url",
    VERSION,
)
"""Names in messages that Carpel itself gives a value for everybody, an empty one too."""


class Message(Document):
    """What people read; `{{ first_name }}` stands for a trait of whoever reads it."""

    name: Name
    subject: str = Field(min_length=1)
    preheader: str = ""
    """What mail programs show beside the subject."""
    markdown: str | None = None
    mjml: str | None = None
    """The body: one of the two."""
    fallbacks: dict[Name, str | int | float] = Field(default_factory=dict)
    """By field: what stands where it is not known of somebody; `""` for nothing."""
    unsubscribe_text: str = "Unsubscribe"
    """What the link below a body in Markdown says."""

    @model_validator(mode="after")
    def _one_body(self) -> "Message":
        if (self.markdown is None) == (self.mjml is None):
            raise ValueError("give the body as `markdown` or as `mjml`, one of them")
        return self

    @property
    def body(self) -> str:
        """The body as it was written."""
        return self.markdown if self.markdown is not None else str(self.mjml)
