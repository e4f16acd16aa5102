//! Drives the crate oauth2 with its asynchronous reqwest client.

#[path = "../../../../harness/oauth_gauntlet/starters/rust/src/adapter_loop.rs"]
mod adapter_loop;

use std::error::Error;
use std::sync::Mutex;
use std::time::Duration;

use adapter_loop::{Adapter, Config, Failure, Token, chain, serve};
use oauth2::basic::{BasicClient, BasicErrorResponseType, BasicRequestTokenError, BasicTokenResponse};
use oauth2::{
    AuthType, ClientId, ClientSecret, EndpointNotSet, EndpointSet, HttpClientError, RefreshToken, ResourceOwnerPassword,
    ResourceOwnerUsername, Scope, TokenResponse, TokenUrl, reqwest,
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

type Client = BasicClient<EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;
type Trouble = BasicRequestTokenError<HttpClientError<reqwest::Error>>;

struct OAuth2 {
    runtime: Runtime,
    configured: Option<Configured>,
}

struct Configured {
    client: Client,
    http: reqwest::Client,
    grant: Grant,
    scopes: Vec<Scope>,
    extra: Vec<(String, String)>,
    /// The crate stores nothing. The application stores the refresh token, and an empty one replaces none.
    refresh_token: Mutex<Option<RefreshToken>>,
    shown: Mutex<String>,
}

enum Grant {
    ClientCredentials,
    Password(ResourceOwnerUsername, ResourceOwnerPassword),
    RefreshToken,
}

impl Adapter for OAuth2 {
    fn hello(&self) -> Value {
        json!({
            "client": {
                "name": "oauth2 (reqwest)", "version": "5.0.0", "language": "rust", "runtime": "reqwest 0.12, tokio",
                "url": "https://github.com/ramosbugs/oauth2-rs",
            },
            "grants": ["refresh_token", "client_credentials", "password"],
            "token_endpoint_auth_methods": ["client_secret_basic", "client_secret_post", "none"],
            "parameters": ["scope", "additional_payload", "ca_file", "timeout"],
            "capabilities": ["refresh", "parallel", "cancel", "tls", "describe"],
        })
    }

    fn configure(&mut self, config: &Config) -> Result<(), Failure> {
        self.configured = None;
        let url = TokenUrl::new(config.text("token_url").unwrap_or_default().to_owned()).map_err(refused)?;
        // The crate's types contain texts: a parameter that is not configured is an empty text, and the crate decides
        // what to do with it.
        let given = |key: &str| config.text(key).unwrap_or_default().to_owned();
        let mut client = BasicClient::new(ClientId::new(given("client_id"))).set_token_uri(url);
        if let Some(secret) = config.text("client_secret") {
            client = client.set_client_secret(ClientSecret::new(secret.to_owned()));
        }
        match config.text("token_endpoint_auth_method") {
            Some("client_secret_post") => client = client.set_auth_type(AuthType::RequestBody),
            Some("client_secret_basic") => client = client.set_auth_type(AuthType::BasicAuth),
            _ => {}
        }
        let grant = match config.text("grant_type").unwrap_or_default() {
            "client_credentials" => Grant::ClientCredentials,
            "password" => {
                Grant::Password(ResourceOwnerUsername::new(given("username")), ResourceOwnerPassword::new(given("password")))
            }
            "refresh_token" => Grant::RefreshToken,
            other => return Err(Failure::new("config", format!("the crate has no request for grant_type {other:?}"))),
        };
        let held = matches!(grant, Grant::RefreshToken).then(|| RefreshToken::new(given("refresh_token")));
        self.configured = Some(Configured {
            client,
            http: http_client(config)?,
            grant,
            scopes: config.scopes().into_iter().map(Scope::new).collect(),
            extra: extra_params(config)?,
            refresh_token: Mutex::new(held),
            shown: Mutex::default(),
        });
        Ok(())
    }

    fn get_token(&self, cancelled_after: Option<Duration>) -> Result<Token, Failure> {
        let configured = self.configured.as_ref().expect("the loop asks after configure only");
        self.runtime.block_on(async {
            match cancelled_after {
                None => configured.exchange(&configured.grant).await,
                // To cancel a future is to drop it.
                Some(limit) => tokio::time::timeout(limit, configured.exchange(&configured.grant))
                    .await
                    .unwrap_or_else(|_| Err(Failure::cancelled())),
            }
        })
    }

    fn refresh(&self) -> Result<Token, Failure> {
        let configured = self.configured.as_ref().expect("the loop asks after configure only");
        self.runtime.block_on(configured.exchange(&Grant::RefreshToken))
    }

    fn describe(&self) -> Result<Vec<String>, Failure> {
        let configured = self.configured.as_ref().expect("the loop asks after configure only");
        Ok(vec![format!("{:?}", configured.client), configured.shown.lock().unwrap().clone()])
    }
}

impl Configured {
    async fn exchange(&self, grant: &Grant) -> Result<Token, Failure> {
        let extra = self.extra.clone();
        // The scope is sent with the configured grant only; a later refresh keeps the granted scope (RFC 6749 section 6).
        let as_configured = std::mem::discriminant(grant) == std::mem::discriminant(&self.grant);
        let scopes = if as_configured { self.scopes.clone() } else { Vec::new() };
        // The three requests have the same setters, but no common trait.
        macro_rules! sent {
            ($request:expr) => {{
                let request =
                    extra.into_iter().fold($request.add_scopes(scopes), |all, (name, value)| all.add_extra_param(name, value));
                request.request_async(&self.http).await
            }};
        }
        let answer = match grant {
            Grant::ClientCredentials => sent!(self.client.exchange_client_credentials()),
            Grant::Password(username, password) => sent!(self.client.exchange_password(username, password)),
            Grant::RefreshToken => {
                let held = self.refresh_token.lock().unwrap().clone().ok_or_else(no_refresh_token)?;
                sent!(self.client.exchange_refresh_token(&held))
            }
        };
        answer.map(|token| self.kept(token)).map_err(explained)
    }

    fn kept(&self, token: BasicTokenResponse) -> Token {
        if let Some(new) = token.refresh_token().filter(|new| !new.secret().is_empty()) {
            *self.refresh_token.lock().unwrap() = Some(new.clone());
        }
        *self.shown.lock().unwrap() = format!("{token:?}");
        let scopes = token.scopes().map(|scopes| scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" "));
        Token::new(json!({
            "access_token": token.access_token().secret(),
            "token_type": token.token_type().as_ref(),
            "expires_in": token.expires_in().map(|lifetime| lifetime.as_secs()),
            "refresh_token": token.refresh_token().map(|token| token.secret()),
            "scope": scopes,
        }))
    }
}

fn http_client(config: &Config) -> Result<reqwest::Client, Failure> {
    // As in the crate's documentation: no redirects.
    let mut builder = reqwest::ClientBuilder::new().redirect(reqwest::redirect::Policy::none());
    if let Some(limit) = config.timeout() {
        builder = builder.timeout(limit);
    }
    if let Some(file) = config.text("ca_file") {
        let pem = std::fs::read(file).map_err(refused)?;
        builder = builder.add_root_certificate(reqwest::Certificate::from_pem(&pem).map_err(refused)?);
    }
    builder.build().map_err(refused)
}

/// The crate accepts texts; an application with other types does not compile.
fn extra_params(config: &Config) -> Result<Vec<(String, String)>, Failure> {
    let members = config.object("additional_payload").into_iter().flatten();
    let texts = members.map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    texts.collect::<Option<_>>().ok_or_else(|| Failure::new("config", "additional_payload: add_extra_param takes texts"))
}

fn no_refresh_token() -> Failure {
    Failure::new("config", "there is no refresh token")
}

fn refused(error: impl Error + 'static) -> Failure {
    failure("config", &error)
}

fn failure<E: Error + 'static>(kind: &'static str, error: &E) -> Failure {
    Failure { native: std::any::type_name::<E>().to_owned(), ..Failure::new(kind, chain(error)) }
}

fn explained(error: Trouble) -> Failure {
    let kind = match &error {
        Trouble::ServerResponse(_) => "oauth",
        Trouble::Request(HttpClientError::Reqwest(trouble)) if trouble.is_timeout() => "timeout",
        Trouble::Request(HttpClientError::Reqwest(trouble)) if trouble.is_builder() => "config",
        Trouble::Request(_) => "transport",
        Trouble::Parse(..) | Trouble::Other(_) => "protocol",
    };
    let mut explained = failure(kind, &error);
    if let Trouble::ServerResponse(document) = &error {
        let code: &BasicErrorResponseType = document.error();
        explained.oauth_error = Some(code.as_ref().to_owned());
        explained.oauth_error_description = document.error_description().cloned();
        explained.oauth_error_uri = document.error_uri().cloned();
    }
    explained
}

fn main() {
    serve(|| OAuth2 { runtime: Runtime::new().expect("tokio starts"), configured: None });
}
