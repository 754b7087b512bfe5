"""Where the vendors' own descriptions are found, and the ones that several contract tests share.

They are read from `CONTRACTS_DIR`, else from `../shared/contracts` beside the checkout. Their
absence fails in CI (environment variable `CI`); elsewhere it is a skip that names what is missing.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema

REPOSITORY = Path(__file__).resolve().parents[2]


def contracts_directory() -> Path:
    """The directory that holds the vendors' descriptions; it may not exist."""
    return Path(os.environ.get("CONTRACTS_DIR") or REPOSITORY.parent / "shared" / "contracts").resolve()


def require_contract(name: str) -> Path:
    """The path of the description `name`; without it the test fails in CI and is skipped elsewhere."""
    path = contracts_directory() / name
    if path.is_file():
        return path
    reason = f"vendor description missing: {name} (looked in CONTRACTS_DIR, else ../shared/contracts)"
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def contract() -> Callable[[str], Path]:
    """`contract("intercom-2.16.json")` is that file's path."""
    return require_contract


@pytest.fixture(scope="session")
def commercetools_schema() -> GraphQLSchema:
    """commercetools' GraphQL schema, built once (about half a second)."""
    text = require_contract("commercetools.graphql").read_text(encoding="utf-8")
    return build_schema(text, assume_valid=True)
