"""https://developers.intercom.com/docs/references/rest-api/api.intercom.io/data-attributes"""

from __future__ import annotations

from sandbox.intercom.asked import Asked, Done
from sandbox.intercom.workspace import Workspace


def listed(workspace: Workspace, asked: Asked) -> Done:
    include = asked.query.get("include_archived") == "true"
    return Done(
        {"type": "list", "data": workspace.attributes.listed(asked.query.get("model"), include_archived=include)}
    )


def create(workspace: Workspace, asked: Asked) -> Done:
    attribute = workspace.attributes.create(asked.body, workspace.switches(), workspace.now)
    return Done(attribute.document(), changed=True)


def update(workspace: Workspace, asked: Asked) -> Done:
    return Done(workspace.attributes.update(asked.ids[0], asked.body, workspace.now).document(), changed=True)
