"""What follows links without anybody reading: told by what it says of itself."""

import re
from collections.abc import Mapping

_KINDS = {
    "proxy": r"googleimageproxy|yahoomailproxy|applemail-?privacy|privacyproxy",
    "preview": r"facebookexternalhit|whatsapp|slackbot|twitterbot|linkedinbot|telegrambot"
    r"|discordbot|skypeuripreview|bingpreview|embedly|pinterest",
    "scanner": r"barracuda|proofpoint|mimecast|symantec|messagelabs|forcepoint|trendmicro|sophos"
    r"|fireeye|ironport|safelinks|virustotal|urlscan|netcraft|phish",
    "robot": r"bot\b|bot/|crawl|spider|slurp|headless|python|curl|wget|go-http|okhttp|java/|libwww"
    r"|http-?client|axios|node-fetch",
}
_NAMED = {kind: re.compile(words, re.IGNORECASE) for kind, words in _KINDS.items()}
_AHEAD = ("sec-purpose", "purpose", "x-moz", "x-purpose")


def machine(method: str, headers: Mapping[str, str]) -> str:
    """What kind of machine asks: `prefetch`, `proxy`, `preview`, `scanner`, `robot`; "" for none.

    `headers` are by names in small letters.
    """
    if any(re.search("prefetch|preview", headers.get(each, "")) for each in _AHEAD):
        return "prefetch"
    agent = headers.get("user-agent", "")
    named = next((kind for kind, words in _NAMED.items() if words.search(agent)), "")
    return named or ("scanner" if method == "HEAD" or not agent else "")
