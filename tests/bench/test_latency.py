import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.bench.latency import Latency, latency, percentile

MILLISECONDS = st.lists(st.floats(0, 1e6), min_size=1)


@pytest.mark.parametrize(
    ("share", "value"),
    [(0.5, 50), (0.95, 95), (0.99, 99), (0.07, 7), (1.0, 100), (0.001, 1)],
)
def test_a_percentile_of_a_hundred_values_is_the_value_of_that_rank(share, value):
    assert percentile(range(1, 101), share) == value


@given(MILLISECONDS, st.floats(0.01, 1))
def test_a_percentile_is_a_measured_value_that_its_share_does_not_exceed(values, share):
    found = percentile(sorted(values), share)
    assert found in values
    assert sum(value <= found for value in values) >= math.floor(share * len(values))


def test_one_slow_turn_in_a_hundred_shows_in_the_maximum_only():
    assert latency([*[8.0] * 99, 5000.0]) == Latency(p50=8.0, p95=8.0, p99=8.0, max=5000.0)


def test_two_slow_turns_in_a_hundred_show_in_the_99th_percentile():
    assert latency([*[8.0] * 98, 5000.0, 5000.0]).p99 == 5000.0


def test_order_does_not_matter():
    assert latency([3.0, 1.0, 2.0]) == latency([1.0, 2.0, 3.0])


def test_nothing_measured_gives_no_figures():
    assert latency([]) == Latency(None, None, None, None)


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 0.0), ([1.0], 1.1)])
def test_a_percentile_of_nothing_or_of_no_share_is_refused(values, share):
    with pytest.raises(ValueError, match="no percentile"):
        percentile(values, share)
