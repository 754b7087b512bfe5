"""Every case on docs/identity.md is held by a test, and every test of identity and erasure is one or a detail."""

from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
PAGE = (REPOSITORY / "docs" / "identity.md").read_text(encoding="utf-8")
TESTS = "".join(
    (REPOSITORY / "tests" / "integration" / "sync" / name).read_text(encoding="utf-8")
    for name in ("test_identity.py", "test_erasure.py", "webhooks/test_contacts.py")
)
DETAILS = {
    "test_the_email_is_compared_in_small_letters",
    "test_an_archived_contact_is_left_alone",
    "test_a_lead_that_an_agent_picked_for_another_is_not_merged",
    "test_a_contact_under_a_stand_in_id_is_still_the_customers_when_its_link_is_lost",
    "test_an_archived_contact_is_restored_where_the_mapping_says_so",
    "test_a_deleted_contact_is_forgotten_where_none_may_be_made",
    "test_a_pick_moves_a_customer_who_was_linked_by_email",
    "test_a_guest_whose_address_another_customer_has_stays",
    "test_a_contact_that_is_gone_already_is_no_obstacle",
    "test_a_contact_with_the_customers_id_is_found_though_nothing_is_on_record",
    "test_nothing_is_touched_while_a_job_of_the_customer_is_at_work",
    "test_what_anybody_says_erases_nobody",
    "test_a_merge_that_is_told_again_leads_to_nothing",
    "test_a_trace_tells_that_intercom_told_us_and_no_address",
}


def test_every_case_on_the_page_is_held_by_a_test_and_every_test_is_on_the_page() -> None:
    held = re.findall(r"\| `(test_\w+)` \|$", PAGE, re.M)
    assert set(held) | DETAILS == set(re.findall(r"^def (test_\w+)", TESTS, re.M))
    assert set(held).isdisjoint(DETAILS)


def test_every_row_of_the_page_names_its_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| case", "| what |"))]
    assert [row for row in rows if not re.search(r"\| `test_\w+` \|$", row)] == []
