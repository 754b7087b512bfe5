"""A caller of the stand-in that knows nothing of our own client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from sandbox.commercetools import CommercetoolsStandIn

Ask = Callable[..., requests.Response]


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


@pytest.fixture
def mint(stand_in: CommercetoolsStandIn, session: requests.Session) -> Callable[..., requests.Response]:
    """`mint(scope=...)` asks for a token."""

    def ask(*, secret: str | None = None, **form: str) -> requests.Response:
        credentials = (stand_in.client_id, secret or stand_in.client_secret)
        body = {"grant_type": "client_credentials", **form}
        return session.post(f"{stand_in.auth_url}/oauth/token", data=body, auth=credentials, timeout=30)

    return ask


@pytest.fixture
def ask(stand_in: CommercetoolsStandIn, session: requests.Session, mint: Callable[..., requests.Response]) -> Ask:
    """`ask(query, **variables)` sends a GraphQL document with a good token; `scope` narrows the token."""
    tokens: dict[str, str] = {}

    def send(query: str, *, scope: str = "", timeout: float = 5, **variables: Any) -> requests.Response:
        if scope not in tokens:
            tokens[scope] = mint(**({"scope": scope} if scope else {})).json()["access_token"]
        return session.post(
            f"{stand_in.api_url}/{stand_in.project_key}/graphql",
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {tokens[scope]}"},
            timeout=timeout,
        )

    return send
