"""Which orders a conversation is about, by the numbers named in it.

What people and earlier automations write is searched in the order of its weight: custom attributes, then the
texts in the order in which they are given (`latest_first` puts them where the talk is now). A wrong guess costs
little (the shop knows no such order), so the patterns would rather take one number too many; but what is surely
something else (dates, prices, telephone numbers, ids, addresses) takes no place.

What is read comes from strangers: its length is bounded before any pattern sees it, and patterns see it
in windows of bounded size.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html.parser import HTMLParser
from typing import Final

from clients.intercom.conversation import Conversation
from commerce.visible_text import tidy

MOST_CHARACTERS: Final = 20_000  # of text, in one conversation
MOST_HTML: Final = 4 * MOST_CHARACTERS
LONGEST_NUMBER: Final = 64
WINDOW: Final = 240  # characters a pattern sees at once
OVERLAP: Final = 80  # longer than a number with the words before it

_WORDS: Final = (
    r"orders?|purchases?|bestellung(?:en)?|bestell|auftr[aä]ge?s?|commandes?|pedidos?|ordin[ei]|bestelling|encomenda"
    r"|zam[oó]wieni[ae]|objedn[aá]vk[ay]|tilaus|ordre|rendel[eé]s|订单|訂單|注文|주문"
)
_NUMBER_WORDS: Final = (
    r"number|num|n[uú]m[eé]ro|nummer|numer|nr|no|n[°º]|id|ref(?:erence)?|code|番号|编号|編號|号|號|번호"
)
_VERBS: Final = r"is|was|ist|lautet|war|est|es|è"
_NOT_ORDERS: Final = (
    r"TEL|FAX|FON|PHONE|ISO|DIN|RFC|CVE|UTF|SHA|PLZ|ZIP|EAN|SKU|GTIN|ISBN|IBAN|BIC|VAT|UST|HRB|USB|HTTPS?|COVID|RMA|RET"
)
# "number", "Nr.", "is", ":", "#" and the like between the word and the number.
_SAYING: Final = (
    rf"(?:s?(?:{_NUMBER_WORDS})\b\.?)?(?:\s?(?:{_VERBS})\b)?[\s:：#=/.-]{{0,3}}"
    rf"(?:(?:{_NUMBER_WORDS})\.?[\s:：#=]{{0,3}})?"
)
_PREFIX: Final = rf"(?!(?:{_NOT_ORDERS})-)[A-Z]{{1,6}}-?"
_NUMBER: Final = rf"(?:{_PREFIX})?\d{{3,12}}(?:-\d{{1,12}}){{0,2}}"
# What may follow: no rest of a longer word, date or decimal, and no currency or per cent.
_CURRENCY: Final = r"€|\$|£|¥|%|(?:EUR|USD|GBP|CHF|JPY|PLN|SEK|NOK|DKK|CZK|KWD)\b"
_END: Final = rf"(?![\w@]|-\w|[.,:/]\d|\s?(?:{_CURRENCY}))"

DEFAULT_PATTERNS: Final[tuple[re.Pattern[str], ...]] = tuple(
    re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        # DE-10482, ORD-100001, ACC-123456, AB-2026-00123
        rf"(?<![\w@.+-])((?=[A-Z]{{2}}){_PREFIX}(?<=-)(?=[-\d]{{0,30}}\d{{3}})\d{{1,12}}(?:-\d{{1,12}}){{0,2}}){_END}",
        # #1001, #DE-10482, # 1001
        rf"(?<![\w&/#])#\s?({_NUMBER}){_END}",
        # order 1001, order number: A-1001, Bestellung Nr. 1001, commande n° 1001, 注文番号1001
        rf"(?<![A-Z])(?:{_WORDS})[\s-]{{0,2}}{_SAYING}({_NUMBER}){_END}",
        # a whole line that is nothing but a number: the answer to "Which order is it?"
        rf"^\s?((?:{_PREFIX})?\d{{4,9}})\s?[.!]?$",
    )
)

_BLOCK: Final = re.compile(
    r"address|article|blockquote|br|caption|dd|div|dl|dt|figure|footer|form|h[1-6]|header|hr|li|main|ol|option|p|pre"
    r"|section|table|tbody|td|tfoot|th|thead|title|tr|ul"
)
_SILENT: Final = frozenset({"script", "style", "template", "noscript"})
_UNFINISHED_TAG: Final = re.compile(r"<(?![^<>]{0,4000}>)")
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\uff0d", "-"))
# Surely no order number, wherever it stands: UUIDs, e-mail addresses, dates, telephone numbers, times.
_SOMETHING_ELSE: Final = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
    r"|[\w.+-]{1,64}@[\w.-]{1,64}"
    r"|\b(?:19|20)\d\d[-/.][01]?\d[-/.][0-3]?\d(?:T[\d:.]{4,12}Z?)?\b"
    r"|\b[0-3]?\d[-/.][0-3]?\d[-/.](?:19|20)?\d\d\b"
    r"|(?<!\w)\+\d[\d\s()/-]{6,20}\d"
    r"|(?<![\w#-])\(?0\d{1,4}\)?[ /-]\d[\d -]{4,14}\d"
    r"|\b[012]?\d:\d\d(?::\d\d)?\b",
    re.ASCII | re.IGNORECASE,
)
_DATE: Final = re.compile(r"(?:19|20)\d\d[01]\d[0-3]\d")  # 20261123
# An attribute named "Order total" holds no number of an order.
_OTHER_MEANING: Final = re.compile(
    r"orders|total|amount|value|sum|price|cost|currency|date|time|day|at|on|count|quantity|qty|items?|status|state|stage"
    r"|type|kind|source|channel|store|country|url|link|tags?|reason|notes?|name|by|email|phone",
    re.IGNORECASE,
)
_ORDER_WORD: Final = re.compile(r"order|bestell|auftrag|commande|pedido", re.IGNORECASE)
_NAME_WORD: Final = re.compile(r"[A-Z]?[a-zäöüß]+|[A-ZÄÖÜ]+")


def order_numbers_named(
    conversation: Conversation,
    patterns: Sequence[re.Pattern[str]] = DEFAULT_PATTERNS,
    attribute_names: Sequence[str] = (),
    limit: int = 3,
) -> tuple[str, ...]:
    """At most `limit` order numbers that the conversation names, the weightiest first.

    A pattern's first group is the number, or the whole match when it has none. Without `attribute_names` every
    custom attribute counts whose name speaks of an order and of nothing else (not "Order total"). A number is
    given as it is written; one from a text that has small letters is followed by itself in capitals, since the
    shop compares exactly and people do not.
    """
    found: dict[str, None] = {}
    seen: set[str] = set()
    for spellings in _candidates(conversation, patterns, attribute_names):
        if spellings[0].casefold() not in seen:
            seen.add(spellings[0].casefold())
            found |= dict.fromkeys(spellings)
        if len(found) >= limit:
            break
    return tuple(found)[:limit]


def _candidates(
    conversation: Conversation, patterns: Sequence[re.Pattern[str]], attribute_names: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    """Each number with its spellings."""
    for value in _attribute_values(conversation, attribute_names):
        if _is_whole_number(value):
            yield (value.lstrip("#"),)
        else:
            yield from _spelt(_matches(value, patterns))
    for text in _texts(conversation):
        yield from _spelt(_matches(text, patterns))


def _spelt(numbers: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((number, number.upper()) for number in numbers)


def _attribute_values(conversation: Conversation, names: Sequence[str]) -> Iterator[str]:
    wanted = {name.casefold() for name in names}
    for name, value in conversation.attributes:
        if name.casefold() in wanted if wanted else _speaks_of_an_order(name):
            yield tidy(value, MOST_CHARACTERS)


def _speaks_of_an_order(name: str) -> bool:
    words = _NAME_WORD.findall(name[:LONGEST_NUMBER])
    return any(_ORDER_WORD.match(word) for word in words) and not any(_OTHER_MEANING.fullmatch(word) for word in words)


def _is_whole_number(value: str) -> bool:
    """Whether an attribute's value is a number as it stands: one word with a digit in it."""
    word = 0 < len(value.lstrip("#")) <= LONGEST_NUMBER and not re.search(r"[\s,;]|://|@", value)
    return word and any(c.isdecimal() for c in value) and not _SOMETHING_ELSE.fullmatch(value)


def _texts(conversation: Conversation) -> Iterator[str]:
    """The conversation's texts as lines of plain text, until enough has been read."""
    html_left, left = MOST_HTML, MOST_CHARACTERS
    for text in conversation.texts:
        if html_left <= 0 or left <= 0:
            return
        html = text.html[:html_left]
        html_left -= len(html)
        plain_text = text_of(html)[:left]
        left -= len(plain_text)
        yield plain_text


def _matches(text: str, patterns: Sequence[re.Pattern[str]]) -> Iterator[str]:
    """The numbers in `text`, in the order in which they stand there."""
    for line in text.translate(_DASHES).splitlines():
        quiet = _SOMETHING_ELSE.sub(lambda match: "\x00" * len(match.group()), line)
        found = [found for start, end in _windows(len(quiet)) for found in _in_window(quiet, start, end, patterns)]
        yield from (number for _, number in sorted(found, key=lambda entry: entry[0]))


def _windows(length: int) -> Iterator[tuple[int, int]]:
    for start in range(0, max(length - OVERLAP, 1), WINDOW - OVERLAP):
        yield start, min(start + WINDOW, length)


def _in_window(line: str, start: int, end: int, patterns: Sequence[re.Pattern[str]]) -> Iterator[tuple[int, str]]:
    """Matches between `start` and `end`; one that ends with the window may go on and is left to the next."""
    for pattern in patterns:
        for match in pattern.finditer(line, start, end):
            number = match.group(1 if pattern.groups and match.group(1) else 0).strip()
            if match.end() == end < len(line) or not 0 < len(number) <= LONGEST_NUMBER:
                continue
            if "\x00" not in number and not _DATE.fullmatch(number):
                yield match.start(), number


def text_of(html: str) -> str:
    """What `html` says, as lines: a line for each block, entities decoded, scripts and styles left out."""
    reader = _TextReader()
    reader.feed(_finished(html))
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.pieces).splitlines())
    return "\n".join(line for line in lines if line)


def _finished(html: str) -> str:
    """`html` without comments and with every `<` that begins no tag as text.

    The standard library's parser looks for the end of an unfinished tag or comment again and again: without this,
    40,000 characters of `<a ` keep it busy for twenty seconds.
    """
    pieces, at = [], 0
    while (start := html.find("<!--", at)) >= 0:
        pieces.append(html[at:start])
        end = html.find("-->", start + 4)
        at = len(html) if end < 0 else end + 3
    return _UNFINISHED_TAG.sub("&lt;", "".join([*pieces, html[at:]]))


class _TextReader(HTMLParser):
    """Collects the text of a document, however broken."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silenced_by: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silenced_by = self._silenced_by or tag
        elif _BLOCK.fullmatch(tag):
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silenced_by:
            self._silenced_by = None
        elif _BLOCK.fullmatch(tag):
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if self._silenced_by is None:
            self.pieces.append(data)

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """`<![x[` is a comment in HTML; the standard library insists on the sections of SGML and gives up."""
        return self.parse_bogus_comment(i)
