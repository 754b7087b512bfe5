"""What people read when consent did not come to its end: what happened, what it did, and what to do."""

from __future__ import annotations

from typing import Final, NamedTuple


class Saying(NamedTuple):
    title: str
    text: str


SAID: Final = {
    "expired": Saying(
        "This took too long",
        "Consent has to be given within ten minutes. Nothing was changed. Begin again: it takes a moment.",
    ),
    "forged": Saying(
        "This did not begin here",
        "The address does not carry what we sent to Intercom; a part of it may be lost. Nothing was changed. "
        "Begin again from here.",
    ),
    "other_browser": Saying(
        "This began in another browser",
        "What was begun in one browser must end in the same one, with cookies allowed. Nothing was changed. "
        "Begin again in this one.",
    ),
    "denied": Saying(
        "Intercom was not given consent",
        "The app can only be used once an admin of the workspace allows it. Nothing was changed.",
    ),
    "no_code": Saying(
        "Intercom sent no code",
        "Its answer is not complete, so we cannot tell that you gave consent. Nothing was changed. Begin again.",
    ),
    "reused": Saying(
        "This was done already",
        "The address works once, and was used: perhaps in another tab, or by going back. Nothing was changed again.",
    ),
    "away": Saying(
        "Intercom does not answer",
        "You gave consent, but Intercom does not answer us at the moment. Nothing was changed. "
        "Begin again in a minute.",
    ),
    "refused": Saying(
        "Intercom did not accept the code",
        "It may be too old, or used already. Nothing was changed. Begin again. If it happens each time, "
        "whoever runs this service has to check the app's client id and secret.",
    ),
    "not_verified": Saying(
        "Your e-mail address is not verified",
        "Intercom does not vouch for the e-mail address of your account, so you cannot be let in. Nothing was changed. "
        "Verify it in Intercom (your profile, Account), then come back.",
    ),
}
