//! Drives huskarl: a grant, its token source and in-memory cache, and HTTP authorizer, over huskarl-reqwest.

#[path = "../../../../harness/oauth_gauntlet/starters/rust/src/adapter_loop.rs"]
mod adapter_loop;

use std::error::Error as StdError;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use adapter_loop::{Adapter, Config, Failure, Request, Response, Token, serve};
use huskarl::authorizer::HttpAuthorizer;
use huskarl::cache::{
    GrantTokenSource, InMemoryRefreshTokenStore, InMemoryTokenCache, NoSource, RefreshTokenStore, TokenCache, TokenError,
    TokenSource,
};
use huskarl::core::client_auth::{Audience, ClientAuthentication, ClientSecret, JwtBearer, NoAuth};
use huskarl::core::jwk::{OctKey, SymmetricJwk};
use huskarl::core::secrets::{ProvidedSecret, SecretString};
use huskarl::core::time::Clock;
use huskarl::core::EndpointUrl;
use huskarl::grant::client_credentials::{ClientCredentialsGrant, ClientCredentialsGrantParameters};
use huskarl::grant::core::{OAuth2ExchangeGrant, TokenResponse};
use huskarl::grant::refresh::RefreshGrant;
use huskarl::token::RefreshToken;
use huskarl_crypto_native::asymmetric::signer::{AsymmetricAlgorithm, PrivateKey, pkcs8_pem};
use huskarl_crypto_native::symmetric::SymmetricKey;
use huskarl_reqwest::ReqwestClient;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

struct Huskarl {
    runtime: Runtime,
    clock: MovedClock,
    configured: Option<Configured>,
}

struct Configured {
    cache: Arc<dyn TokenCache>,
    authorizer: HttpAuthorizer,
    store: Arc<InMemoryRefreshTokenStore>,
    requests: reqwest::Client,
    shown: [String; 2],
    token: Mutex<String>,
}

/// The clock parameter of the grants: the platform's clock, moved.
#[derive(Clone, Debug, Default)]
struct MovedClock(Arc<AtomicI64>);

impl Clock for MovedClock {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now() + jiff::SignedDuration::from_millis(self.0.load(Ordering::Relaxed))
    }
}

impl Adapter for Huskarl {
    fn hello(&self) -> Value {
        json!({
            "client": {
                "name": "huskarl", "version": "0.11.10", "language": "rust", "runtime": "huskarl-reqwest 0.9.3, tokio",
                "url": "https://github.com/huskarl-rs/huskarl",
            },
            // Not the JWT bearer grant: the application makes the assertion, and the crate only sends it.
            "grants": ["refresh_token", "client_credentials"],
            "token_endpoint_auth_methods": [
                "client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none",
            ],
            // No additional_payload: its parameters are those of the RFCs.
            "parameters": ["scope", "ca_file", "timeout"],
            // No retry_401: its authorizer deletes the token, and the application must send the second request.
            "capabilities": [
                "cache", "auto_refresh", "refresh", "resource", "parallel", "cancel", "clock", "tls", "describe",
            ],
        })
    }

    fn configure(&mut self, config: &Config) -> Result<(), Failure> {
        self.configured = None;
        self.clock.0.store(0, Ordering::Relaxed);
        let endpoint: EndpointUrl = config.text("token_url").unwrap_or_default().parse().map_err(refused)?;
        let requests = http_client(config)?;
        let http = ReqwestClient::from(requests.clone());
        let clock = self.clock.clone();
        let store = Arc::new(InMemoryRefreshTokenStore::default());
        let authentication = authentication(config)?;
        // A builder requires a text: a parameter that is not configured is an empty text.
        let client_id = config.text("client_id").unwrap_or_default().to_owned();
        let scopes = config.scopes();
        let scopes = (!scopes.is_empty()).then_some(scopes);

        let (cache, shown): (Arc<dyn TokenCache>, _) = match config.text("grant_type").unwrap_or_default() {
            "client_credentials" => {
                let grant = ClientCredentialsGrant::builder()
                    .client_id(client_id)
                    .client_auth(authentication)
                    .http_client(http)
                    .token_endpoint(endpoint)
                    .clock(clock)
                    .build();
                let parameters = ClientCredentialsGrantParameters::builder().maybe_scope(scopes).build();
                let shown = [format!("{grant:?}"), format!("{parameters:?}")];
                let source = GrantTokenSource::builder().grant(grant).grant_parameters(parameters);
                (cached(source.refresh_store(store.clone()).build()), shown)
            }
            "refresh_token" => {
                // Without a refresh token the store stays empty, as in an application that has none yet: the crate decides.
                let held = config.text("refresh_token").map(|text| RefreshToken::new(SecretString::new(text), None));
                if let Some(held) = &held {
                    self.runtime.block_on(store.set(held)).map_err(refused)?;
                }
                let grant = RefreshGrant::builder()
                    .client_id(client_id)
                    .client_auth(authentication)
                    .http_client(http)
                    .token_endpoint(endpoint)
                    .clock(clock)
                    .build();
                let shown = [format!("{grant:?}"), format!("{held:?}")];
                let source = GrantTokenSource::builder().grant(grant).grant_parameters(NoSource);
                (cached(source.refresh_store(store.clone()).build()), shown)
            }
            other => return Err(Failure::new("config", format!("there is no grant for grant_type {other:?}"))),
        };
        let authorizer = HttpAuthorizer::builder().cache(cache.clone()).build();
        self.configured = Some(Configured { cache, authorizer, store, requests, shown, token: Mutex::default() });
        Ok(())
    }

    fn get_token(&self, cancelled_after: Option<Duration>) -> Result<Token, Failure> {
        self.within(cancelled_after, self.configured().token())
    }

    fn refresh(&self) -> Result<Token, Failure> {
        let configured = self.configured();
        self.runtime.block_on(async {
            if configured.store.get().await.map_err(refused)?.is_none() {
                return Err(Failure::new("config", "there is no refresh token"));
            }
            configured.cache.invalidate();
            configured.token().await
        })
    }

    fn request(&self, request: Request, cancelled_after: Option<Duration>) -> Result<Response, Failure> {
        self.within(cancelled_after, self.configured().response(request))
    }

    fn advance_clock(&self, seconds: f64) -> Result<(), Failure> {
        self.clock.0.fetch_add((seconds * 1000.0) as i64, Ordering::Relaxed);
        Ok(())
    }

    fn describe(&self) -> Result<Vec<String>, Failure> {
        let configured = self.configured();
        let mut texts = configured.shown.to_vec();
        texts.push(format!("{:?}", configured.authorizer));
        texts.push(configured.token.lock().unwrap().clone());
        Ok(texts)
    }
}

impl Huskarl {
    fn configured(&self) -> &Configured {
        self.configured.as_ref().expect("the loop asks after configure only")
    }

    fn within<T>(
        &self,
        cancelled_after: Option<Duration>,
        call: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        self.runtime.block_on(async {
            match cancelled_after {
                None => call.await,
                // To cancel a future is to drop it.
                Some(limit) => tokio::time::timeout(limit, call).await.unwrap_or_else(|_| Err(Failure::cancelled())),
            }
        })
    }
}

impl Configured {
    async fn token(&self) -> Result<Token, Failure> {
        let response = self.cache.token().await.map_err(explained)?;
        *self.token.lock().unwrap() = format!("{response:?}");
        Ok(exposed(&response))
    }

    async fn response(&self, request: Request) -> Result<Response, Failure> {
        let method: http::Method = request.method.parse().map_err(refused)?;
        let uri: http::Uri = request.url.parse().map_err(refused)?;
        let authorised = self.authorizer.get_headers(&method, &uri).await.map_err(explained)?;
        let mut outgoing = self.requests.request(method, &request.url).headers(authorised);
        for (name, value) in &request.headers {
            outgoing = outgoing.header(name, value);
        }
        if let Some(body) = request.body {
            outgoing = outgoing.body(body);
        }
        let response = outgoing.send().await.map_err(|trouble| failure("transport", &trouble))?;
        self.authorizer.process_response(&uri, response.headers());
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        Ok(Response {
            status: response.status().as_u16(),
            headers: headers.collect(),
            body: response.text().await.map_err(|trouble| failure("transport", &trouble))?,
        })
    }
}

fn exposed(response: &TokenResponse) -> Token {
    let raw = response.raw_token_response();
    let received = response.received_at().as_millisecond() as f64 / 1000.0;
    let mut members = serde_json::to_value(raw).expect("a token response is JSON");
    members["access_token"] = json!(response.access_token().token().expose_secret());
    members["refresh_token"] = json!(response.refresh_token().map(|token| token.token().expose_secret()));
    members["expires_at"] = json!(raw.expires_in.map(|lifetime| received + lifetime as f64));
    Token::new(members)
}

fn cached<G: OAuth2ExchangeGrant + 'static>(
    source: GrantTokenSource<G, Arc<InMemoryRefreshTokenStore>>,
) -> Arc<dyn TokenCache> {
    Arc::new(InMemoryTokenCache::builder().source(source).build())
}

fn authentication(config: &Config) -> Result<Arc<dyn ClientAuthentication>, Failure> {
    Ok(match (config.text("token_endpoint_auth_method"), config.text("client_secret")) {
        (Some("private_key_jwt"), _) => {
            let pem = config.text("private_key").unwrap_or_default();
            let key = pkcs8_pem(pem, AsymmetricAlgorithm::Rs256, None).and_then(PrivateKey::from_jwk).map_err(refused)?;
            Arc::new(JwtBearer::builder().signer(key).audience(Audience::TargetEndpoint).build())
        }
        (Some("none"), _) | (_, None) => Arc::new(NoAuth),
        (Some("client_secret_jwt"), Some(secret)) => {
            let key = OctKey::builder().k(secret.bytes()).build();
            let key = SymmetricJwk::builder().key(key).algorithm("HS256").build();
            let key = SymmetricKey::from_jwk(key).map_err(refused)?;
            Arc::new(JwtBearer::builder().signer(key).audience(Audience::TargetEndpoint).build())
        }
        (method, Some(secret)) => Arc::new(
            ClientSecret::builder()
                .client_secret(ProvidedSecret::new(SecretString::new(secret)))
                .prefer_basic_auth(method == Some("client_secret_basic"))
                .build(),
        ),
    })
}

fn http_client(config: &Config) -> Result<reqwest::Client, Failure> {
    // As in the library's example: no redirects, and 30 s by default.
    let limit = config.timeout().unwrap_or(Duration::from_secs(30));
    let mut builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(limit);
    if let Some(file) = config.text("ca_file") {
        let pem = std::fs::read(file).map_err(refused)?;
        builder = builder.tls_certs_only([reqwest::Certificate::from_pem(&pem).map_err(refused)?]);
    }
    builder.build().map_err(refused)
}

fn refused(error: impl StdError + 'static) -> Failure {
    failure("config", &error)
}

fn failure<E: StdError + 'static>(kind: &'static str, error: &E) -> Failure {
    Failure { native: std::any::type_name::<E>().to_owned(), ..Failure::new(kind, adapter_loop::chain(error)) }
}

fn explained(error: TokenError) -> Failure {
    let chain: Vec<_> = error.as_error().chain().collect();
    let trouble = chain.iter().find_map(|each| {
        let below = std::iter::successors(Some(*each), |cause| (**cause).source());
        below.into_iter().find_map(|cause| cause.downcast_ref::<reqwest::Error>())
    });
    let trouble = trouble.or_else(|| error.as_error().cause().downcast_ref::<reqwest::Error>());
    let kind = match (error.verdict(), trouble) {
        (Some(_), _) => "oauth",
        (None, Some(trouble)) if trouble.is_timeout() => "timeout",
        (None, Some(trouble)) if trouble.is_builder() => "config",
        (None, Some(_)) => "transport",
        (None, None) => "protocol",
    };
    let mut explained = failure(kind, &error);
    if let Some(verdict) = error.verdict() {
        explained.oauth_error = Some(verdict.code().as_str().to_owned());
        explained.oauth_error_description = verdict.description().map(str::to_owned);
        explained.oauth_error_uri = verdict.uri().map(str::to_owned);
    }
    explained
}

fn main() {
    serve(|| Huskarl { runtime: Runtime::new().expect("tokio starts"), clock: MovedClock::default(), configured: None });
}
