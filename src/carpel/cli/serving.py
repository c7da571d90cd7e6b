"""Commands that serve pages and links."""

from typing import Annotated

import typer

from carpel.cli.options import HERE, Folder, opened


def add_to(app: typer.Typer) -> None:
    """Give the app these commands."""
    app.command()(serve)
    app.command()(short_link)


def serve(
    host: Annotated[str, typer.Option("--host", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="On which port.")] = 8000,
    folder: Folder = HERE,
) -> None:
    """Serve the pages and links of messages: unsubscribing, choices, surveys; until stopped."""
    from carpel.api.serve import listening, server
    from carpel.cli.screen import say

    project = opened(folder, actor="visitor")
    told = project.settings
    answers = server(project)
    with listening(host, port) as at:
        say(f"{told.label or told.name} answers at http://{host}:{at.getsockname()[1]}.")
        if told.public_url:
            say(f"People find it at {told.public_url}.")
        else:
            say("Links in messages lead here once `public_url` in carpel.yml says where that is.")
        answers.run(sockets=[at])


def short_link(
    name: Annotated[str, typer.Argument(help="What stands behind /s/.")] = "",
    url: Annotated[str, typer.Argument(help="Where it leads from now on.")] = "",
    folder: Folder = HERE,
) -> None:
    """Let a short link lead somewhere, or elsewhere than before; alone, list them all."""
    from carpel.cli.screen import say, show_table

    project = opened(folder)
    if name:
        new = project.short_link(name, url)
        say(f"/s/{name} leads to {url}{'' if new else ', as it did'}.")
        return
    links = project.short_links().items()
    show_table([{"link": f"/s/{each}", "leads to": at} for each, at in links], title="Short links")
