//! What all calls share: where they go, with which credentials, and how long they may take.

use std::collections::HashMap;
use std::fmt;

pub use reqwest::Client;

pub use crate::runtime::exchange::Timeout;
pub use crate::runtime::retry::{RetryBudget, RetryPolicy};

/// The document's base URL.
const BASE_PATH: &str = "http://localhost";

/// What all calls share.
///
/// Clones are cheap, and share their connections and their retry budget: a call that differs in
/// a setting takes a clone of its own.
///
/// ```text
/// let patient = Configuration {
///     retries: 5.into(),
///     ..configuration.clone()
/// };
/// ```
#[derive(Clone)]
pub struct Configuration {
    /// The base URL of operations that have no server of their own.
    pub base_path: String,
    /// Whether `base_path` is called even where an operation has a server of its own.
    pub ignore_operation_servers: bool,
    /// The User-Agent header, `None` to leave it to the client.
    pub user_agent: Option<String>,
    /// What sends the requests. A client of your own keeps its own settings, such as how long it
    /// tries to connect and which redirects it follows: [`client_builder`] gives one to start from.
    pub client: reqwest::Client,
    /// A user and a password for HTTP basic authentication.
    pub basic_auth: Option<BasicAuth>,
    /// An access token of OAuth 2.0 or OpenID Connect.
    pub oauth_access_token: Option<String>,
    /// A bearer token.
    pub bearer_access_token: Option<String>,
    /// The API key of all security schemes that `api_keys` does not name.
    pub api_key: Option<ApiKey>,
    /// API keys by the name of their security scheme.
    pub api_keys: HashMap<String, ApiKey>,
    /// Headers that are sent with each call which does not set them itself.
    pub headers: reqwest::header::HeaderMap,
    /// How long a call may take.
    pub timeout: Timeout,
    /// How often a call is tried again, and how long that waits.
    pub retries: RetryPolicy,
    /// What is left of the retries; clones share it.
    pub retry_budget: RetryBudget,
    /// How many bytes an event of a stream may have.
    pub max_event_size: usize,
}

/// A user and a password.
pub type BasicAuth = (String, Option<String>);

/// An API key.
#[derive(Clone)]
pub struct ApiKey {
    /// What is sent before the key, and a space.
    pub prefix: Option<String>,
    /// The key.
    pub key: String,
}

impl Configuration {
    /// The configuration that holds unless another is given.
    pub fn new() -> Configuration {
        Configuration::default()
    }
}

impl Default for Configuration {
    fn default() -> Self {
        Configuration {
            base_path: BASE_PATH.to_owned(),
            ignore_operation_servers: false,
            user_agent: Some("tachyon-sdk/1.0.0/rust".to_owned()),
            client: client_builder().build().unwrap_or_default(),
            basic_auth: None,
            oauth_access_token: None,
            bearer_access_token: None,
            api_key: None,
            api_keys: HashMap::new(),
            headers: reqwest::header::HeaderMap::new(),
            timeout: Timeout::default(),
            retries: RetryPolicy::default(),
            retry_budget: RetryBudget::default(),
            max_event_size: 16 * 1024 * 1024,
        }
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKey")
            .field("prefix", &self.prefix)
            .field("key", &HIDDEN)
            .finish()
    }
}

/// Without credentials.
impl fmt::Debug for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hidden = |held: &Option<String>| held.as_ref().map(|_| HIDDEN);
        let basic_auth = self.basic_auth.as_ref();
        f.debug_struct("Configuration")
            .field("base_path", &self.base_path)
            .field("ignore_operation_servers", &self.ignore_operation_servers)
            .field("user_agent", &self.user_agent)
            .field("client", &self.client)
            .field(
                "basic_auth",
                &basic_auth.map(|(user, password)| (user, hidden(password))),
            )
            .field("oauth_access_token", &hidden(&self.oauth_access_token))
            .field("bearer_access_token", &hidden(&self.bearer_access_token))
            .field("api_key", &self.api_key)
            .field("api_keys", &self.api_keys)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("timeout", &self.timeout)
            .field("retries", &self.retries)
            .field("max_event_size", &self.max_event_size)
            .finish_non_exhaustive()
    }
}

const HIDDEN: &str = "[REDACTED]";

/// A client as [`Configuration`] holds it: it takes at most 5 seconds to connect, and leaves
/// redirects to this crate, which keeps credentials from other origins.
#[cfg(not(target_arch = "wasm32"))]
pub fn client_builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .connect_timeout(std::time::Duration::from_secs(5))
        .redirect(reqwest::redirect::Policy::none())
}

/// A client as [`Configuration`] holds it; the browser connects and redirects.
#[cfg(target_arch = "wasm32")]
pub fn client_builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
}
