"""The limits of the profiles, against what the protocols would ask within them."""

from __future__ import annotations

import pytest

from camaudit.sources.protocols import registry
from camaudit.sources.scan.limits import PROFILES, Profile
from camaudit.sources.scan.plan import make_plan
from camaudit.sources.scan.visit import MAX_FOLLOWED
from camaudit.sources.spec import Transport


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_a_device_with_every_port_closed_is_still_asked_the_last_question(profile: Profile) -> None:
    # the questions over UDP come last: an agent that answers there alone was never asked
    specs = registry()
    given = {d.needs for spec in specs.values() for d in spec.dialogues if d.needs}
    plan = make_plan(specs, profile.ceiling, given=given)
    over_streams = sum(
        len({d.transport for d in plan.at(port)} - {Transport.UDP}) for port in plan.ports
    )
    over_datagrams = len(list(plan.over_datagrams()))
    assert over_streams > 20
    assert over_datagrams > 0
    assert profile.limits.connections >= over_streams + over_datagrams + MAX_FOLLOWED
