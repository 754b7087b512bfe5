"""Where requests may go, and what is never shown."""

from __future__ import annotations

import pytest

from clients.commercetools.settings import ShopSettings, host_url_problem, project_key_problem


@pytest.mark.parametrize(
    "url",
    [
        "https://api.europe-west1.gcp.commercetools.com",
        "https://api.europe-west1.gcp.commercetools.com/",
        "http://127.0.0.1:8080",
        "http://localhost:8080",
        "http://[::1]:8080",
    ],
)
def test_a_host_is_accepted(url: str) -> None:
    assert host_url_problem(url) is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://api.europe-west1.gcp.commercetools.com", "https://"),
        ("http://127.0.0.1.example.com", "https://"),
        ("http://localhost.example.com", "https://"),
        ("https://user:password@api.example.com", "user name"),
        ("https://api.example.com/other", "no path"),
        ("https://api.example.com?x=1", "no path"),
        ("https://api.example.com#x", "no path"),
        ("ftp://api.example.com", "must be a URL"),
        ("api.example.com", "must be a URL"),
        ("https://", "must be a URL"),
        ("https://api.example.com\\@evil.example", "must be a URL"),
        ("https://api example.com", "must be a URL"),
        ("https://аpi.example.com", "must be a URL"),
        ("https://api.example.com:99999", "not a URL"),
        ("http://[::1", "not a URL"),
        ("", "must be a URL"),
    ],
)
def test_a_host_is_refused_in_words(url: str, words: str) -> None:
    problem = host_url_problem(url)
    assert problem is not None
    assert words in problem


@pytest.mark.parametrize("key", ["my-shop", "shop_1", "ab", "a" * 36])
def test_a_project_key_is_accepted(key: str) -> None:
    assert project_key_problem(key) is None


@pytest.mark.parametrize("key", ["", "a", "a" * 37, "My-Shop", "a/b", "../x", "a b", "ab\n", "ä-shop"])
def test_a_project_key_is_refused(key: str) -> None:
    assert project_key_problem(key)


def test_the_secret_is_not_shown() -> None:
    settings = ShopSettings(
        project_key="shop", client_id="id", client_secret="planted", auth_url="https://a/", api_url="https://b/"
    )
    assert "planted" not in repr(settings)
    assert (settings.token_url, settings.graphql_url) == ("https://a/oauth/token", "https://b/shop/graphql")
