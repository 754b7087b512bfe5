"""Who keeps a contact true that several people have."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.identity import LinkedBy
from sync.identity.standing import is_events_only
from sync.storage.links import Link

LINKS = st.lists(
    st.builds(
        Link,
        key=st.from_regex(r"\A[cg]:[a-d]\Z"),
        contact_id=st.just("contact"),
        linked_by=st.sampled_from([each.value for each in LinkedBy]),
    ),
    min_size=1,
    unique_by=lambda link: link.key,
)


@settings(max_examples=40)
@given(LINKS)
def test_of_all_who_share_a_contact_exactly_one_keeps_it_true(links: list[Link]) -> None:
    assert [is_events_only(links, link.key) for link in links].count(False) == 1


@settings(max_examples=40)
@given(LINKS)
def test_a_guest_never_keeps_a_contact_true_that_an_account_has(links: list[Link]) -> None:
    has_account = any(link.key.startswith("c:") for link in links)
    assert all(is_events_only(links, link.key) for link in links if link.key.startswith("g:") and has_account)
