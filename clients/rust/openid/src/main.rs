//! Drives the crate openid: the back-channel requests of its Client, with the adapter's own provider.

#[path = "../../../../harness/oauth_gauntlet/starters/rust/src/adapter_loop.rs"]
mod adapter_loop;

use std::error::Error;
use std::sync::Mutex;
use std::time::Duration;

use adapter_loop::{Adapter, Config, Failure, Token, chain, serve};
use openid::error::ClientError;
use openid::{Bearer, Client, OAuth2ErrorCode, Provider, StandardClaims, TemporalBearerGuard};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use url::Url;

struct OpenId {
    runtime: Runtime,
    configured: Option<Configured>,
}

struct Configured {
    client: Client<Server, StandardClaims>,
    grant: Grant,
    scope: Option<String>,
    /// The crate stores nothing: like an application, the adapter stores the bearer for the next refresh.
    held: Mutex<Option<Bearer>>,
}

enum Grant {
    ClientCredentials,
    Password(String, String),
    RefreshToken,
}

/// The provider, as an application defines it for the crate.
#[derive(Debug)]
struct Server {
    token_uri: Url,
    credentials_in_body: bool,
}

impl Provider for Server {
    fn auth_uri(&self) -> &Url {
        &self.token_uri
    }

    fn token_uri(&self) -> &Url {
        &self.token_uri
    }

    fn credentials_in_body(&self) -> bool {
        self.credentials_in_body
    }
}

impl Adapter for OpenId {
    fn hello(&self) -> Value {
        json!({
            "client": {
                "name": "openid", "version": "0.25.0", "language": "rust", "runtime": "reqwest 0.13, tokio",
                "url": "https://github.com/kilork/openid",
            },
            "grants": ["refresh_token", "client_credentials", "password"],
            "token_endpoint_auth_methods": ["client_secret_basic", "client_secret_post"],
            "parameters": ["scope", "ca_file", "timeout"],
            "capabilities": ["refresh", "parallel", "cancel", "tls", "describe"],
        })
    }

    fn configure(&mut self, config: &Config) -> Result<(), Failure> {
        self.configured = None;
        let token_uri = Url::parse(config.text("token_url").unwrap_or_default()).map_err(|error| failure("config", &error))?;
        let credentials_in_body = config.text("token_endpoint_auth_method") == Some("client_secret_post");
        let owned = |key: &str| config.text(key).map(str::to_owned);
        // Client::new and its requests require texts: a parameter that is not configured is an empty text.
        let text = |key: &str| owned(key).unwrap_or_default();
        let grant = match config.text("grant_type").unwrap_or_default() {
            "client_credentials" => Grant::ClientCredentials,
            "password" => Grant::Password(text("username"), text("password")),
            "refresh_token" => Grant::RefreshToken,
            other => return Err(Failure::new("config", format!("the crate has no request for grant_type {other:?}"))),
        };
        // Without a refresh token the bearer has none, and the crate has an error for it.
        let held = matches!(grant, Grant::RefreshToken).then(|| Bearer {
            access_token: String::new(),
            token_type: "Bearer".to_owned(),
            scope: None,
            state: None,
            refresh_token: owned("refresh_token"),
            expires_in: None,
            id_token: None,
            extra: None,
        });
        let server = Server { token_uri, credentials_in_body };
        let client = Client::new(server, text("client_id"), owned("client_secret"), None::<String>, http_client(config)?, None);
        self.configured = Some(Configured { client, grant, scope: owned("scope"), held: Mutex::new(held) });
        Ok(())
    }

    fn get_token(&self, cancelled_after: Option<Duration>) -> Result<Token, Failure> {
        let configured = self.configured.as_ref().expect("the loop asks after configure only");
        self.runtime.block_on(async {
            match cancelled_after {
                None => configured.ask(&configured.grant).await,
                // To cancel a future is to drop it.
                Some(limit) => tokio::time::timeout(limit, configured.ask(&configured.grant))
                    .await
                    .unwrap_or_else(|_| Err(Failure::cancelled())),
            }
        })
    }

    fn refresh(&self) -> Result<Token, Failure> {
        let configured = self.configured.as_ref().expect("the loop asks after configure only");
        self.runtime.block_on(configured.ask(&Grant::RefreshToken))
    }

    fn describe(&self) -> Result<Vec<String>, Failure> {
        let configured = self.configured.as_ref().expect("the loop asks after configure only");
        Ok(vec![format!("{:?}", configured.client), format!("{:?}", configured.held.lock().unwrap())])
    }
}

impl Configured {
    async fn ask(&self, grant: &Grant) -> Result<Token, Failure> {
        // The scope is sent with the configured grant only; a later refresh keeps the granted scope (RFC 6749 section 6).
        let as_configured = std::mem::discriminant(grant) == std::mem::discriminant(&self.grant);
        let scope = self.scope.as_deref().filter(|_| as_configured);
        let answer = match grant {
            Grant::ClientCredentials => self.client.request_token_using_client_credentials(scope).await,
            Grant::Password(username, password) => {
                self.client.request_token_using_password_credentials(username, password, scope).await
            }
            Grant::RefreshToken => {
                let held = self.held.lock().unwrap().clone().ok_or_else(|| Failure::new("config", "there is no refresh token"))?;
                self.client.refresh_token(TemporalBearerGuard::from(held), scope).await
            }
        };
        let bearer = answer.map_err(explained)?;
        let token = Token::new(serde_json::to_value(&bearer).expect("a bearer is JSON"));
        *self.held.lock().unwrap() = Some(bearer);
        Ok(token)
    }
}

fn http_client(config: &Config) -> Result<reqwest::Client, Failure> {
    let mut builder = reqwest::Client::builder();
    if let Some(limit) = config.timeout() {
        builder = builder.timeout(limit);
    }
    if let Some(file) = config.text("ca_file") {
        let pem = std::fs::read(file).map_err(|error| failure("config", &error))?;
        let certificate = reqwest::Certificate::from_pem(&pem).map_err(|error| failure("config", &error))?;
        builder = builder.tls_certs_only([certificate]);
    }
    builder.build().map_err(|error| failure("config", &error))
}

fn failure<E: Error + 'static>(kind: &'static str, error: &E) -> Failure {
    Failure { native: std::any::type_name::<E>().to_owned(), ..Failure::new(kind, chain(error)) }
}

fn explained(error: ClientError) -> Failure {
    let kind = match &error {
        ClientError::OAuth2(_) => "oauth",
        ClientError::Reqwest(trouble) if trouble.is_timeout() => "timeout",
        ClientError::Reqwest(trouble) if trouble.is_builder() => "config",
        ClientError::Reqwest(_) | ClientError::Io(_) => "transport",
        ClientError::Url(_) | ClientError::MissingRefreshToken => "config",
        ClientError::Json(_) | ClientError::ResponseTooBig { .. } => "protocol",
    };
    let mut explained = failure(kind, &error);
    if let ClientError::OAuth2(document) = &error {
        explained.oauth_error = Some(spelled(&document.error));
        explained.oauth_error_description = document.error_description.clone();
        explained.oauth_error_uri = document.error_uri.clone();
    }
    explained
}

/// The code as the server sent it: the crate converts it to its own names, and not back to the text.
fn spelled(code: &OAuth2ErrorCode) -> String {
    match code {
        OAuth2ErrorCode::InvalidRequest => "invalid_request",
        OAuth2ErrorCode::InvalidClient => "invalid_client",
        OAuth2ErrorCode::InvalidGrant => "invalid_grant",
        OAuth2ErrorCode::UnauthorizedClient => "unauthorized_client",
        OAuth2ErrorCode::UnsupportedGrantType => "unsupported_grant_type",
        OAuth2ErrorCode::InvalidScope => "invalid_scope",
        OAuth2ErrorCode::Unrecognized(text) => text,
    }
    .to_owned()
}

fn main() {
    serve(|| OpenId { runtime: Runtime::new().expect("tokio starts"), configured: None });
}
