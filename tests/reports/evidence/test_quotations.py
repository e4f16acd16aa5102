import pytest

from oauth_gauntlet.model import Binds
from oauth_gauntlet.model.basis import damage, page, practice, quote, rule
from oauth_gauntlet_reports.evidence.quotations import basis_lines, quotations
from oauth_gauntlet_reports.evidence.sources import place_url


def test_each_kind_of_basis_in_words():
    basis = (
        quote("RFC 6749 2.3", "It MUST.", binds=Binds.CLIENT),
        rule("RFC 9112 7.1", "It is so.", binds=Binds.RECIPIENT),
        quote("RFC 6749 5.1", "It MUST.", binds=Binds.SERVER),
        page("their page", "It does."),
        practice("Servers do."),
        damage("A token."),
    )
    assert basis_lines(basis) == (
        'RFC 6749 2.3, binds the client: "It MUST."',
        'RFC 9112 7.1, binds the recipient: "It is so."',
        'RFC 6749 5.1, binds the server: "It MUST."',
        'their page, binds the client: "It does."',
        "Practice: Servers do.",
        "What is lost: A token.",
    )
    assert [each.quoted for each in quotations(basis)] == [True, True, True, True, False, False]
    assert [each.url is not None for each in quotations(basis)] == [True, True, True, False, False, False]


@pytest.mark.parametrize(
    ("document", "section", "url"),
    [
        ("RFC 6749", "2.3.1", "https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1"),
        ("RFC 6749", "B", "https://www.rfc-editor.org/rfc/rfc6749#appendix-B"),
        ("RFC 6749", "A.12", "https://www.rfc-editor.org/rfc/rfc6749#appendix-A.12"),
        ("RFC 6749", "", "https://www.rfc-editor.org/rfc/rfc6749"),
        ("RFC 6749", "<odd>", "https://www.rfc-editor.org/rfc/rfc6749"),
        ("OAuth 2.1", "4.1", None),
        ("javascript:alert(1)", "1", None),
    ],
)
def test_only_a_section_of_an_rfc_is_a_link(document, section, url):
    assert place_url(document, section) == url
