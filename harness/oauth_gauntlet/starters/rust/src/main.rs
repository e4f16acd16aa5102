//! An adapter to complete: it drives YOUR CLIENT for oauth-gauntlet. Complete everything that is marked FILL IN.
//!
//!     cargo build --release && oauth-gauntlet adapter check cmd:target/release/adapter

mod adapter_loop;

use std::time::Duration;

use adapter_loop::{Adapter, Config, Failure, Token, serve};
use serde_json::{Value, json};

/// FILL IN: the state of your client, and what an application stores for it.
struct Mine {}

impl Adapter for Mine {
    fn hello(&self) -> Value {
        json!({
            "client": {"name": "FILL IN: the client's name", "version": "", "language": "rust", "runtime": "", "url": ""},
            // FILL IN: what its public API does, and nothing else: scenarios judge only what is declared.
            // docs/adapter-protocol.md lists the names.
            "grants": ["client_credentials"],
            "token_endpoint_auth_methods": [],
            "parameters": [],
            "capabilities": [],
        })
    }

    fn configure(&mut self, _config: &Config) -> Result<(), Failure> {
        // FILL IN: create your client from the configuration, as an application would; send nothing yet.
        Ok(())
    }

    fn get_token(&self, _cancelled_after: Option<Duration>) -> Result<Token, Failure> {
        // FILL IN: the call that an application makes when it needs a token. Return
        // Token::new(json!({"access_token": ..., "token_type": ..., ...})), or a Failure with the kind of the client's
        // error, by the types that its documentation names; all others are unexpected.
        Err(Failure::new("unexpected", "fill in get_token in main.rs"))
    }

    // FILL IN, if your client can do it and hello declares it: refresh, request, advance_clock, describe.
}

fn main() {
    serve(|| Mine {});
}
