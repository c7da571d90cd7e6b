"""A body as one HTML page that mail programs show: styles inlined, nothing loaded from outside."""

from html import escape

from carpel.errors import MissingExtra
from carpel.messages.template import TemplateError

STYLE = """
body { margin: 0; padding: 24px 12px; background: #f6f6f4; color: #222222;
       font-family: Helvetica, Arial, sans-serif; font-size: 16px; line-height: 1.5; }
.page { max-width: 600px; margin: 0 auto; padding: 24px; background: #ffffff; }
h1, h2, h3 { line-height: 1.25; }
a { color: #0b5394; }
img { max-width: 100%; height: auto; }
.foot { margin-top: 32px; font-size: 13px; color: #595959; }
"""


def from_markdown(body: str, preheader: str, foot: str) -> str:
    """A page from Markdown; HTML in it stays text. `preheader` and `foot` are HTML."""
    from markdown_it import MarkdownIt

    inner = MarkdownIt("commonmark", {"html": False}).render(body)
    hidden = f'<div style="display:none">{preheader}</div>' if preheader else ""
    return _inlined(
        '<!DOCTYPE html><html><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<style>{STYLE}</style></head><body>{hidden}"
        f'<div class="page">{inner}<p class="foot">{foot}</p></div></body></html>'
    )


def from_mjml(body: str) -> str:
    """A page from MJML that reads no file and loads no font; TemplateError where it is none."""
    try:
        import mrml
    except ModuleNotFoundError as error:
        raise MissingExtra("campaigns", "MJML") from error
    try:
        plain = mrml.RenderOptions(fonts={})  # else each reader's program asks for web fonts
        return _inlined(mrml.to_html(body, render_options=plain).content)
    except OSError as error:
        raise TemplateError(f"is no MJML: {error}") from None


def footer(unsubscribe: str) -> str:
    """What stands below a body in Markdown: who sends, and the way out; itself Liquid."""
    link = f'<a href="{{{{ unsubscribe_url }}}}">{escape(unsubscribe)}</a>'
    out, between = (
        f"{{% if unsubscribe_url != '' %}}{each}{{% endif %}}" for each in (link, " · ")
    )
    return f"{{% if postal_address != '' %}}{{{{ postal_address }}}}{between}{{% endif %}}{out}"


def _inlined(html: str) -> str:
    try:
        import css_inline
    except ModuleNotFoundError as error:
        raise MissingExtra("campaigns", "E-mail") from error
    return css_inline.inline(html, load_remote_stylesheets=False, keep_at_rules=True)
