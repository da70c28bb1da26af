//! One call from its request to its answer: timeouts, redirects, retries.

use std::future::{poll_fn, Future};
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use reqwest::header::{HeaderMap, CONTENT_TYPE};
use reqwest::{Method, Response, StatusCode, Url};

use super::body::Body;
use super::clock::{self, Instant};
use super::error::{Failure, TimeoutError};
use super::redirect;
use super::retry::{self, Outcome};
use crate::apis::configuration::Configuration;

/// How long a call may take.
///
/// The time to connect is the client's: 5 seconds unless the configuration holds a client of
/// your own (`configuration::client_builder` gives one to start from).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeout {
    /// How long the connection may be silent: until the answer starts, and between any two
    /// reads of it. `None` is no limit.
    pub read: Option<Duration>,
    /// How long the whole call may take, with all its attempts, and of a stream until its last
    /// event. `None` is no limit.
    pub total: Option<Duration>,
}

impl Default for Timeout {
    fn default() -> Self {
        Self {
            read: Some(Duration::from_secs(600)),
            total: None,
        }
    }
}

/// What is sent.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
}

/// An answer with its whole body.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Box<HeaderMap>,
    pub(crate) body: Vec<u8>,
}

/// What came back.
pub(crate) enum Opened {
    /// An answer that has been read.
    Whole(Answer),
    /// A success whose body is still to be read.
    Open(Response),
}

/// A future that may be sent to another thread; those of browsers cannot.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
#[cfg(target_arch = "wasm32")]
pub(crate) type BoxFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// The bytes of an answer.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) type Chunks = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>;
#[cfg(target_arch = "wasm32")]
pub(crate) type Chunks = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>>>>;

// What is read of an answer that nobody wants, so that its connection can be used again.
const DISCARDED: u64 = 64 * 1024;
const DISCARDING: Duration = Duration::from_secs(1);

/// The answer to a request after redirects and retries.
///
/// A success is left unread where it is to stay `open`. What breaks off while it is read here is
/// tried again.
pub(crate) async fn exchange(
    request: &Request,
    configuration: &Configuration,
    open: bool,
) -> Result<Opened, Failure> {
    let started = Instant::now();
    let policy = &configuration.retries;
    let mut sent = request.clone();
    let mut attempt = 1;
    let mut redirects = 0;
    loop {
        let outcome = attempted(&sent, configuration).await;
        if let Ok(response) = &outcome {
            if redirects < redirect::LIMIT {
                let following = redirect::followed(&sent, response.status(), response.headers());
                if let Some(following) = following {
                    redirects += 1;
                    sent = following;
                    discard(outcome).await;
                    continue;
                }
            }
        }
        let wait = |outcome: &Outcome<'_>| {
            let jitter = fastrand::f64();
            let now = clock::now();
            let wait = retry::decide(policy, attempt, &sent.method, outcome, now, jitter)?;
            let total = configuration.timeout.total;
            if total.is_some_and(|total| started.elapsed() + wait >= total) {
                return None;
            }
            configuration
                .retry_budget
                .spend(policy.budget)
                .then_some(wait)
        };
        let pause = match outcome {
            Ok(response) if response.status().is_success() => {
                if open {
                    configuration.retry_budget.earn();
                    return Ok(Opened::Open(response));
                }
                match read(response, configuration).await {
                    Ok(answer) => {
                        configuration.retry_budget.earn();
                        return Ok(Opened::Whole(answer));
                    }
                    Err(failure) => wait(&Outcome::Broken).ok_or(failure)?,
                }
            }
            Ok(response) => {
                let answered = Outcome::Answered(response.status(), response.headers());
                match wait(&answered) {
                    Some(pause) => {
                        discard(Ok(response)).await;
                        pause
                    }
                    None => match read(response, configuration).await {
                        Ok(answer) => return Ok(Opened::Whole(answer)),
                        Err(failure) => wait(&Outcome::Broken).ok_or(failure)?,
                    },
                }
            }
            Err(failure) if is_connection(&failure) => wait(&Outcome::Broken).ok_or(failure)?,
            Err(failure) => return Err(failure),
        };
        clock::sleep(pause).await;
        attempt += 1;
    }
}

/// The whole of an answer.
pub(crate) async fn read(
    response: Response,
    configuration: &Configuration,
) -> Result<Answer, Failure> {
    let status = response.status();
    let headers = Box::new(response.headers().clone());
    let mut chunks = chunks(response);
    let mut body = Vec::new();
    while let Some(chunk) = silent(
        configuration.timeout.read,
        poll_fn(|context| chunks.as_mut().poll_next(context)),
    )
    .await?
    {
        body.extend_from_slice(&chunk.map_err(broken)?);
    }
    Ok(Answer {
        status,
        headers,
        body,
    })
}

/// The bytes of an answer as they come.
pub(crate) fn chunks(response: Response) -> Chunks {
    Box::pin(response.bytes_stream())
}

/// What `exchange` gives, in time.
pub(crate) async fn limited<T>(
    limit: Option<Duration>,
    exchange: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    match (clock::within(limit, exchange).await, limit) {
        (Some(outcome), _) => outcome,
        (None, limit) => Err(Failure::Timeout(TimeoutError::Total(
            limit.unwrap_or_default(),
        ))),
    }
}

/// A failure of the connection, without its URL, which may hold credentials.
pub(crate) fn broken(error: reqwest::Error) -> Failure {
    Failure::Reqwest(error.without_url())
}

/// The media type of an answer without its parameters, in lower case (RFC 9110, section 8.3.1).
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// Whether a media type is JSON (RFC 6839, section 3.1).
pub(crate) fn is_json(media_type: &str) -> bool {
    matches!(media_type, "application/json" | "text/json") || media_type.ends_with("+json")
}

async fn attempted(request: &Request, configuration: &Configuration) -> Result<Response, Failure> {
    let builder = configuration
        .client
        .request(request.method.clone(), request.url.clone())
        .headers(request.headers.clone());
    let builder = request.body.attached(builder).await?;
    silent(configuration.timeout.read, builder.send())
        .await?
        .map_err(broken)
}

async fn silent<T>(limit: Option<Duration>, future: impl Future<Output = T>) -> Result<T, Failure> {
    match clock::within(limit, future).await {
        Some(outcome) => Ok(outcome),
        None => Err(Failure::Timeout(TimeoutError::Read(
            limit.unwrap_or_default(),
        ))),
    }
}

/// Reads what is left of a small answer, so that its connection can be used again.
async fn discard(outcome: Result<Response, Failure>) {
    let Ok(response) = outcome else {
        return;
    };
    if response
        .content_length()
        .is_some_and(|length| length <= DISCARDED)
    {
        clock::within(Some(DISCARDING), response.bytes()).await;
    }
}

fn is_connection(failure: &Failure) -> bool {
    match failure {
        Failure::Reqwest(error) => !error.is_builder() && !error.is_redirect(),
        Failure::Timeout(_) => true,
        Failure::Serde(_) | Failure::Io(_) | Failure::Argument(_) => false,
    }
}
