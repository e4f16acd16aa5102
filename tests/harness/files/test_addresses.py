import pytest

from oauth_gauntlet.files.addresses import REPOSITORY, absolute_links, page, project_urls


@pytest.mark.parametrize(
    ("link", "folder", "target"),
    [
        ("[a](docs/adapters.md)", "", f"[a]({REPOSITORY}/blob/main/docs/adapters.md)"),
        ("[a](results.md#verdicts)", "docs", f"[a]({REPOSITORY}/blob/main/docs/results.md#verdicts)"),
        ("[a](../action.yml)", "docs", f"[a]({REPOSITORY}/blob/main/action.yml)"),
        ("![a](docs/images/a.png)", "", f"![a]({REPOSITORY}/raw/main/docs/images/a.png)"),
        ("[a](#glossary)", "", "[a](#glossary)"),
        ("[a](https://example.com/b)", "", "[a](https://example.com/b)"),
        ("[a](mailto:a@example.com)", "", "[a](mailto:a@example.com)"),
        ("[a](b.md) and [c](d.md)", "", f"[a]({REPOSITORY}/blob/main/b.md) and [c]({REPOSITORY}/blob/main/d.md)"),
    ],
)
def test_a_relative_link_becomes_absolute(link, folder, target):
    assert absolute_links(link, folder) == target


def test_a_page_keeps_its_text():
    assert absolute_links("`f(a)[b](x)` is code? no: a link.\n") == f"`f(a)[b]({page('x')})` is code? no: a link.\n"


def test_every_address_starts_with_the_constant():
    assert all(address.startswith(REPOSITORY) for address in project_urls().values())
