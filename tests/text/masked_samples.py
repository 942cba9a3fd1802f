"""What the tests of masking share."""

from shouwen.text.masking import Masked, mask

CARD = "6228480402564890018"  # a made-up number that passes Luhn


def assert_hidden(text: str, expected: str) -> None:
    """Masked as expected; masking again changes nothing; the spans tell where."""
    masked = mask(text)
    assert masked.text == expected
    assert mask(masked.text).text == masked.text
    assert rebuild(text, masked) == masked.text


def rebuild(text: str, masked: Masked) -> str:
    """The masked text put together from the original and the spans."""
    out, at = "", 0
    for span in masked.spans:
        assert masked.text[span.masked_start : span.masked_end] == span.mask
        out += text[at : span.start] + span.mask
        at = span.end
    return out + text[at:]
