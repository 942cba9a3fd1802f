from itertools import pairwise

import pytest

from shouwen.bench.schedule import arrivals


def test_arrivals_ascend_and_end_with_the_phase():
    offsets = arrivals(30, 20, seed=1)
    assert offsets == sorted(offsets)
    assert offsets[0] > 0
    assert offsets[-1] < 20


def test_the_mean_rate_is_the_one_asked_for():
    assert len(arrivals(30, 1000, seed=1)) == pytest.approx(30_000, rel=0.03)


def test_gaps_vary_as_those_of_independent_customers_do():
    offsets = arrivals(30, 1000, seed=1)
    gaps = [later - earlier for earlier, later in pairwise(offsets)]
    mean = sum(gaps) / len(gaps)
    spread = (sum((gap - mean) ** 2 for gap in gaps) / len(gaps)) ** 0.5
    assert spread == pytest.approx(mean, rel=0.05)  # exponential gaps spread as far as they are long


def test_the_same_seed_gives_the_same_arrivals_and_another_seed_others():
    assert arrivals(30, 20, seed=1) == arrivals(30, 20, seed=1) != arrivals(30, 20, seed=2)


def test_no_time_means_no_arrivals():
    assert arrivals(30, 0, seed=1) == []


@pytest.mark.parametrize("rate", [0, -1])
def test_a_rate_that_is_not_positive_is_refused(rate):
    with pytest.raises(ValueError, match="a rate of"):
        arrivals(rate, 20, seed=1)
