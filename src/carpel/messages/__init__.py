"""Messages: what people wrote in Liquid and Markdown or MJML, made into a subject, HTML and text.

A room that knows no spec and no table: text and dicts of plain values in, text out.
"""

from carpel.messages.compiled import Compiled, Rendered, compiled
from carpel.messages.template import Field, TemplateError, below, fields

__all__ = ["Compiled", "Field", "Rendered", "TemplateError", "below", "compiled", "fields"]
