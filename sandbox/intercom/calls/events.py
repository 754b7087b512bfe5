"""https://developers.intercom.com/docs/references/rest-api/api.intercom.io/data-events"""

from __future__ import annotations

from sandbox.intercom.asked import Asked, Done
from sandbox.intercom.paging import per_page
from sandbox.intercom.refusals import invalid
from sandbox.intercom.workspace import Workspace


def send(workspace: Workspace, asked: Asked) -> Done:
    is_new = workspace.events.accept(asked.body, workspace.people, workspace.switches(), workspace.clock())
    return Done(None, status=202, changed=is_new)


def listed(workspace: Workspace, asked: Asked) -> Done:
    """The events of one user, newest first. The 90 days after which Intercom lists them no more are not kept here."""
    if asked.query.get("type") != "user":
        raise invalid("type must be user", field="type")
    if "user_id" in asked.query:
        contact = workspace.people.find(asked.query["user_id"])
    elif "intercom_user_id" in asked.query:
        contact = workspace.people.get(asked.query["intercom_user_id"])
    else:
        raise invalid("One of user_id and intercom_user_id is required")
    events = sorted(workspace.events.of(contact.id), key=lambda event: event.created_at, reverse=True)
    size = per_page(asked.query.get("per_page"), 50)
    return Done({"type": "event.list", "events": [event.document() for event in events[:size]], "pages": {}})
