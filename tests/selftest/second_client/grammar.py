"""The grammars of values as regular expressions (RFC 6749 Appendix A, RFC 7519 2, RFC 9110 11.6.1)."""

import re

VSCHAR = re.compile(r"[\x20-\x7e]+")
UNICODE_NO_CRLF = re.compile(r"[\t\x20-\x7e\x80-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")
SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*")
NQSCHAR = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]+")
PARAMETER_NAME = re.compile(r"[-._0-9A-Za-z]+")
B64TOKEN = re.compile(r"[-._~+/0-9A-Za-z]+=*")
URI = re.compile(r"[A-Za-z][-+.0-9A-Za-z]*:(?:[-._~:/?#\[\]@!$&'()*+,;=0-9A-Za-z]|%[0-9A-Fa-f]{2})*")

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_ELEMENT = re.compile(rf"(?:{_QUOTED}|[^,\"])+")
_PARAMETER = re.compile(rf"({_TOKEN})[ \t]*=[ \t]*({_TOKEN}|{_QUOTED})", re.DOTALL)
_SCHEME = re.compile(rf"({_TOKEN})(?:[ ]+(.*))?", re.DOTALL)


def is_text(text: str) -> bool:
    """Check whether `text` can be encoded as UTF-8: JSON can contain a lone surrogate (RFC 8259 8.2)."""
    return re.search("[\ud800-\udfff]", text) is None


def is_string_or_uri(text: str) -> bool:
    """Check whether `text` is a StringOrURI: "any value containing a ':' character MUST be a URI" (RFC 7519 2)."""
    return ":" not in text or URI.fullmatch(text) is not None


def challenges(field: str) -> list[tuple[str, dict[str, str]]]:
    """Return the challenges of WWW-Authenticate, as (scheme, parameters), both names in lower case (RFC 9110 11.6.1).

    An invalid part is skipped: another challenge may be valid.
    """
    found: list[tuple[str, dict[str, str]]] = []
    for element in _ELEMENT.findall(field):
        part = element.strip(" \t")
        parameter = _PARAMETER.fullmatch(part)
        if parameter is None:
            scheme = _SCHEME.fullmatch(part)
            if scheme is None:
                continue
            found.append((scheme[1].lower(), {}))
            parameter = _PARAMETER.fullmatch((scheme[2] or "").strip(" \t"))
        if parameter is not None and found:
            value = parameter[2]
            if value.startswith('"'):
                value = re.sub(r"\\(.)", r"\1", value[1:-1], flags=re.DOTALL)
            found[-1][1].setdefault(parameter[1].lower(), value)
    return found
