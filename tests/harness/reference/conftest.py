import pytest

from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference import make_client
from oauth_gauntlet.registration import default_configuration, register


@pytest.fixture
def ready(tenant):
    made = []

    def configured(grant=GrantType.CLIENT_CREDENTIALS, make=make_client, **changes):
        client = make()
        made.append(client)
        config = default_configuration(tenant, grant) | changes
        register(tenant, config)
        client.configure(config)
        return client

    yield configured
    for client in made:
        client.close()
