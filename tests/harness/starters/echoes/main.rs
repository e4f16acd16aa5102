//! An adapter whose client answers an authorised request with what it was asked. The configured client_id selects the members
//! of its token.

mod adapter_loop;

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use adapter_loop::{Adapter, Config, Failure, Request, Response, Token, serve};
use serde_json::{Value, json};

/// An error whose text cannot be read.
struct Unreadable;

impl std::fmt::Display for Unreadable {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Err(std::fmt::Error)
    }
}

struct Echoes {
    three: Barrier,
    behaviour: String,
}

impl Adapter for Echoes {
    fn hello(&self) -> Value {
        json!({"client": {"name": "echoes"}, "grants": [], "capabilities": ["resource", "parallel", "cancel"]})
    }

    fn configure(&mut self, config: &Config) -> Result<(), Failure> {
        self.behaviour = config.text("client_id").unwrap_or_default().to_owned();
        Ok(())
    }

    fn get_token(&self, _cancelled_after: Option<Duration>) -> Result<Token, Failure> {
        match self.behaviour.as_str() {
            "odd error" => return Err(Failure { native: "\u{0}".to_owned(), ..Failure::new("unexpected", '\u{fffd}') }),
            "unreadable error" => return Err(Failure::new("unexpected", Unreadable)),
            "odd details" => return Err(Failure { retry_after: Some(f64::NAN), ..Failure::new("oauth", "refused") }),
            _ => {}
        }
        Ok(Token::new(match self.behaviour.as_str() {
            "numbers" => json!({"access_token": "one", "expires_in": 3600_u64, "expires_at": 1800.5_f32, "scope": "a"}),
            _ => json!({
                "access_token": "one", "expires_in": ["soon"], "refresh_token": 5, "scope": ["secret"], "token_type": "Bearer"
            }),
        }))
    }

    fn request(&self, request: Request, cancelled_after: Option<Duration>) -> Result<Response, Failure> {
        let Request { method, url, headers, body } = request;
        let body = body.unwrap_or_else(|| "null".to_owned());
        match url.as_str() {
            "meets" => drop(self.three.wait()),
            "waits" => {
                thread::sleep(cancelled_after.expect("this request is cancelled"));
                return Err(Failure::cancelled());
            }
            "fails" => return Err(Failure::new("protocol", body)),
            _ => {}
        }
        Ok(Response { status: 200, headers, body: format!("{method} {url} {body}") })
    }
}

fn main() {
    serve(|| Echoes { three: Barrier::new(3), behaviour: String::new() });
}
