"""The error responses of providers: the application learns what the provider says."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind
from oauth_gauntlet.requirement import INTEROP, REFRESH_TOKEN, Variant, practice, requirement
from oauth_gauntlet_scenarios.error.application_error import names_code, names_status
from oauth_gauntlet_scenarios.provider.provider import Failure, providers
from oauth_gauntlet_scenarios.provider.served import error_answer
from oauth_gauntlet_server import Tenant


def _names(error: ErrorInfo, answer: Failure) -> bool:
    """Return whether the application can learn what the answer says.

    Its code. Without a code one of its texts, or the status; with 401 also the status: some HTTP libraries keep its body.
    """
    if answer.code is not None and names_code(error, answer.code):
        return True
    if answer.code is not None and answer.status != 401:
        return False
    told = f"{error.message} {error.oauth_error} {error.oauth_error_description}"
    return names_status(error, answer.status) or any(text in told for text in answer.texts)


@requirement(
    "provider.error",
    level=INTEROP,
    basis=practice(
        "Providers answer with errors of their own form: status 200 or 403, other members than error, codes that no document "
        "registers. The application decides by them whether the user has to sign in again."
    ),
    covered_by=[
        "error.codes",
        "error.unknown-code",
        "error.other-status",
        "error.200-with-error",
        "error.401-invalid-client",
        "error.400-with-token",
        "error.html",
        "error.empty-body",
    ],
    grants=[REFRESH_TOKEN],
    statement="The error of a provider gives an error with the provider's code; without a code, with its text or status.",
    variants=[name for name, provider in providers().items() if provider.error is not None],
)
def test_error(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers every token request with the error that the provider documents.

    Check: a documented error that names the code; if there is none, or the status is 401, one of its texts or the status.
    """
    client.control()
    provider = providers()[variant.name]
    answer = provider.error
    assert answer is not None
    tenant.arm(error_answer(answer))
    error = client.try_get_token()
    mark = Mark(text=f"HTTP/1.1 {answer.status}", part="response")
    form = f" ({answer.deviation})" if answer.deviation else ""
    require(
        isinstance(error, ErrorInfo),
        expected=f"an error for the application, for the error of {provider.name}{form}",
        seen=f"the error of {provider.name} was taken for a token response: {described(error)}",
        mark=mark,
    )
    assert isinstance(error, ErrorInfo)
    require(
        error.kind is not ErrorKind.UNEXPECTED,
        expected=f"an error that the client documents, for the error of {provider.name}{form}",
        seen=described(error),
        mark=mark,
    )
    what = f"the status {answer.status}, or a text of the document"
    if answer.code is not None:
        what = f"the code {answer.code}" + (", or the status 401" if answer.status == 401 else "")
    require(
        _names(error, answer),
        expected=f"{what} in the client's error, for the error of {provider.name}{form}",
        seen=described(error),
        mark=mark,
    )
