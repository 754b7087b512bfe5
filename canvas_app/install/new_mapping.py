"""The mapping that a new workspace begins with. Pure."""

from __future__ import annotations

import re
from typing import Final

_TIME_ZONE: Final = re.compile(r'^# (time_zone = )"[^"\n]*"( *)', re.MULTILINE)


def mapping_in(time_zone: str, text: str) -> str:
    """`text`, with the workspace's own time zone where it leaves that open."""
    if time_zone == "UTC" or '"' in time_zone or "\\" in time_zone:
        return text
    return _TIME_ZONE.sub(lambda found: f'{found[1]}"{time_zone}"{found[2]}', text, count=1)
