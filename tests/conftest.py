"""Fixtures of every test: the sample shop, and on loopback commercetools behind it and an Intercom workspace."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from sandbox.commercetools import CommercetoolsStandIn
from sandbox.intercom import IntercomStandIn
from sandbox.shop import SampleShop
from tests.fresh_shop import fresh_sample_shop, is_as_made

# Laws are held to what is generated and not to how busy the machine is, in continuous integration or not.
settings.register_profile("steady", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


@pytest.fixture(scope="session")
def _shared_documents() -> Iterator[None]:
    yield
    assert is_as_made(), "a test changed a document of the sample shop in place"


@pytest.fixture(name="sample_shop")
def a_sample_shop(_shared_documents: None) -> SampleShop:
    """A fresh sample shop; what a test changes in it is nobody else's."""
    return fresh_sample_shop()


@pytest.fixture(scope="session")
def _listening_stand_in() -> Iterator[CommercetoolsStandIn]:
    with CommercetoolsStandIn.serve(fresh_sample_shop()) as stand_in:
        yield stand_in


@pytest.fixture
def stand_in(_listening_stand_in: CommercetoolsStandIn, sample_shop: SampleShop) -> CommercetoolsStandIn:
    """commercetools on 127.0.0.1, healthy, with a fresh sample shop (`sample_shop`) and nothing counted."""
    _listening_stand_in.reset(sample_shop)
    return _listening_stand_in


@pytest.fixture(scope="session")
def _listening_intercom() -> Iterator[IntercomStandIn]:
    with IntercomStandIn.serve() as stand_in:
        yield stand_in


@pytest.fixture
def intercom(_listening_intercom: IntercomStandIn) -> IntercomStandIn:
    """Intercom on 127.0.0.1: a healthy workspace, empty and without attributes, of which nothing was asked."""
    _listening_intercom.reset()
    return _listening_intercom
