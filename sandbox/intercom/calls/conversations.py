"""https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations"""

from __future__ import annotations

from sandbox.intercom.asked import Asked, Done
from sandbox.intercom.paging import pages, per_page, position
from sandbox.intercom.search import compiled, sorting
from sandbox.intercom.workspace import Workspace


def search(workspace: Workspace, asked: Asked) -> Done:
    searchable = workspace.searchable_conversations()
    test = compiled(asked.body.get("query"), searchable)
    key, downwards = sorting(asked.body, searchable)
    paging = asked.pagination
    size, start = per_page(paging.get("per_page"), 20), position(paging.get("starting_after"))
    found = sorted((each for each in workspace.conversations.seen() if test(each)), key=key, reverse=downwards)
    following = start + size if start + size < len(found) else None
    shown = pages(size=size, page=start // size + 1, total=len(found), following=following)
    page = found[start : start + size]
    return Done({"type": "conversation.list", "conversations": page, "total_count": len(found), "pages": shown})


def get(workspace: Workspace, asked: Asked) -> Done:
    return Done(workspace.conversations.whole(asked.ids[0]))


def update(workspace: Workspace, asked: Asked) -> Done:
    changed = workspace.conversations.update(asked.ids[0], asked.body, now=workspace.now)
    return Done(workspace.conversations.whole(asked.ids[0]), changed=changed)


def tag(workspace: Workspace, asked: Asked) -> Done:
    tag, changed = workspace.conversations.tag(asked.ids[0], asked.body, workspace.tags, now=workspace.now)
    return Done(tag, changed=changed)


def untag(workspace: Workspace, asked: Asked) -> Done:
    return Done(workspace.conversations.untag(asked.ids[0], asked.ids[1], asked.body), changed=True)


def attributes(workspace: Workspace, asked: Asked) -> Done:
    include = asked.query.get("include_archived") == "true"
    return Done({"type": "list", "data": workspace.conversations.attributes.listed(include_archived=include)})


def create_attribute(workspace: Workspace, asked: Asked) -> Done:
    return Done(workspace.conversations.attributes.create(asked.body, now=workspace.now), changed=True)
