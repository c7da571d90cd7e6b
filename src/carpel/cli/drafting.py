"""The command `draft segment`: messages, posts and ads for a segment, chosen by evidence."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carpel.cli.options import HERE, Folder, Json, opened, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carpel.verbs.draft import Drafts

Kinds = Annotated[
    list[str] | None, typer.Option("--for", help="email, social or ads.", show_default="all")
]
Networks = Annotated[
    list[str] | None,
    typer.Option(
        "--network",
        help="instagram, facebook, linkedin, x, threads, bluesky, mastodon or pinterest.",
        show_default="the first four",
    ),
]
Language = Annotated[
    str | None, typer.Option("--language", help="de, en or nl.", show_default="the project's")
]
To = Annotated[
    Path | None,
    typer.Option("--to", help="The folder for all but messages.", show_default="drafts/SEGMENT"),
]


def add_to(app: typer.Typer) -> None:
    """Give the app this command."""
    group = typer.Typer(
        help="Draft e-mail, posts and ads for a segment, and say what each stands on.",
        no_args_is_help=True,
    )
    app.add_typer(group, name="draft")
    group.command("segment")(draft_segment)
    group.callback()(lambda: None)


def draft_segment(
    segment: Annotated[str, typer.Argument(help="The segment, or a group such as rfm.champions.")],
    kinds: Kinds = None,
    networks: Networks = None,
    offer: Annotated[str, typer.Option("--offer", help="What is promised, word for word.")] = "",
    link: Annotated[str, typer.Option("--link", help="Where it leads: https://…")] = "",
    language: Language = None,
    tone: Annotated[str, typer.Option("--tone", help="plain or warm.")] = "plain",
    campaign: Annotated[
        str | None,
        typer.Option(
            "--campaign", help="What links call it; people see it.", show_default="a code"
        ),
    ] = None,
    about: Annotated[
        list[str] | None,
        typer.Option("--about", help="What to speak about, beside what evidence gives."),
    ] = None,
    called: Annotated[
        list[str] | None,
        typer.Option("--call", help="What people call a name of the data: NAME=WORDS."),
    ] = None,
    reworded: Annotated[
        bool, typer.Option("--reworded", help="Let the project's writer try other words.")
    ] = False,
    to: To = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Draft e-mail, posts and ads; nothing is sent, and no file is overwritten."""
    found = opened(folder).draft(
        segment,
        kinds or (),  # type: ignore[arg-type]
        networks=networks or (),
        offer=offer,
        link=link,
        language=language,
        tone=tone,
        campaign=campaign,
        about=about or (),
        called=_called(called or ()),
        reworded=reworded,
        to=to,
    )
    print_json(asdict(found)) if as_json else _said(found)


def _called(pairs: "Sequence[str]") -> dict[str, str]:
    from carpel.errors import CarpelError

    found = {}
    for each in pairs:
        name, is_one, words = each.partition("=")
        if not (is_one and name.strip() and words.strip()):
            raise CarpelError(
                f"{each!r} gives no name another.",
                action='Say --call "FRZN VEG=frozen vegetables".',
            )
        found[name.strip()] = words.strip()
    return found


def _said(found: "Drafts") -> None:
    from carpel.cli.screen import say
    from carpel.specs.words import counted

    say(f"{found.label}: {counted(found.people, 'person', 'people')}. Nothing has been sent.")
    for angle, about, because in found.because:
        say(f"  {angle}: {about}. {because}")
    for angle, why in found.missing:
        say(f"  {angle}: not drafted. {why}")
    for name, why in found.passed_over:
        say(f"  “{name}” is passed over: {why}.")
    if found.passed_over:
        say("  Names for people are given by --call NAME=WORDS; what is private stays out.")
    if found.rewording is not None:
        refused = counted(len(found.rewording.refused), "wording")
        said = counted(found.rewording.worded, "text")
        say(f"  {found.rewording.silent or f'{said} reworded, {refused} refused'}.")
    _texts(found)
    messages = ", ".join(f"messages/{each}.yml" for each in found.written.messages)
    files = ", ".join(found.written.files)
    say(f"\nWritten: {f'{messages}; ' if messages else ''}{files} in {found.written.folder}.")


def _texts(found: "Drafts") -> None:
    """The first lines of each; the page holds it all."""
    from carpel.cli.screen import say
    from carpel.specs.words import counted

    for mail in found.mails:
        say(f"\nE-mail: {mail.subject}\n  {mail.preheader}")
    for post in found.posts:
        first = post.text.partition("\n")[0]
        say(f"{post.at:%a %Y-%m-%d %H:%M}  {post.title} {post.number}: {first}")
    for ad in found.ads:
        texts = counted(len(ad.texts), "text")
        say(f"{ad.title}: {texts}, the first “{ad.texts[0].text}”")
    for note in dict.fromkeys(each for ad in found.ads for each in ad.notes):
        say(f"  {note}")
