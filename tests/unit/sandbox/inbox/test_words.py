"""A message's HTML becomes text."""

from __future__ import annotations

import pytest

from sandbox.inbox.words import words_of


@pytest.mark.parametrize(
    ("html", "words"),
    [
        pytest.param("<p>Hello,</p><p>where is it?</p>", "Hello,\nwhere is it?", id="a block is a line"),
        pytest.param("one<br>two", "one\ntwo", id="a break is a line"),
        pytest.param("order <b>DE-10482</b>\n is   late", "order DE-10482 is late", id="white space collapses"),
        pytest.param("<script>alert(1)</script><style>p{}</style>kept", "kept", id="code is silent"),
        pytest.param("a &lt;b&gt; &amp; c", "a <b> & c", id="entities are characters"),
        pytest.param("<p>5 < 6 <b>never closed", "5 < 6 never closed", id="broken markup is no error"),
        pytest.param(None, "", id="nothing"),
        pytest.param(17, "", id="rubbish"),
    ],
)
def test_only_the_words_are_left(html: object, words: str) -> None:
    assert words_of(html) == words
