"""Contacts: https://developers.intercom.com/docs/references/rest-api/api.intercom.io/contacts"""

from __future__ import annotations

from typing import Any

from sandbox.intercom.asked import Asked, Done
from sandbox.intercom.paging import pages, per_page, position
from sandbox.intercom.refusals import invalid
from sandbox.intercom.search import compiled, sorting
from sandbox.intercom.workspace import Workspace


def create(workspace: Workspace, asked: Asked) -> Done:
    return Done(workspace.people.create(asked.body).document(), changed=True)


def update(workspace: Workspace, asked: Asked) -> Done:
    before = workspace.people.at(asked.ids[0])
    after = workspace.people.update(asked.ids[0], asked.body)
    return Done(after.document(), changed=after is not before)


def get(workspace: Workspace, asked: Asked) -> Done:
    return Done(workspace.people.get(asked.ids[0]).document())


def find(workspace: Workspace, asked: Asked) -> Done:
    return Done(workspace.people.find(asked.ids[0]).document())


def listed(workspace: Workspace, asked: Asked) -> Done:
    size = per_page(asked.query.get("per_page"), 50)
    start = position(asked.query.get("starting_after"))
    page, following = workspace.people.listed(start, size)
    total = workspace.people.live_count
    return _contact_list([contact.document() for contact in page], size, start, total, following)


def search(workspace: Workspace, asked: Asked) -> Done:
    searchable = workspace.searchable_contacts()
    test = compiled(asked.body.get("query"), searchable)
    key, downwards = sorting(asked.body, searchable)
    paging = asked.pagination
    size, start = per_page(paging.get("per_page"), 50), position(paging.get("starting_after"))
    candidates = workspace.people.searched(_email_asked_for(asked.body.get("query")))
    found = sorted((contact for contact in candidates if test(contact)), key=key, reverse=downwards)
    page = [contact.document() for contact in found[start : start + size]]
    following = start + size if start + size < len(found) else None
    return _contact_list(page, size, start, len(found), following)


def _email_asked_for(query: Any) -> str | None:
    """The e-mail that everything found must have: such searches need not look at all contacts."""
    parts = query["value"] if query.get("operator") == "AND" else [query]
    for part in parts:
        if part.get("field") == "email" and part.get("operator") == "=" and isinstance(part.get("value"), str):
            return str(part["value"])
    return None


def _contact_list(data: list[Any], size: int, start: int, total: int, following: int | None) -> Done:
    paging = pages(size=size, page=start // size + 1, total=total, following=following)
    return Done({"type": "list", "data": data, "total_count": total, "pages": paging})


def archive(workspace: Workspace, asked: Asked) -> Done:
    return _archived(workspace, asked.ids[0], archived=True)


def unarchive(workspace: Workspace, asked: Asked) -> Done:
    return _archived(workspace, asked.ids[0], archived=False)


def _archived(workspace: Workspace, contact_id: str, *, archived: bool) -> Done:
    before = workspace.people.at(contact_id)
    after = workspace.people.set_archived(contact_id, archived)
    return Done(after.reference(archived=archived), changed=after is not before)


def delete(workspace: Workspace, asked: Asked) -> Done:
    contact = workspace.people.delete(asked.ids[0])
    workspace.events.forget(contact.id)
    return Done(contact.reference(deleted=True), changed=True)


def merge(workspace: Workspace, asked: Asked) -> Done:
    source, target = asked.body.get("from"), asked.body.get("into")
    if not isinstance(source, str) or not isinstance(target, str):
        raise invalid("from and into are required")
    skip = asked.body.get("skip_duplicate_validation") is True
    return Done(workspace.people.merge(source, target, skip_duplicate_validation=skip).document(), changed=True)
