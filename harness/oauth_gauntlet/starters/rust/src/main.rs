//! An adapter to fill in: it drives YOUR CLIENT for oauth-gauntlet. Everything marked FILL IN is yours.
//!
//!     cargo build --release && oauth-gauntlet adapter check cmd:target/release/adapter

mod adapter_loop;

use std::time::Duration;

use adapter_loop::{Adapter, Config, Failure, Token, serve};
use serde_json::{Value, json};

/// FILL IN: what your client keeps, and what your application keeps for it.
struct Mine {}

impl Adapter for Mine {
    fn hello(&self) -> Value {
        json!({
            "client": {"name": "FILL IN: the client's name", "version": "", "language": "rust", "runtime": "", "url": ""},
            // FILL IN: what its public API really does, and nothing else: what is not declared is not judged.
            "grants": ["client_credentials"],
            "token_endpoint_auth_methods": [],
            "parameters": [],
            "capabilities": [],
        })
    }

    fn configure(&mut self, _config: &Config) -> Result<(), Failure> {
        // FILL IN: build your client from the configuration, as an application would; send nothing yet.
        Ok(())
    }

    fn get_token(&self, _cancelled_after: Option<Duration>) -> Result<Token, Failure> {
        // FILL IN: what an application calls when it needs a token. Return
        // Token::new(json!({"access_token": ..., "token_type": ..., ...})), or a Failure whose kind says what the
        // client's error means, by the types that its documentation names; whatever it does not document is unexpected.
        Err(Failure::new("unexpected", "get_token in main.rs is to be filled in"))
    }

    // FILL IN, where your client can do it and hello declares it: refresh, request, advance_clock, describe.
}

fn main() {
    serve(Mine {});
}
