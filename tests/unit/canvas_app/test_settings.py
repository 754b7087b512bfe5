"""The environment: every rule, and that all problems are named at once without repeating a value."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canvas_app.settings import VARIABLES, Serving, Settings
from sync.environment import ConfigurationError, with_dotenv

GOOD = {
    "CTP_PROJECT_KEY": "sunrise-shop",
    "CTP_CLIENT_ID": "client-1",
    "CTP_CLIENT_SECRET": "shop-secret",
    "CTP_AUTH_URL": "https://auth.europe-west1.gcp.commercetools.com",
    "CTP_API_URL": "https://api.europe-west1.gcp.commercetools.com/",
    "CTP_SCOPES": "view_orders:sunrise-shop view_customers:sunrise-shop:berlin",
    "INTERCOM_CLIENT_SECRET": "new-secret, old-secret",
}
REQUIRED = tuple(GOOD)


def problems(environ: dict[str, str]) -> dict[str, str]:
    """What is wrong, by variable."""
    with pytest.raises(ConfigurationError) as raised:
        Settings.from_environ(environ)
    return {problem.name: problem.wrong for problem in raised.value.problems}


def test_the_merchant_centers_env_file_and_one_secret_are_enough() -> None:
    shop = Settings.from_environ(GOOD).shop
    assert (shop.project_key, shop.client_id, shop.client_secret) == ("sunrise-shop", "client-1", "shop-secret")


def test_scopes_are_separated_by_spaces() -> None:
    assert Settings.from_environ(GOOD).shop.scopes == ("view_orders:sunrise-shop", "view_customers:sunrise-shop:berlin")


def test_secrets_are_separated_by_commas_newest_first() -> None:
    assert Settings.from_environ(GOOD).intercom_secrets == ("new-secret", "old-secret")


def test_a_trailing_slash_of_an_address_is_dropped() -> None:
    assert Settings.from_environ(GOOD).shop.api_url == "https://api.europe-west1.gcp.commercetools.com"


def test_what_is_left_out_has_its_default() -> None:
    settings = Settings.from_environ(GOOD)
    assert settings.workspace_id is None
    assert settings.public_url is None
    assert settings.intercom_api_url == "https://api.intercom.io"
    assert settings.mapping_file == Path("mapping.toml")
    assert (settings.log_level, settings.log_format) == ("info", "json")


def test_an_empty_environment_names_everything_that_is_needed_at_once() -> None:
    assert problems({}) == dict.fromkeys(REQUIRED, "not set")


@pytest.mark.parametrize("name", REQUIRED)
def test_blanks_count_as_not_set(name: str) -> None:
    assert problems(GOOD | {name: "  \t "}) == {name: "not set"}


def test_missing_and_malformed_are_reported_together() -> None:
    environ = GOOD | {"LOG_LEVEL": "loud", "CTP_API_URL": "api.example.com"}
    del environ["CTP_CLIENT_ID"]
    assert problems(environ).keys() == {"CTP_CLIENT_ID", "CTP_API_URL", "LOG_LEVEL"}


def test_the_message_names_the_variable_and_the_fix() -> None:
    with pytest.raises(ConfigurationError, match=r"CTP_AUTH_URL: not set\. Use your region's address"):
        Settings.from_environ({})


URLS = ("CTP_AUTH_URL", "CTP_API_URL", "INTERCOM_API_URL", "PUBLIC_URL")


@pytest.mark.parametrize("name", URLS)
@pytest.mark.parametrize(
    "rubbish",
    [
        "example.com", "//example.com", "https://", "ftp://example.com", "javascript:alert(1)", "https://[::1",
        "https://example.com:http", "https://example.com:99999", "https://exa mple.com",
        "https://me:pw@example.com", "https://example.com?x=1", "https://example.com#top", "http://example.com",
        "http://127.0.0.1.example.com", "https://exam\nple.com", "https://user:pw", "https://℀.com",
    ],
)  # fmt: skip
def test_an_address_that_is_not_a_plain_https_address_is_refused(name: str, rubbish: str) -> None:
    assert problems(GOOD | {name: rubbish}).keys() == {name}


@pytest.mark.parametrize("name", URLS)
@pytest.mark.parametrize("address", ["http://127.0.0.1:8100", "http://localhost:8100", "http://[::1]:8100"])
def test_plain_http_is_taken_for_loopback(name: str, address: str) -> None:
    assert address in repr(Settings.from_environ(GOOD | {name: address}))


@pytest.mark.parametrize(
    ("name", "rubbish"),
    [
        ("CTP_PROJECT_KEY", "sunrise/../other"),
        ("CTP_PROJECT_KEY", "sunrise shop"),
        ("CTP_CLIENT_ID", "a b"),
        ("CTP_CLIENT_SECRET", "pässword"),
        ("CTP_SCOPES", "view orders, please!"),
        ("CTP_SCOPES", '["view_orders:sunrise-shop"]'),
        ("INTERCOM_CLIENT_SECRET", " , ,"),
        ("INTERCOM_CLIENT_SECRET", "one two"),
        ("INTERCOM_CLIENT_SECRET", "one\x00two"),
        ("INTERCOM_WORKSPACE_ID", "abc/def"),
        ("MAPPING_FILE", "a\nb"),
        ("LOG_LEVEL", "11"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_rubbish_is_refused_by_name(name: str, rubbish: str) -> None:
    assert problems(GOOD | {name: rubbish}).keys() == {name}


def test_scopes_of_another_project_are_a_mixed_up_env_file() -> None:
    assert problems(GOOD | {"CTP_SCOPES": "view_orders:other-shop"}) == {
        "CTP_SCOPES": "names a project other than CTP_PROJECT_KEY"
    }


def test_no_secret_is_shown_when_settings_are_printed() -> None:
    shown = repr(Settings.from_environ(GOOD))
    assert not [secret for secret in ("shop-secret", "new-secret", "old-secret") if secret in shown]


@given(st.sampled_from([v.name for v in VARIABLES]), st.text(min_size=6, max_size=40))
def test_no_value_is_ever_repeated_in_a_message(name: str, text: str) -> None:
    planted = f"Pl4nted{text}Pl4nted"
    said = [str(problem) for variable in VARIABLES for problem in variable.problems({name: planted})]
    assert not [sentence for sentence in said if "Pl4nted" in sentence]


def test_the_web_server_listens_on_8000_with_96_threads_unless_told_otherwise() -> None:
    assert Serving.from_environ({}) == Serving(port=8000, threads=96, workers=1)


def test_a_hosting_platform_names_the_port() -> None:
    assert Serving.from_environ({"PORT": "9000"}).port == 9000


@pytest.mark.parametrize("rubbish", ["0", "-1", "65536", "80.5", "eighty", "٨٠", "1" * 5000])
def test_a_port_that_is_none_is_refused(rubbish: str) -> None:
    with pytest.raises(ConfigurationError, match="PORT: is not a whole number from 1 to 65535"):
        Serving.from_environ({"PORT": rubbish})


def test_no_env_file_is_no_problem(tmp_path: Path) -> None:
    assert with_dotenv({"A": "1"}, tmp_path / ".env") == {"A": "1"}


def test_an_env_file_adds_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('A=file\nB="two words"\nexport C=$HOME\nD\n', encoding="utf-8")
    assert with_dotenv({"A": "set"}, tmp_path / ".env") == {"A": "set", "B": "two words", "C": "$HOME"}


def test_an_env_file_that_is_no_text_is_a_configuration_error(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"A=\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match=r"\.env: cannot be read as UTF-8 text"):
        with_dotenv({}, tmp_path / ".env")


def test_a_panel_on_its_own_has_neither_database_nor_sync() -> None:
    settings = Settings.from_environ(GOOD)
    assert (settings.database_url, settings.has_sync) == (None, False)


def test_a_token_of_the_workspace_means_that_there_is_a_sync() -> None:
    assert Settings.from_environ(GOOD | {"INTERCOM_ACCESS_TOKEN": "token-of-the-workspace"}).has_sync


def test_the_password_of_the_database_is_not_shown_either() -> None:
    settings = Settings.from_environ(GOOD | {"DATABASE_URL": "postgresql://panel:secret-word@db.example/sync"})
    assert settings.database_url == "postgresql://panel:secret-word@db.example/sync"
    assert "secret-word" not in repr(settings)


def test_an_address_of_another_database_is_refused_by_name() -> None:
    assert problems(GOOD | {"DATABASE_URL": "mysql://db.example/sync"}) == {
        "DATABASE_URL": "does not begin with postgresql://"
    }
