"""Reports as mail servers and providers send them, about a message that was returned."""

MESSAGE = """Return-Path: <bounces+{mark}@shop.example>
From: Shop <hello@shop.example>
To: ada@mail.example
Subject: Spring
Message-ID: <{mark}.spring@shop.example>
"""


def dsn(
    mark: str,
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = "",
    *,
    groups: int = 1,
    to: str = "hello@shop.example",
) -> bytes:
    """A delivery report (RFC 3464); `groups` recipients behind the address, all alike."""
    said = f"Diagnostic-Code: smtp; {diagnostic}\n" if diagnostic else ""
    recipient = f"Final-Recipient: rfc822; ada@mail.example\nAction: {action}\nStatus: {status}\n"
    whole = "\n".join([f"{recipient}{said}"] * groups)
    return f"""From: MAILER-DAEMON@mail.example
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_x"

--=_x
Content-Type: text/plain

I am sorry to have to inform you.

--=_x
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

{whole}
--=_x
Content-Type: text/rfc822-headers

{MESSAGE.format(mark=mark)}
--=_x--
""".encode()


def complaint(mark: str, kind: str = "abuse") -> bytes:
    """A feedback report (RFC 5965), the address taken out as providers do."""
    return f"""From: feedback@mail.example
To: complaints@shop.example
Subject: FW: Spring
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="=_x"

--=_x
Content-Type: text/plain

This is an abuse report.

--=_x
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Provider/1.0
Version: 1
Original-Rcpt-To: redacted

--=_x
Content-Type: message/rfc822

{MESSAGE.format(mark=mark).replace("ada@mail.example", "redacted")}
Hello
--=_x--
""".encode()
