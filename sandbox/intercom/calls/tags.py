"""Tags, and the tagging of contacts: https://developers.intercom.com/docs/references/rest-api/api.intercom.io/tags"""

from __future__ import annotations

from sandbox.intercom.asked import Asked, Done
from sandbox.intercom.workspace import Workspace


def listed(workspace: Workspace, asked: Asked) -> Done:
    return Done({"type": "list", "data": workspace.tags.listed()})


def write(workspace: Workspace, asked: Asked) -> Done:
    """Create by name, rename by id, or tag many contacts; missing ones are skipped."""
    body, tags = asked.body, workspace.tags
    if body.get("id") is not None:
        changed = tags.rename(str(body["id"]), body.get("name"))
        return Done(tags.document(str(body["id"])), changed=changed)
    tag_id, changed = tags.ensure(body.get("name"))
    document = tags.document(tag_id)
    users = body.get("users")
    if users is None:
        return Done(document, changed=changed)
    told = []
    for user in users if isinstance(users, list) else []:
        contact = workspace.people.at(str(user.get("id")))
        if contact is not None:
            on = user.get("untag") is not True
            changed = _retag(workspace, contact.id, tag_id, on=on) or changed
            told.append({"id": contact.id, "tagged": on})
    return Done({**document, "users": told}, changed=changed)


def get(workspace: Workspace, asked: Asked) -> Done:
    return Done(workspace.tags.document(asked.ids[0]))


def delete(workspace: Workspace, asked: Asked) -> Done:
    workspace.tags.delete(asked.ids[0])
    for contact in list(workspace.people):
        _retag(workspace, contact.id, asked.ids[0], on=False)
    return Done({}, changed=True)


def tags_of(workspace: Workspace, asked: Asked) -> Done:
    contact = workspace.people.get(asked.ids[0])
    return Done({"type": "list", "data": [workspace.tags.document(tag_id) for tag_id in contact.tags]})


def tag_contact(workspace: Workspace, asked: Asked) -> Done:
    contact = workspace.people.get(asked.ids[0])
    tag_id = str(asked.body.get("id"))
    document = workspace.tags.document(tag_id)
    return Done(document, changed=_retag(workspace, contact.id, tag_id, on=True))


def untag_contact(workspace: Workspace, asked: Asked) -> Done:
    contact = workspace.people.get(asked.ids[0])
    document = workspace.tags.document(asked.ids[1])
    return Done(document, changed=_retag(workspace, contact.id, asked.ids[1], on=False))


def _retag(workspace: Workspace, contact_id: str, tag_id: str, *, on: bool) -> bool:
    contact = workspace.people.at(contact_id)
    if contact is None or (tag_id in contact.tags) == on:
        return False
    rest = {each: at for each, at in contact.tags.items() if each != tag_id}
    workspace.people.tagged(contact, {**rest, tag_id: workspace.now} if on else rest)
    return True
