"""Workspaces that installed the app: what is on record of each, and what of it is a secret."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from psycopg import Connection

from sync.credentials import open_shop, open_token, seal_shop, seal_token
from sync.sealing import Seal, SealBroken
from sync.storage.audit import note, recent
from sync.storage.cursors import load_cursor, save_cursor
from sync.storage.database import Database
from sync.storage.forgetting import start_over
from sync.storage.hints import Hint, ResourceType, record_hints
from sync.storage.installations import load_installation
from sync.storage.installed import (
    InstalledRow,
    NotInstalled,
    OtherShop,
    State,
    all_installed,
    connect_shop,
    disconnect_shop,
    give_door_key,
    install,
    installation_of_door_key,
    installed,
    installed_by_workspace,
    replace_token,
    revisions,
    save_mapping,
    uninstall,
)
from sync.storage.once import use
from sync.storage.purge import purge

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
SEAL = Seal(("k" * 32,))
FILLED = ("hint", "resource", "audit")
WORKSPACE = "abc123"
HERE = f"w:{WORKSPACE}"
SHOP = {
    "CTP_PROJECT_KEY": "wool",
    "CTP_CLIENT_ID": "id",
    "CTP_CLIENT_SECRET": "secret-of-the-shop",
    "CTP_AUTH_URL": "https://auth.europe-west1.gcp.commercetools.com",
    "CTP_API_URL": "https://api.europe-west1.gcp.commercetools.com",
    "CTP_SCOPES": "view_orders:wool",
}


@pytest.fixture
def connection(shared_database: Database) -> Iterator[Connection]:
    """In a transaction of which nothing is kept."""
    with shared_database.transaction() as connection, connection.transaction(force_rollback=True):
        yield connection


def newcomer(connection: Connection, workspace_id: str = WORKSPACE, *, now: datetime = NOW) -> InstalledRow:
    return install(
        connection,
        workspace_id=workspace_id,
        workspace_name="Wool & More",
        region="eu",
        time_zone="Europe/Berlin",
        token=seal_token(SEAL, f"w:{workspace_id}", "the token"),
        mapping="[sync]\n",
        admin_id="814",
        now=now,
    )


def connect(connection: Connection, id_: str = HERE, *, project_key: str = "wool", now: datetime = NOW) -> None:
    connect_shop(connection, id_, shop=seal_shop(SEAL, id_, SHOP), project_key=project_key, now=now)


def found(connection: Connection, id_: str = HERE) -> InstalledRow:
    row = installed(connection, id_)
    assert row is not None
    return row


def live_since(connection: Connection) -> datetime:
    row = load_installation(connection, HERE)
    assert row is not None
    return row.live_since


def test_a_workspace_that_installs_has_a_token_and_no_shop(connection: Connection) -> None:
    row = newcomer(connection)
    assert (row.id, row.state, row.shop, row.project_key) == (HERE, State.INSTALLED, None, None)
    assert open_token(SEAL, row) == "the token"
    assert installed_by_workspace(connection, WORKSPACE) == row
    assert load_installation(connection, HERE) is not None


def test_a_shop_that_is_connected_is_watched_from_that_moment(connection: Connection) -> None:
    newcomer(connection)
    connect(connection, now=LATER)
    row = found(connection)
    assert (row.state, row.project_key, live_since(connection)) == (State.CONNECTED, "wool", LATER)
    assert open_shop(SEAL, row).client_secret == "secret-of-the-shop"


def test_new_credentials_of_the_same_shop_change_nothing_of_what_is_told(connection: Connection) -> None:
    newcomer(connection)
    connect(connection)
    connect(connection, now=LATER)
    assert live_since(connection) == NOW


def test_another_shop_is_not_taken_for_the_one_whose_facts_are_kept(connection: Connection) -> None:
    newcomer(connection)
    connect(connection)
    disconnect_shop(connection, HERE, now=NOW)
    with pytest.raises(OtherShop) as refused:
        connect(connection, project_key="silk")
    assert refused.value.held == "wool"


def test_every_change_has_a_revision_of_its_own(connection: Connection) -> None:
    seen = []
    for change in (
        lambda: newcomer(connection),
        lambda: connect(connection),
        lambda: save_mapping(connection, HERE, "", now=NOW),
        lambda: replace_token(connection, HERE, token=b"another", now=NOW),
        lambda: disconnect_shop(connection, HERE, now=NOW),
        lambda: uninstall(connection, WORKSPACE, now=NOW),
        lambda: newcomer(connection),
    ):
        change()
        seen.append(revisions(connection)[HERE])
    assert seen == sorted(set(seen))


def test_an_uninstall_forgets_every_secret_and_where_sources_were(connection: Connection) -> None:
    newcomer(connection)
    connect(connection)
    give_door_key(connection, HERE, now=NOW)
    save_cursor(connection, HERE, "order", {"since": "then"})
    assert [uninstall(connection, WORKSPACE, now=LATER) for _ in range(2)] == [True, False]
    row = found(connection)
    assert (row.state, row.uninstalled_at) == (State.UNINSTALLED, LATER)
    assert (row.token, row.shop, row.door_key_digest) == (None, None, None)
    assert load_cursor(connection, HERE, "order") is None


def test_a_workspace_nobody_knows_is_no_trouble_to_uninstall(connection: Connection) -> None:
    assert uninstall(connection, "nobody", now=NOW) is False


@pytest.mark.parametrize("id_", [HERE, "w:nobody"])
def test_nothing_is_decided_for_who_is_not_there(connection: Connection, id_: str) -> None:
    newcomer(connection)
    uninstall(connection, WORKSPACE, now=NOW)
    for change in (
        lambda: connect(connection, id_),
        lambda: save_mapping(connection, id_, "", now=NOW),
        lambda: replace_token(connection, id_, token=b"another", now=NOW),
        lambda: give_door_key(connection, id_, now=NOW),
    ):
        with pytest.raises(NotInstalled):
            change()


def test_who_comes_back_keeps_the_mapping_and_connects_the_shop_anew(connection: Connection) -> None:
    newcomer(connection)
    connect(connection)
    save_mapping(connection, HERE, "[panel]\n", now=NOW)
    uninstall(connection, WORKSPACE, now=NOW)
    again = newcomer(connection, now=LATER)
    assert (again.state, again.mapping, again.uninstalled_at) == (State.INSTALLED, "[panel]\n", None)
    connect(connection, now=LATER)
    assert live_since(connection) == LATER


def test_an_install_of_who_is_there_replaces_the_token_and_leaves_the_shop(connection: Connection) -> None:
    newcomer(connection)
    connect(connection)
    assert newcomer(connection, now=LATER).state is State.CONNECTED


def test_a_sealed_secret_opens_in_its_own_row_alone(connection: Connection) -> None:
    newcomer(connection)
    connect(connection)
    other = newcomer(connection, "other")
    connection.execute("UPDATE installed SET token = (SELECT token FROM installed WHERE id = %s)", (other.id,))
    connection.execute("UPDATE installed SET shop = token")
    row = found(connection)
    for opened in (open_token, open_shop):
        with pytest.raises(SealBroken):
            opened(SEAL, row)


def test_no_secret_is_in_a_repr(connection: Connection) -> None:
    row = newcomer(connection)
    assert repr(row.token) not in repr(row)


def test_a_door_key_leads_to_its_installation_until_there_is_another(connection: Connection) -> None:
    newcomer(connection)
    newcomer(connection, "other")
    first, other = (give_door_key(connection, id_, now=NOW) for id_ in (HERE, "w:other"))
    leads = [installation_of_door_key(connection, key) for key in (first, other, "", "no key", first + "x")]
    assert [row and row.id for row in leads] == [HERE, "w:other", None, None, None]
    second = give_door_key(connection, HERE, now=NOW)
    leads = [installation_of_door_key(connection, key) for key in (first, second)]
    assert [row and row.id for row in leads] == [None, HERE]


def test_a_door_key_is_not_kept(connection: Connection) -> None:
    newcomer(connection)
    key = give_door_key(connection, HERE, now=NOW)
    (text,) = connection.execute("SELECT installed::text FROM installed").fetchone() or ("",)
    assert key not in text


def test_all_are_listed_in_the_order_of_their_ids(connection: Connection) -> None:
    for workspace_id in ("c", "a", "b"):
        newcomer(connection, workspace_id)
    assert [row.id for row in all_installed(connection)] == ["w:a", "w:b", "w:c"]


def test_the_audit_log_is_read_page_by_page_and_by_installation(connection: Connection) -> None:
    for number in range(3):
        note(connection, HERE, admin_id="814", action="mapping_saved", detail={"number": number}, now=NOW)
    note(connection, "w:other", admin_id="1", action="mapping_saved", detail={}, now=NOW)
    newest = recent(connection, HERE, limit=2)
    rest = recent(connection, HERE, limit=2, before=newest[-1].id)
    assert [row.detail["number"] for row in (*newest, *rest)] == [2, 1, 0]


def test_what_may_be_used_once_is_not_used_twice_nor_late(connection: Connection) -> None:
    uses = [use(connection, b"digest", expires=LATER, now=NOW) for _ in range(2)]
    late = use(connection, b"another", expires=NOW, now=NOW)
    assert (uses, late) == ([True, False], False)


def test_what_was_used_is_kept_for_as_long_as_it_would_be_good(shared_database: Database) -> None:
    with shared_database.transaction() as connection:
        use(connection, b"digest", expires=LATER, now=NOW)
    assert purge(shared_database, now=LATER)["used"] == 0
    assert purge(shared_database, now=LATER + timedelta(hours=2))["used"] == 1


def test_everything_of_who_is_long_gone_is_forgotten_and_nothing_of_anybody_else(shared_database: Database) -> None:
    with shared_database.transaction() as connection:
        for workspace_id in ("gone", "lately", "there"):
            newcomer(connection, workspace_id)
            connect(connection, f"w:{workspace_id}")
            note(connection, f"w:{workspace_id}", admin_id="814", action="shop_connected", detail={}, now=LATER)
            record_hints(connection, f"w:{workspace_id}", [Hint(source="t", type=ResourceType.ORDER, id="o")])
        uninstall(connection, "gone", now=NOW)
        uninstall(connection, "lately", now=NOW + timedelta(days=1))
    assert purge(shared_database, now=NOW + timedelta(days=30, hours=1))["uninstalled"] == 1
    with shared_database.transaction() as connection:
        assert [row.workspace_id for row in all_installed(connection)] == ["lately", "there"]
        assert load_installation(connection, "w:gone") is None
        rows = {each: rows_of(connection, f"w:{each}") for each in ("gone", "lately", "there")}
    assert rows == {"gone": 0, "lately": 3, "there": 3}


def test_another_shop_can_be_connected_once_the_first_is_forgotten(shared_database: Database) -> None:
    with shared_database.transaction() as connection:
        newcomer(connection, "moves")
        connect(connection, "w:moves")
        record_hints(connection, "w:moves", [Hint(source="t", type=ResourceType.ORDER, id="o")])
        note(connection, "w:moves", admin_id="814", action="shop_connected", detail={}, now=NOW)
    assert not start_over(shared_database, "w:moves")
    with shared_database.transaction() as connection:
        disconnect_shop(connection, "w:moves", now=NOW)
    assert start_over(shared_database, "w:moves")
    with shared_database.transaction() as connection:
        connect(connection, "w:moves", project_key="silk")
        assert found(connection, "w:moves").project_key == "silk"
        assert len(recent(connection, "w:moves", limit=9)) == 1
        assert rows_of(connection, "w:moves") == 1


def rows_of(connection: Connection, id_: str) -> int:
    """In the tables that these tests fill."""
    tables = (connection.execute(f"SELECT count(*) FROM {name} WHERE installation = %s", (id_,)) for name in FILLED)
    return sum(int(row[0]) for table in tables for row in table)
