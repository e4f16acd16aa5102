import io

import pytest

from oauth_gauntlet_server.http.handled import ConnectionInfo
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.http.wire_plan import ByteStream
from oauth_gauntlet_server.http.wsgi import call, current_request, environ_of, path_info, recorded_request


def recorded(target="/t/token?a=1", headers=(), body=b"a=1", version="1.1"):
    return RecordedRequest(method="POST", target=target, http_version=version, headers=headers, body=body, raw=b"the octets")


def environ(request):
    connection = ConnectionInfo(scheme="http", server=("127.0.0.1", 80), client=("127.0.0.2", 81))
    return environ_of(request, path=path_info(request), connection=connection)


def test_the_environ_of_a_request():
    """PEP 3333."""
    made = environ(recorded(headers=(("Host", "h"), ("content-type", "x/y"), ("X-A", "1"), ("x-a", "2"))))
    assert made["REQUEST_METHOD"] == "POST"
    assert (made["PATH_INFO"], made["QUERY_STRING"], made["SCRIPT_NAME"]) == ("/t/token", "a=1", "")
    assert (made["HTTP_HOST"], made["HTTP_X_A"], made["CONTENT_TYPE"]) == ("h", "1,2", "x/y")
    assert made["CONTENT_LENGTH"] == "3"
    assert made["wsgi.input"].read() == b"a=1"
    assert (made["SERVER_PROTOCOL"], made["REMOTE_ADDR"]) == ("HTTP/1.1", "127.0.0.2")
    assert {name for name in made if name.startswith("oauth_gauntlet")} == set()


def test_the_path_is_decoded_to_latin_1():
    assert environ(recorded(target="/t%2Fx/%C3%A9"))["PATH_INFO"] == "/t/x/\xc3\xa9"


def test_a_target_in_absolute_form_is_parsed():
    """RFC 9112 §3.2.2: "a server MUST accept the absolute-form in requests"."""
    made = environ(recorded(target="http://h:1/t/token?a=1"))
    assert (made["PATH_INFO"], made["QUERY_STRING"]) == ("/t/token", "a=1")


def test_a_field_name_with_an_underscore_is_left_out():
    made = environ(recorded(headers=(("Content_Type", "evil"), ("X_A", "1"), ("Content-Type", "x/y"))))
    assert made["CONTENT_TYPE"] == "x/y"
    assert "HTTP_X_A" not in made


def test_the_application_may_see_another_path_than_the_request_has():
    connection = ConnectionInfo(scheme="https", server=("h", 443), client=("127.0.0.1", 1))
    made = environ_of(recorded(target="/t/faults/slow/token?a=1"), path="/t/token", connection=connection)
    assert (made["PATH_INFO"], made["QUERY_STRING"], made["wsgi.url_scheme"]) == ("/t/token", "a=1", "https")


def foreign(**members):
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/t/\xc3\xa9 x",
        "QUERY_STRING": "a=%20",
        "SERVER_PROTOCOL": "HTTP/1.0",
        "CONTENT_TYPE": "x/y",
        "CONTENT_LENGTH": "3",
        "HTTP_X_FORWARDED_FOR": "1",
        "wsgi.input": io.BytesIO(b"a=1&beyond"),
        **members,
    }


def test_the_request_of_another_servers_environ():
    made = foreign()
    request = recorded_request(made, most_body=100)
    assert (request.target, request.http_version, request.body) == ("/t/%C3%A9%20x?a=%20", "1.0", b"a=1")
    assert set(request.headers) == {("Content-Type", "x/y"), ("Content-Length", "3"), ("X-Forwarded-For", "1")}
    assert (request.exact, request.raw) == (False, b"")


def test_the_target_comes_from_the_server_or_the_mount_point():
    assert recorded_request(foreign(RAW_URI="/t/raw?x"), most_body=9).target == "/t/raw?x"
    assert recorded_request(foreign(SCRIPT_NAME="/mounted"), most_body=9).target == "/mounted/t/%C3%A9%20x?a=%20"


@pytest.mark.parametrize(
    ("members", "body"),
    [
        ({"CONTENT_LENGTH": "9"}, b"a=1&b"),
        ({"CONTENT_LENGTH": ""}, b""),
        ({"CONTENT_LENGTH": "²"}, b""),
        ({"CONTENT_LENGTH": "", "wsgi.input_terminated": True}, b"a=1&b"),
    ],
)
def test_a_foreign_body_is_bounded(members, body):
    assert recorded_request(foreign(**members), most_body=4).body == body


def test_call_returns_the_whole_answer_and_closes_the_iterable():
    closed = []

    class Result:
        def __iter__(self):
            return iter([b"b", b"c"])

        def close(self):
            closed.append(True)

    def app(environ, start_response):
        start_response("299 Odd Reason", [("A", "1"), ("Content-Length", "3")])(b"a")
        return Result()

    answer = call(app, {}, recorded())
    assert (answer.status, answer.reason, answer.body) == (299, "Odd Reason", b"abc")
    assert answer.headers == (("A", "1"), ("Content-Length", "3"))
    assert closed == [True]


def test_the_last_start_response_counts():
    def app(environ, start_response):
        start_response("500 First", [])
        yield b"x"
        start_response("200 OK", [], None)

    assert call(app, {}, recorded()).status == 200


def test_the_application_can_get_its_request():
    request = recorded()

    def app(environ, start_response):
        start_response("200 OK", [])
        return [current_request().raw]

    assert call(app, {}, request).body == b"the octets"
    with pytest.raises(LookupError):
        current_request()


class Ticks(ByteStream):
    closed = False

    def __iter__(self):
        return iter([b"tick"])

    def close(self):
        self.closed = True


def test_a_stream_is_returned_unread():
    stream = Ticks()

    def app(environ, start_response):
        start_response("200 OK", [("A", "1")])
        return stream

    answer = call(app, {}, recorded())
    assert (answer.stream, answer.body, answer.headers) == (stream, b"", (("A", "1"),))
    assert not stream.closed
