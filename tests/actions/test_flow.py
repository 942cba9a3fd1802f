"""The table of flows."""

from actions.flow import ALL
from shouwen.identity.level import REQUIRED, TOPIC_ACT


def test_every_act_that_needs_a_level_has_a_flow() -> None:
    assert {flow.act for flow in ALL} == set(REQUIRED)
    assert {flow.topic for flow in ALL} == set(TOPIC_ACT)
