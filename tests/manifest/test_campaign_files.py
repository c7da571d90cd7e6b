"""Mistakes in campaigns, messages and channels: all together, with file, line and what to do."""

from pathlib import Path

import pytest

from carpel.manifest.load import load
from carpel.manifest.schema import schemas

FILES = {
    "carpel.yml": "version: 1\nname: shop\n",
    "sources/orders.yml": "read: orders.csv\nidentifiers: {email: email}\n"
    "traits: {first_name: first, city: city}\n"
    "track:\n  - {event: order_completed, at: at, properties: {amount: amount}}\n",
    "segments/vips.yml": "where: {trait: city, is: Berlin}\n",
    "segmentations/rfm.yml": "kind: rfm\n",
    "channels/news.yml": "kind: smtp\nhost: mail.example\nsender: Shop <hello@shop.example>\n",
    "channels/tool.yml": "kind: your_sender\ntool: klaviyo\n",
    "messages/hello.yml": "subject: Hi {{ first_name }}\nmarkdown: |\n  Hello {{ first_name }},\n"
    "  {{ offer }}\nfallbacks: {first_name: there}\n",
    "campaigns/win_back.yml": "goal: {metric: order_rate, target: 0.1, by: 2026-12-31}\n"
    "audience: rfm.champions\nchannel: news\nvariants:\n"
    "  - {name: a, message: hello, share: 0.5}\n  - {name: b, message: hello, share: 0.5}\n",
}


def problems(folder: Path, **files: str) -> list[str]:
    """Every mistake as one line; what to do stands behind it. `__` stands for / in a name."""
    for name, text in {
        **FILES,
        **{k.replace("__", "/") + ".yml": v for k, v in files.items()},
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return [str(each).replace("\n    → ", " → ") for each in load(folder, {"orders_365d"}).problems]


def campaign(**said: str) -> str:
    whole = {
        "goal": "{metric: order_rate, target: 0.1, by: 2026-12-31}",
        "audience": "vips",
        "channel": "news",
        "message": "hello",
    }
    return "".join(f"{key}: {value}\n" for key, value in {**whole, **said}.items() if value)


def test_a_sound_project_has_no_mistakes(tmp_path):
    assert problems(tmp_path) == []
    assert problems(tmp_path, campaigns__second=campaign(channel="tool", message="")) == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"audience": "rfm.champion"}, "win_back.yml:2: there is no place 'champion' in rfm"),
        (
            {"audience": "vipps"},
            "win_back.yml:2: there is no segment 'vipps' → Did you mean 'vips'",
        ),
        ({"channel": "nwes"}, "win_back.yml:3: there is no channel 'nwes' → Did you mean 'news'"),
        ({"message": "helo"}, "win_back.yml:4: there is no message 'helo' → Did you mean 'hello'"),
        ({"message": ""}, "there is no message → Name one"),
        ({"holdout": "0"}, "nobody could tell what it brought"),
        ({"holdout": "1"}, "win_back.yml:5: holdout"),
        ({"quiet_hours": "{start: '21:00', end: '21:00'}"}, "are the same"),
        ({"quiet_hours": "{start: '25:00', end: '07:00'}"}, "win_back.yml:5: quiet_hours.start"),
        ({"goal": "{metric: order_rate, target: 5, by: 2026-12-31}"}, "write 5 % as 0.05"),
        ({"goal": "{metric: order_rate, by: 2026-12-31}"}, "'target' is missing"),
        ({"goal": "{metric: event_rate, target: 0.1, by: 2026-12-31}"}, "`event` goes with"),
        (
            {"goal": "{metric: event_rate, event: order_complete, target: 0.1, by: 2026-12-31}"},
            "win_back.yml:1: the goal cannot be measured: there is no event 'order_complete' → Did",
        ),
        ({"variants": "[{name: a, message: hello}]"}, "give one `message`, or `variants`"),
        ({"varants": "[]"}, "unknown word 'varants' → Did you mean 'variants'"),
    ],
)
def test_a_mistake_in_a_campaign_says_where_and_what_to_do(said, told, tmp_path):
    assert told in " ".join(problems(tmp_path, campaigns__win_back=campaign(**said)))


def test_shares_that_do_not_add_up_are_refused(tmp_path):
    shares = "[{name: a, message: hello, share: 0.6}, {name: b, message: hello, share: 0.5}]"
    (told,) = problems(tmp_path, campaigns__win_back=campaign(message="", variants=shares))
    assert "the shares of the variants come to 1.1, not to 1" in told
    twice = "[{name: a, message: hello, share: 0.5}, {name: a, message: hello, share: 0.5}]"
    (told,) = problems(tmp_path, campaigns__win_back=campaign(message="", variants=twice))
    assert "two variants have the same name" in told


def test_a_goal_without_any_event_cannot_be_measured(tmp_path):
    source = "read: people.csv\nidentifiers: {email: email}\ntraits: {first_name: f, city: city}\n"
    told = problems(tmp_path, sources__orders=source)
    assert any("no source brings 'order_completed'" in each for each in told)


@pytest.mark.parametrize(
    ("body", "line", "told"),
    [
        ("subject: Hi\nmarkdown: |\n  Hello\n  {{ frist_name }}\n", 4, "Did you mean 'first_name'"),
        ("subject: Hi\nmarkdown: |\n  Hello {{ city }}\n", 3, "'city' has no fallback"),
        ("subject: Hi {{ city\nmarkdown: Hello\n", 1, "subject: expected '}}'"),
        ("subject: Hi\nmarkdown: |\n  Hello\n\n  {{ offer | shout }}\n", 5, "no filter 'shout'"),
        ("subject: Hi\nmarkdown: |\n  {% include 'x' %}\n", 3, "would read another file"),
        ("subject: Hi\nmjml: <mjml>\n", 2, "is no MJML"),
        ("subject: Hi\n", 1, "give the body as"),
        ("subject: Hi\nmarkdown: a\nmjml: b\n", 1, "give the body as"),
    ],
)
def test_a_mistake_in_a_message_says_on_which_line(body, line, told, tmp_path):
    (problem,) = problems(tmp_path, messages__hello=body)
    assert problem.startswith(f"messages/hello.yml:{line}: ") and told in problem


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("password: secret", "a password stands here"),
        ("password: ${SMTP}\nsecurity: none", "a password would go out readable"),
        ("reply_to: 'a@b.example\\nBcc: c@d.example'", "is no sender"),
        ('reply_to: "a@b.example\\nBcc: c@d.example"', "is no sender"),
        ("unsubscribe_url: http://shop.example/{token}", "is no address with a token"),
        ("unsubscribe_url: https://shop.example/", "is no address with a token"),
        ("host: mail.example/x", "host"),
        ("prot: 25", "Did you mean 'port'"),
    ],
)
def test_a_mistake_in_a_channel_is_told(said, told, tmp_path):
    lines = dict(line.split(": ", 1) for line in FILES["channels/news.yml"].splitlines())
    lines |= dict(line.split(": ", 1) for line in said.splitlines())
    text = "".join(f"{key}: {value}\n" for key, value in lines.items())
    assert told in " ".join(problems(tmp_path, channels__news=text))


def test_mistakes_of_all_kinds_are_told_together(tmp_path):
    told = problems(
        tmp_path,
        campaigns__win_back=campaign(audience="nobody", channel="nwes"),
        messages__hello="subject: Hi {{ nobody }}\nmarkdown: Hello\n",
        segments__vips="where: {trait: ctiy, is: Berlin}\n",
    )
    assert [each.split(":")[0] for each in told] == [
        "campaigns/win_back.yml",
        "campaigns/win_back.yml",
        "messages/hello.yml",
        "segments/vips.yml",
    ]


def test_each_kind_has_a_schema():
    found = schemas()
    assert {"campaigns", "messages", "channels"} <= set(found)
    assert "name" not in found["campaigns"]["required"]
    assert set(found["campaigns"]["$defs"]["QuietHours"]["properties"]) == {"start", "end"}
