"""Bugs in renewals that fail."""

import contextlib
from dataclasses import replace
from typing import Any

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.reference.errors import protocol_error
from tests.selftest.bugs.broken import Broken


class StaleHandedOut(Broken):
    """Returns the expired token if the renewal fails, also if the server has refused it."""

    seen_in = ("equinor/mad#871", "wanaku-ai/wanaku#1707")

    reached_by = ("a token request that failed",)

    def renew(self) -> Any:
        try:
            return super().renew()
        except ClientFailure:
            if self.held is None:
                raise
            return self.held


class EarlyFailureWithholds(Broken):
    """Raises the failure of a renewal ahead of the end, although its token is still good."""

    seen_in = ("zalando-stups/python-tokens#2", "databricks/zerobus-sdk#607")

    reached_by = ("a token request that failed",)

    def renewed(self, held: Any) -> Any:
        return self.renew()


class EarlyFailureLengthens(Broken):
    """Counts the lifetime of its old token anew when a renewal ahead of the end fails."""

    reached_by = ("a token request that failed",)

    def renewed(self, held: Any) -> Any:
        kept = super().renewed(held)
        if kept is held and held.expires_at is not None:
            self.held = replace(held, received_at=self.now(), expires_at=self.now() + held.expires_at - held.received_at)
        return kept


class EarlyRefusalGivesUp(Broken):
    """Renews no more after a refusal ahead of the end, and returns its old token for ever."""

    reached_by = ("a token request that failed",)

    def renewed(self, held: Any) -> Any:
        try:
            return self.renew()
        except ClientFailure as failure:
            if held is None or not self.is_good(held):
                raise
            if failure.error.kind == "oauth":
                self.held = replace(held, expires_at=None)
            return held


class FailureForgets(Broken):
    """Discards its refresh token if a renewal fails."""

    seen_in = ("Shopify/hydrogen#3916", "metadist/synaplan#1355", "schulydev/Schuly#476")

    reached_by = ("a token request that failed",)

    def renew(self) -> Any:
        try:
            return super().renew()
        except ClientFailure:
            self.refresh_token = None
            raise


class FailureRemembered(Broken):
    """Raises the first failure again for each later call."""

    seen_in = ("firebase/firebase-admin-node#3234", "huggingface/huggingface.js#2494")

    reached_by = ("a token request that failed",)

    failed: ClientFailure | None = None

    def renew(self) -> Any:
        if self.failed is not None:
            raise self.failed
        try:
            return super().renew()
        except ClientFailure as failure:
            self.failed = failure
            raise


class FailureDisablesCache(Broken):
    """Requests a token for each call after one failure: the mark that it needs one stays behind."""

    reached_by = ("a token request that failed",)

    needs_one = False

    def is_fresh(self, held: Any) -> bool:
        return not self.needs_one and super().is_fresh(held)

    def renew(self) -> Any:
        try:
            return super().renew()
        except ClientFailure:
            self.needs_one = True
            raise


class HalfKept(Broken):
    """Returns its old token with a new lifetime if the response to a renewal is invalid."""

    reached_by = ("a token request that failed",)

    def renew(self) -> Any:
        try:
            return super().renew()
        except ClientFailure as failure:
            if self.held is not None and failure.error.kind == "protocol":
                self.held = replace(self.held, received_at=self.now(), expires_at=self.now() + 3600)
                return self.held
            raise


class InvalidGrantRepeated(Broken):
    """Repeats a failed token request five times, even after invalid_grant."""

    seen_in = ("router-for-me/CLIProxyAPI#5766", "beamable/BeamableProduct#4391")

    reached_by = ("a token request that failed",)

    def ask(self, grant: Any) -> Any:
        for _ in range(5):
            with contextlib.suppress(ClientFailure):
                return super().ask(grant)
        return super().ask(grant)


class InvalidGrantSwallowed(Broken):
    """Reports every failed token request as trouble of the server, without the error code."""

    seen_in = ("nulab/backlog-mcp-server#240", "canonical/authd#1411")

    reached_by = ("a token request that failed",)

    def ask(self, grant: Any) -> Any:
        try:
            return super().ask(grant)
        except ClientFailure:
            raise protocol_error("the server has trouble") from None
