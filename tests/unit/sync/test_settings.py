"""The sync's environment: every rule, all problems at once, and no value repeated."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.environment import ConfigurationError
from sync.settings import VARIABLES, InstallationSettings, SyncSettings

GOOD = {
    "CTP_PROJECT_KEY": "sunrise-shop",
    "CTP_CLIENT_ID": "client-1",
    "CTP_CLIENT_SECRET": "shop-secret",
    "CTP_AUTH_URL": "https://auth.europe-west1.gcp.commercetools.com",
    "CTP_API_URL": "https://api.europe-west1.gcp.commercetools.com/",
    "CTP_SCOPES": "view_orders:sunrise-shop view_customers:sunrise-shop",
    "INTERCOM_ACCESS_TOKEN": "dG9rOmFiYzEyMw==",
}
DATABASE = "postgresql://sync:db-secret@db.example.com:5433/sync?sslmode=require"


def problems(environ: dict[str, str]) -> dict[str, str]:
    """What is wrong, by variable."""
    with pytest.raises(ConfigurationError) as raised:
        SyncSettings.from_environ(environ)
    return {problem.name: problem.wrong for problem in raised.value.problems}


def one(environ: dict[str, str]) -> InstallationSettings:
    """The workspace that the environment describes."""
    described = SyncSettings.from_environ(environ).single
    assert described is not None
    return described


def test_the_shop_and_an_access_token_are_enough() -> None:
    read = one(GOOD)
    assert (read.shop.project_key, read.shop.api_url) == (
        "sunrise-shop",
        "https://api.europe-west1.gcp.commercetools.com",
    )
    assert (read.intercom.access_token, read.intercom.api_url) == ("dG9rOmFiYzEyMw==", "https://api.intercom.io")


def test_what_is_left_out_has_its_default() -> None:
    assert (one(GOOD).workspace_id, one(GOOD).mapping_file) == (None, Path("mapping.toml"))
    read = SyncSettings.from_environ(GOOD)
    assert (read.database_url, read.log_level, read.log_format) == (None, "info", "json")
    assert (read.secret_keys, read.public_url, read.api_url) == ((), None, None)


def test_the_web_sides_secret_is_not_asked_for() -> None:
    assert "INTERCOM_CLIENT_SECRET" not in {variable.name for variable in VARIABLES}


def test_an_empty_environment_names_everything_that_is_needed_at_once() -> None:
    assert problems({}) == dict.fromkeys(GOOD, "not set")


@pytest.mark.parametrize("name", GOOD)
def test_blanks_count_as_not_set(name: str) -> None:
    assert problems(GOOD | {name: " \t "}) == {name: "not set"}


@pytest.mark.parametrize("url", [DATABASE, "postgres://db/sync", "postgresql:///sync?host=/var/run/postgresql"])
def test_any_postgresql_can_be_named(url: str) -> None:
    assert SyncSettings.from_environ(GOOD | {"DATABASE_URL": url}).database_url == url


@pytest.mark.parametrize(
    "rubbish",
    ["mysql://db/sync", "sync", "host=db dbname=sync", "postgresql:/", "postgresql://db/sync?colour=blue",
     "postgresql://[db/sync", "postgresql://%zz@db/sync", "https://db/sync", "postgresql://db/a b%"],
)  # fmt: skip
def test_a_database_that_is_no_postgresql_is_refused(rubbish: str) -> None:
    assert problems(GOOD | {"DATABASE_URL": rubbish}).keys() == {"DATABASE_URL"}


@pytest.mark.parametrize(
    "url",
    ["https://api.intercom.io", "https://api.eu.intercom.io/", "https://api.au.intercom.io", "http://127.0.0.1:1"],
)
def test_the_token_goes_to_intercoms_hosts_and_to_this_machine(url: str) -> None:
    assert one(GOOD | {"INTERCOM_API_URL": url}).intercom.api_url == url.rstrip("/")


@pytest.mark.parametrize(
    ("name", "rubbish"),
    [
        ("CTP_PROJECT_KEY", "sunrise/../other"),
        ("CTP_CLIENT_ID", "a b"),
        ("CTP_CLIENT_SECRET", "pässword"),
        ("CTP_AUTH_URL", "auth.example.com"),
        ("CTP_API_URL", "http://api.example.com"),
        ("CTP_SCOPES", "view orders, please!"),
        ("CTP_SCOPES", "view_orders:other-shop"),
        ("INTERCOM_ACCESS_TOKEN", "two words"),
        ("INTERCOM_ACCESS_TOKEN", "tökén"),
        ("INTERCOM_WORKSPACE_ID", "abc/def"),
        ("INTERCOM_API_URL", "https://api.example.com"),
        ("INTERCOM_API_URL", "https://api.intercom.io:8443"),
        ("INTERCOM_API_URL", "https://api.intercom.io/contacts"),
        ("INTERCOM_API_URL", "http://api.intercom.io"),
        ("MAPPING_FILE", "a\nb"),
        ("SECRET_KEY", "s" * 31),
        ("SECRET_KEY", "s" * 40 + ",short"),
        ("SECRET_KEY", "s" * 40 + "," + "s" * 40),
        ("SECRET_KEY", "two words " * 5),
        ("PUBLIC_URL", "http://panel.example.com"),
        ("LOG_LEVEL", "11"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_rubbish_is_refused_by_name(name: str, rubbish: str) -> None:
    assert problems(GOOD | {name: rubbish}).keys() == {name}


def test_missing_and_malformed_are_reported_together() -> None:
    environ = GOOD | {"LOG_LEVEL": "loud", "DATABASE_URL": "mysql://db"}
    del environ["INTERCOM_ACCESS_TOKEN"]
    assert problems(environ).keys() == {"INTERCOM_ACCESS_TOKEN", "LOG_LEVEL", "DATABASE_URL"}


def test_no_secret_is_shown_when_settings_are_printed() -> None:
    shown = repr(SyncSettings.from_environ(GOOD | {"DATABASE_URL": DATABASE}))
    assert not [secret for secret in ("shop-secret", "dG9rOmFiYzEyMw==", "db-secret") if secret in shown]


HOSTED = {"INTERCOM_CLIENT_ID": "app-1", "SECRET_KEY": "n" * 40 + ", " + "o" * 40}


def test_workspaces_that_install_the_app_are_not_described() -> None:
    read = SyncSettings.from_environ(HOSTED)
    assert (read.single, read.secret_keys, read.api_url) == (None, ("n" * 40, "o" * 40), None)


def test_stored_secrets_need_a_key() -> None:
    assert problems({"INTERCOM_CLIENT_ID": "app-1"}) == {"SECRET_KEY": "not set"}


def test_what_describes_one_workspace_has_no_place_beside_many() -> None:
    said = problems(HOSTED | GOOD | {"INTERCOM_WORKSPACE_ID": "abc", "SQS_QUEUE_URL": "https://sqs.example.com/q"})
    assert said == dict.fromkeys([*GOOD, "INTERCOM_WORKSPACE_ID", "SQS_QUEUE_URL"], "belongs to single-workspace mode")


def test_intercoms_address_holds_for_all_workspaces_when_it_is_given() -> None:
    assert (
        SyncSettings.from_environ(HOSTED | {"INTERCOM_API_URL": "http://127.0.0.1:1"}).api_url == "http://127.0.0.1:1"
    )


def test_no_key_is_shown_when_settings_are_printed() -> None:
    assert "nnnn" not in repr(SyncSettings.from_environ(HOSTED))


@settings(max_examples=60)
@given(
    st.sampled_from([v.name for v in VARIABLES]),
    st.text(min_size=6, max_size=40),
    st.sampled_from(["", "postgresql://"]),
)
def test_no_value_is_ever_repeated_in_a_message(name: str, text: str, before: str) -> None:
    planted = f"{before}Pl4nted{text}Pl4nted"
    said = [str(problem) for variable in VARIABLES for problem in variable.problems({name: planted})]
    assert not [sentence for sentence in said if "Pl4nted" in sentence]
