"""Where a carrier shows a parcel: commercetools keeps the carrier's name and a number, never an address.

The name is free text ("DHL", "dhl-paket", "UPS Standard"), so it is looked up by its words: the longest known
name that it begins with wins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, urlsplit

PLACEHOLDER: Final = "{tracking_id}"
LONGEST_TRACKING_ID: Final = 100
LONGEST_TEMPLATE: Final = 700  # with the longest id, percent-encoded, a link stays below 2,000 characters

KNOWN_CARRIERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "australia post": "https://auspost.com.au/mypost/track/#/details/{tracking_id}",
        "austrian post": "https://www.post.at/sv/sendungssuche?snr={tracking_id}",
        "bpost": "https://track.bpost.cloud/btr/web/#/search?itemCode={tracking_id}",
        "canada post": "https://www.canadapost-postescanada.ca/track-reperage/en#/details/{tracking_id}",
        "chronopost": "https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={tracking_id}",
        "colissimo": "https://www.laposte.fr/outils/suivre-vos-envois?code={tracking_id}",
        "deutsche post": "https://www.deutschepost.de/de/s/sendungsverfolgung.html?piececode={tracking_id}",
        "dhl": "https://www.dhl.de/en/privatkunden/pakete-empfangen/verfolgen.html?piececode={tracking_id}",
        "dhl ecommerce": "https://www.dhl.com/global-en/home/tracking.html?tracking-id={tracking_id}",
        "dhl express": "https://www.dhl.com/global-en/home/tracking.html?tracking-id={tracking_id}",
        "dpd": "https://tracking.dpd.de/status/en_US/parcel/{tracking_id}",
        "evri": "https://www.evri.com/track/parcel/{tracking_id}",
        "fedex": "https://www.fedex.com/fedextrack/?trknbr={tracking_id}",
        "gls": "https://gls-group.eu/EU/en/parcel-tracking?match={tracking_id}",
        "hermes": "https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation#{tracking_id}",
        "inpost": "https://inpost.pl/en/find-parcel?number={tracking_id}",
        "la poste": "https://www.laposte.fr/outils/suivre-vos-envois?code={tracking_id}",
        "postnl": "https://jouw.postnl.nl/track-and-trace/{tracking_id}",
        "postnord": "https://tracking.postnord.com/en/tracking?id={tracking_id}",
        "royal mail": "https://www.royalmail.com/track-your-item#/tracking-results/{tracking_id}",
        "swiss post": "https://service.post.ch/ekp-web/ui/entry/search/{tracking_id}",
        "ups": "https://www.ups.com/track?tracknum={tracking_id}",
        "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels={tracking_id}",
    }
)

_BETWEEN_WORDS: Final = re.compile(r"[\W_]+")


def carrier_name(name: str) -> str:
    """`name` as it is compared: its words in small letters."""
    return _BETWEEN_WORDS.sub(" ", name[:LONGEST_TRACKING_ID]).strip().casefold()


def tracking_url(links: Mapping[str, str], carrier: str | None, tracking_id: str | None) -> str | None:
    """The carrier's page for a parcel, None for a carrier without a link. `links`: `carrier_name` to template."""
    number = (tracking_id or "").strip()
    if not carrier or not 0 < len(number) <= LONGEST_TRACKING_ID:
        return None
    words = carrier_name(carrier).split()
    prefixes = (" ".join(words[:count]) for count in range(len(words), 0, -1))
    template = next((links[prefix] for prefix in prefixes if prefix in links), None)
    return template.replace(PLACEHOLDER, quote(number, safe="", errors="replace")) if template else None


def link_problem(template: str, *, needs: str | None = None, may_hold: tuple[str, ...] = ()) -> str | None:
    """What is wrong with a link template: https, a host of its own, and no placeholders but these."""
    if not re.fullmatch(r"https://[\x21-\x7e]+", template) or len(template) > LONGEST_TEMPLATE or "\\" in template:
        return "is not an https:// address in ASCII"
    if needs and needs not in template:
        return f"does not hold {needs}"
    unknown = set(re.findall(r"\{[^}]*\}?", template)) - {*may_hold, *([needs] if needs else [])}
    if unknown:
        return f"holds {min(unknown)}, which stands for nothing here"
    try:
        parts = urlsplit(template)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "is not a usable address"
    if not host or "{" in parts.netloc or parts.username is not None:
        return "needs a fixed host and no user name"
    return None
