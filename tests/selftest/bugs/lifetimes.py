"""Bugs in how long a token is used."""

import contextlib
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.reference.token_response import TokenResponseReader
from tests.selftest.bugs.broken import Broken


class LifetimeInMilliseconds(Broken):
    """Reads expires_in as milliseconds."""

    seen_in = ("openfga/js-sdk#26", "salte-auth/salte-auth#200")

    def keep(self, granted: Any) -> Any:
        return super().keep(replace(granted, expires_in=(granted.expires_in or 0) / 1000))


class LifetimeInMinutes(Broken):
    """Reads expires_in as minutes."""

    seen_in = ("Esri/arcgis-rest-js#429",)

    def keep(self, granted: Any) -> Any:
        return super().keep(replace(granted, expires_in=(granted.expires_in or 0) * 60))


class LeewayOfAnHour(Broken):
    """Renews an hour before the expiry, so it never reuses a token with a lifetime of an hour."""

    seen_in = ("transip/gotransip#29", "nuclia/frontend#2771", "earendil-works/pi#7457")

    def leeway_s(self, lifetime_s: float) -> float:
        return 3600.0


class LeewayAsLongAsTheLife(Broken):
    """Renews five minutes before the expiry, however short the lifetime is: a token of five minutes is never used again."""

    seen_in = ("openfga/java-sdk#309", "sensu/web#209")

    def leeway_s(self, lifetime_s: float) -> float:
        return 300.0


class LeewayTheWrongWay(Broken):
    """Adds the leeway to the lifetime instead of subtracting it."""

    seen_in = ("manfredsteyer/angular-oauth2-oidc#1135", "coralproject/talk#2356")

    def leeway_s(self, lifetime_s: float) -> float:
        return -60.0


class ShortLivesForEver(Broken):
    """Treats a lifetime below its leeway as unlimited."""

    seen_in = ("decocms/studio#6199", "oomol-lab/open-connector#185")

    def keep(self, granted: Any) -> Any:
        held = super().keep(granted)
        return replace(held, expires_at=None) if (granted.expires_in or 0) < 30 else held


class NeverExpires(Broken):
    """Uses the first token for ever."""

    seen_in = ("medplum/medplum#1338", "dash0hq/dash0-cli#258", "nowireless4u/hpe-networking-mcp#130")

    def is_fresh(self, held: Any) -> bool:
        return True


class DayAtMost(Broken):
    """Ignores a lifetime of more than a day, and requests a token for each call."""

    def keep(self, granted: Any) -> Any:
        return super().keep(replace(granted, expires_in=0.0 if (granted.expires_in or 0) > 86_400 else granted.expires_in))


class ThirtyOneBits(Broken):
    """Stores the expiry time in too few bits (30)."""

    seen_in = ("keycloak/keycloak-js#107", "directus/directus#4054", "openshiftio/openshift.io#94")

    def keep(self, granted: Any) -> Any:
        held = super().keep(granted)
        return replace(held, expires_at=int(held.expires_at or 0) & 0x3FFFFFFF)


class MissingLifetimeCrashes(Broken):
    """Crashes if expires_in is missing."""

    seen_in = ("requests/requests-oauthlib#72", "danny-avila/LibreChat#15319", "DataDog/integrations-core#19371")

    def keep(self, granted: Any) -> Any:
        if granted.expires_in is None:
            raise KeyError("expires_in")
        return super().keep(granted)


class MissingLifetimeLoops(Broken):
    """Sends up to three requests if expires_in is missing."""

    seen_in = ("appsmithorg/appsmith#4644", "openclaw/openclaw#144082")

    reached_by = ("no expires_in",)

    def exchange(self, grant: Any) -> Any:
        for _ in range(3):
            held = super().exchange(grant)
            if held.expires_at is not None:
                break
        return held


class OnArrivalLoops(Broken):
    """Sends up to ten requests if the token is expired on arrival."""

    seen_in = ("nhost/nhost#2037",)

    reached_by = ("expires_in of at most 1 s",)

    def exchange(self, grant: Any) -> Any:
        for _ in range(10):
            held = super().exchange(grant)
            if self.is_fresh(held):
                break
        return held


class AlwaysRenews(Broken):
    """Requests a token for each call, although it declares a cache."""

    seen_in = ("SAP/cloud-sdk-js#626", "helidon-io/helidon#10509")

    def is_fresh(self, held: Any) -> bool:
        return False


class HugeLifetimeCrashes(Broken):
    """Converts the expiry to a date, and crashes if the lifetime is too long for one."""

    seen_in = ("danny-avila/LibreChat#15321",)

    class Responses(TokenResponseReader):
        def expires_in(self, document: Any) -> float | None:
            value = document.get("expires_in")
            if isinstance(value, int):
                datetime.now(UTC) + timedelta(seconds=value)
            return super().expires_in(document)


class TimerOverflows(Broken):
    """Renews with a timer of milliseconds in 31 bits, which fires immediately if it is set to more (as setTimeout does)."""

    reached_by = ("expires_in beyond 24 days",)

    def keep(self, granted: Any) -> Any:
        held = super().keep(granted)
        if (granted.expires_in or 0) * 1000 >= 2**31:
            threading.Thread(target=self.fire, daemon=True).start()
        return held

    def fire(self) -> None:
        for _ in range(5):
            with contextlib.suppress(ClientFailure):
                self.ask(self._ready()[0].grant)


class FirstLifetimeForAll(Broken):
    """Reads the lifetime of its first token response only, and counts it for all later tokens."""

    seen_in = ("lukeredpath/LROAuth2Client#3",)

    first: float | None = None

    def keep(self, granted: Any) -> Any:
        self.first = self.first or granted.expires_in
        return super().keep(replace(granted, expires_in=self.first))
