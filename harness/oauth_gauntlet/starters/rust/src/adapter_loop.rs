//! The adapter protocol for Rust clients: requests on stdin, answers on stdout. It needs only serde_json
//! and chrono (for the time zone).
//!
//! Implement [`Adapter`], declare in `hello` what your client can do, and call [`serve`] at the end of `main`. Print nothing
//! to stdout: it is for answers only.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::Local;
use serde_json::{Map, Value, json};

/// The operations of an adapter. One client may serve concurrent callers; therefore all methods except `configure` take
/// a shared reference.
pub trait Adapter: Sync {
    /// Return which client this is, and what it can do: `client`, `grants`, `token_endpoint_auth_methods`, `parameters`,
    /// `capabilities`.
    fn hello(&self) -> Value;

    /// Discard all state and create a new client; send nothing.
    fn configure(&mut self, config: &Config) -> Result<(), Failure>;

    /// Return the token that an application gets. With `cancelled_after`, cancel the call after this time by the client's
    /// own means (for example by dropping a future), and return [`Failure::cancelled`]. It is None unless the client
    /// declares `cancel`.
    fn get_token(&self, cancelled_after: Option<Duration>) -> Result<Token, Failure>;

    /// Exchange the refresh token, whatever the expiry (capability `refresh`).
    fn refresh(&self) -> Result<Token, Failure> {
        Err(Failure::unknown_operation("refresh"))
    }

    /// Send an authorised request (capability `resource`). `cancelled_after` is that of `get_token`.
    fn request(&self, _request: Request, _cancelled_after: Option<Duration>) -> Result<Response, Failure> {
        Err(Failure::unknown_operation("request"))
    }

    /// Move the client's clock (capability `clock`); `configure` resets it.
    fn advance_clock(&self, _seconds: f64) -> Result<(), Failure> {
        Err(Failure::unknown_operation("advance_clock"))
    }

    /// Return the client's own string forms of itself and of its token (capability `describe`).
    fn describe(&self) -> Result<Vec<String>, Failure> {
        Err(Failure::unknown_operation("describe"))
    }
}

/// The configuration; a key that is not set is absent.
pub struct Config(Map<String, Value>);

#[allow(dead_code)] // An adapter uses the keys that its client understands.
impl Config {
    pub fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.as_str()
    }

    pub fn object(&self, key: &str) -> Option<&Map<String, Value>> {
        self.0.get(key)?.as_object()
    }

    pub fn flag(&self, key: &str) -> bool {
        self.0.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    /// The time limit for one exchange.
    pub fn timeout(&self) -> Option<Duration> {
        self.0.get("timeout")?.as_f64().map(Duration::from_secs_f64)
    }

    /// The parts of the scope, for clients that take a list.
    pub fn scopes(&self) -> Vec<String> {
        let scope = self.text("scope").unwrap_or_default();
        scope.split(' ').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }
}

/// An authorised request of the application.
#[allow(dead_code)]
pub struct Request {
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
}

/// The response of the resource.
#[allow(dead_code)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// A token of the protocol; create it with [`Token::new`].
pub struct Token(Value);

#[allow(dead_code)]
impl Token {
    /// Return the protocol's token for the members that the client returns to its application, null for absent ones. A
    /// member of a type other than the protocol's becomes null, with a note on stderr, and goes into `extra`, unchanged.
    pub fn new(members: Value) -> Token {
        let mut token = json!({"access_token": members["access_token"]});
        let mut extra = Map::new();
        for (name, value) in members.as_object().into_iter().flatten() {
            let (fits, wanted) = match name.as_str() {
                "token_type" | "refresh_token" | "scope" => (value.is_string(), "a text"),
                "expires_in" | "expires_at" => (value.is_number(), "a finite number"),
                "access_token" => continue,
                _ => (false, ""),
            };
            if fits {
                token[name] = value.clone();
            } else if !value.is_null() {
                extra.insert(name.clone(), value.clone());
                if !wanted.is_empty() {
                    let found = type_of(value);
                    eprintln!("adapter_loop: {name} is {found}, not {wanted}, and is reported as null");
                }
            }
        }
        token["extra"] = Value::Object(extra);
        Token(token)
    }
}

/// Return the type of a value, and not the value, which may be a token.
fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// An error of the protocol: `kind` is `config`, `oauth`, `protocol`, `transport`, `timeout`, `cancelled` or
/// `unexpected`; `native` is the client's own type of error.
#[derive(Clone, Default)]
pub struct Failure {
    pub kind: &'static str,
    pub message: String,
    pub native: String,
    pub oauth_error: Option<String>,
    pub oauth_error_description: Option<String>,
    pub oauth_error_uri: Option<String>,
    pub http_status: Option<u16>,
    /// Seconds.
    pub retry_after: Option<f64>,
}

impl Failure {
    pub fn new(kind: &'static str, message: impl ToString) -> Failure {
        Failure { kind, message: message.to_string(), ..Failure::default() }
    }

    #[allow(dead_code)]
    pub fn cancelled() -> Failure {
        Failure::new("cancelled", "the caller cancelled the call")
    }

    fn unknown_operation(name: &str) -> Failure {
        Failure::new("unexpected", format!("unknown operation {name:?}"))
    }

    fn from_panic(panicked: Box<dyn std::any::Any + Send>) -> Failure {
        let text = panicked.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panicked.downcast_ref::<&str>().map(|text| text.to_string()));
        Failure { native: "panic".to_owned(), ..Failure::new("unexpected", text.unwrap_or_default()) }
    }

    fn encoded(&self) -> Value {
        json!({
            "kind": self.kind, "message": self.message, "type": self.native, "oauth_error": self.oauth_error,
            "oauth_error_description": self.oauth_error_description, "oauth_error_uri": self.oauth_error_uri,
            "http_status": self.http_status, "retry_after": self.retry_after,
        })
    }
}

/// Return the text of an error and of its causes, for errors with a first text that explains little.
#[allow(dead_code)]
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(each) = cause {
        text = format!("{text}: {each}");
        cause = each.source();
    }
    text
}

/// Answer requests until `close` or the end of stdin. The harness may ask for several clients in this process (capability
/// `instances`): `make` makes each. The loop declares it, and `time_zone`.
pub fn serve<A: Adapter>(make: impl Fn() -> A) {
    let mut loops = BTreeMap::new();
    for line in stdin().lock().lines() {
        let line = line.expect("stdin is readable, and UTF-8");
        let asked: Value = serde_json::from_str(&line).expect("a line of stdin is a request in JSON");
        let name = asked["args"]["instance"].as_str().unwrap_or("a").to_owned();
        let serving = loops.entry(name).or_insert_with(|| Loop { adapter: made(&make), configured: false });
        let answer = catch_unwind(AssertUnwindSafe(|| serving.answer(&asked)));
        let mut encoded = match answer.unwrap_or_else(|panicked| Err(Failure::from_panic(panicked))) {
            Ok(ok) => json!({"ok": ok}),
            Err(failure) => json!({"error": failure.encoded()}),
        };
        encoded["id"] = asked["id"].clone();
        let mut answers = stdout().lock();
        writeln!(answers, "{encoded}").and_then(|()| answers.flush()).expect("stdout is open");
        if asked["op"] == "close" {
            return;
        }
    }
}

/// The exit code that says that the adapter itself broke, and not the client.
const ADAPTER_BROKE: i32 = 70;

fn made<A>(make: impl Fn() -> A) -> A {
    catch_unwind(AssertUnwindSafe(make)).unwrap_or_else(|_| std::process::exit(ADAPTER_BROKE))
}

/// The calls that `get_tokens` and `requests` cancel start this long before the others, and are cancelled this long after
/// the others have started.
const CANCEL_LEAD: Duration = Duration::from_millis(100);

struct Loop<A> {
    adapter: A,
    configured: bool,
}

impl<A: Adapter> Loop<A> {
    fn answer(&mut self, asked: &Value) -> Result<Value, Failure> {
        let (op, args) = (asked["op"].as_str().unwrap_or_default(), &asked["args"]);
        match op {
            "hello" => {
                let mut hello = self.adapter.hello();
                hello["protocol"] = json!(1);
                hello["catches"] = json!(true);
                let mut capabilities = hello["capabilities"].as_array().cloned().unwrap_or_default();
                capabilities.extend([json!("instances"), json!("time_zone")]);
                hello["capabilities"] = Value::Array(capabilities);
                return Ok(hello);
            }
            "close" => return Ok(json!({})),
            "now" => return Ok(now()),
            "configure" => {
                self.configured = false;
                self.adapter.configure(&Config(args["config"].as_object().cloned().unwrap_or_default()))?;
                self.configured = true;
                return Ok(json!({}));
            }
            "get_token" | "get_tokens" | "refresh" | "request" | "requests" | "advance_clock" | "describe" => {}
            _ => return Err(Failure::unknown_operation(op)),
        }
        if !self.configured {
            return Err(Failure::new("config", "there is no client: configure has not succeeded"));
        }
        let cancel = number(args, "cancel");
        let one_token = |cancelled_after| Ok(json!({"token": self.adapter.get_token(cancelled_after)?.0}));
        match op {
            "get_token" => one_token(None),
            "get_tokens" => Ok(together(number(args, "count"), cancel, |_, cancelled_after| one_token(cancelled_after))),
            "refresh" => Ok(json!({"token": self.adapter.refresh()?.0})),
            "request" => self.requested(args, None),
            "requests" => {
                let requests = args["requests"].as_array().map(Vec::as_slice).unwrap_or_default();
                Ok(together(requests.len(), cancel, |place, cancelled_after| {
                    Ok(json!({"response": self.requested(&requests[place], cancelled_after)?}))
                }))
            }
            "advance_clock" => self.adapter.advance_clock(args["seconds"].as_f64().unwrap_or_default()).map(|()| json!({})),
            _ => Ok(json!({"texts": self.adapter.describe()?})),
        }
    }

    fn requested(&self, asked: &Value, cancelled_after: Option<Duration>) -> Result<Value, Failure> {
        let request = Request {
            method: asked["method"].as_str().unwrap_or_default().to_owned(),
            url: asked["url"].as_str().unwrap_or_default().to_owned(),
            headers: pairs(&asked["headers"]),
            body: asked["body"].as_str().map(str::to_owned),
        };
        let response = self.adapter.request(request, cancelled_after)?;
        Ok(json!({"status": response.status, "headers": response.headers, "body": response.body}))
    }
}

/// Make `count` calls at the same time: `call` gets the place of each. The first `cancel` calls start before the others, and
/// are cancelled.
fn together<C>(count: usize, cancel: usize, call: C) -> Value
where
    C: Fn(usize, Option<Duration>) -> Result<Value, Failure> + Sync,
{
    let begin = Barrier::new(count.saturating_sub(cancel).max(1));
    let one = |place: usize| {
        let cancelled_after = (place < cancel).then_some(2 * CANCEL_LEAD);
        if cancelled_after.is_none() {
            thread::sleep(if cancel > 0 { CANCEL_LEAD } else { Duration::ZERO });
            begin.wait();
        }
        match catch_unwind(AssertUnwindSafe(|| call(place, cancelled_after))) {
            Ok(Ok(answer)) => answer,
            Ok(Err(failure)) => json!({"error": failure.encoded()}),
            Err(panicked) => json!({"error": Failure::from_panic(panicked).encoded()}),
        }
    };
    let one = &one;
    let results: Vec<_> = thread::scope(|scope| {
        let callers: Vec<_> = (0..count).map(|place| scope.spawn(move || one(place))).collect();
        callers.into_iter().map(|caller| caller.join().expect("a caller answers")).collect()
    });
    json!({"results": results})
}

fn now() -> Value {
    // The short sleep shows that sleeping works while the clock is moved from outside.
    thread::sleep(Duration::from_millis(1));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    json!({"now": now.as_secs_f64(), "utc_offset": Local::now().offset().local_minus_utc()})
}

fn number(args: &Value, name: &str) -> usize {
    args[name].as_u64().unwrap_or_default() as usize
}

fn pairs(object: &Value) -> Vec<(String, String)> {
    let members = object.as_object().into_iter().flatten();
    members.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect()
}
