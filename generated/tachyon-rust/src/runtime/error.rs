//! What can go wrong with a call.

use std::error;
use std::fmt;
use std::time::Duration;

use super::events::ServerSentEvent;

/// An answer whose status is not a success (RFC 9110, section 15).
#[derive(Debug, Clone)]
pub struct ResponseContent<T> {
    /// The status.
    pub status: reqwest::StatusCode,
    /// The body as text; what is not UTF-8 is replaced.
    pub content: String,
    /// The body as the API describes it, `None` where it is something else.
    pub entity: Option<T>,
    /// The headers, which often hold a request id.
    pub headers: Box<reqwest::header::HeaderMap>,
}

/// Why a call, or a stream, failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error<T> {
    /// The connection failed, or broke off in the middle of an answer.
    Reqwest(reqwest::Error),
    /// An argument cannot be written as JSON.
    Serde(serde_json::Error),
    /// A file that was to be sent cannot be read.
    Io(std::io::Error),
    /// The answer's status is not a success.
    ResponseError(ResponseContent<T>),
    /// An argument or a setting cannot be sent.
    Argument(ArgumentError),
    /// The answer, or an event, is not what the API describes.
    Decode(DecodeError),
    /// A stream carried an error, or is none, or broke off.
    Stream(StreamError<T>),
    /// No answer came in time.
    Timeout(TimeoutError),
}

/// An argument, or a setting, that cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArgumentError {
    message: String,
}

/// An answer, or an event, that is not what the API describes.
#[derive(Debug)]
pub struct DecodeError {
    /// The answer's status.
    pub status: reqwest::StatusCode,
    /// What came; what is not UTF-8 is replaced.
    pub content: String,
    /// Where it departs from what the API describes.
    pub source: serde_json::Error,
}

/// A stream that carried an error, that is none, or that broke off.
#[derive(Debug)]
pub struct StreamError<T> {
    /// What is wrong.
    pub reason: String,
    /// The event, or the whole answer, that says so; `None` where the stream just ended.
    pub event: Option<Box<ServerSentEvent>>,
    /// The event as the API describes its errors, `None` where it is something else.
    pub entity: Option<T>,
    /// What the connection said, where it broke off.
    pub source: Option<reqwest::Error>,
}

/// No answer, or no more of it, in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeoutError {
    /// The connection was silent for longer than [`Timeout::read`](super::exchange::Timeout).
    Read(Duration),
    /// The call took longer than [`Timeout::total`](super::exchange::Timeout).
    Total(Duration),
}

/// An error of a call whose kind of answer is not known yet.
pub(crate) enum Failure {
    Reqwest(reqwest::Error),
    Serde(serde_json::Error),
    Io(std::io::Error),
    Argument(ArgumentError),
    Timeout(TimeoutError),
}

impl<T> fmt::Display for Error<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reqwest(error) => write!(f, "error in reqwest: {error}"),
            Self::Serde(error) => write!(f, "error in serde: {error}"),
            Self::Io(error) => write!(f, "error in IO: {error}"),
            Self::ResponseError(content) => {
                write!(f, "error in response: status code {}", content.status)
            }
            Self::Argument(error) => write!(f, "error in argument: {error}"),
            Self::Decode(error) => write!(f, "error in response: {error}"),
            Self::Stream(error) => write!(f, "error in stream: {error}"),
            Self::Timeout(error) => write!(f, "error in connection: {error}"),
        }
    }
}

impl<T: fmt::Debug> error::Error for Error<T> {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Reqwest(error) => Some(error),
            Self::Serde(error) => Some(error),
            Self::Io(error) => Some(error),
            Self::Argument(error) => Some(error),
            Self::Decode(error) => Some(&error.source),
            Self::Stream(error) => match &error.source {
                Some(source) => Some(source),
                None => None,
            },
            Self::Timeout(error) => Some(error),
            Self::ResponseError(_) => None,
        }
    }
}

impl ArgumentError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}

impl fmt::Display for ArgumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl error::Error for ArgumentError {}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "what came is not what the API describes: {}",
            self.source
        )
    }
}

impl error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(&self.source)
    }
}

impl<T> fmt::Display for StreamError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl<T: fmt::Debug> error::Error for StreamError<T> {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match &self.source {
            Some(source) => Some(source),
            None => None,
        }
    }
}

impl fmt::Display for TimeoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(limit) => write!(f, "nothing came for {limit:?}"),
            Self::Total(limit) => write!(f, "the call was not over after {limit:?}"),
        }
    }
}

impl error::Error for TimeoutError {}

impl<T> From<Failure> for Error<T> {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Reqwest(error) => Self::Reqwest(error),
            Failure::Serde(error) => Self::Serde(error),
            Failure::Io(error) => Self::Io(error),
            Failure::Argument(error) => Self::Argument(error),
            Failure::Timeout(error) => Self::Timeout(error),
        }
    }
}

impl<T> From<reqwest::Error> for Error<T> {
    fn from(error: reqwest::Error) -> Self {
        Self::Reqwest(error)
    }
}

impl<T> From<serde_json::Error> for Error<T> {
    fn from(error: serde_json::Error) -> Self {
        Self::Serde(error)
    }
}

impl<T> From<std::io::Error> for Error<T> {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<ArgumentError> for Failure {
    fn from(error: ArgumentError) -> Self {
        Self::Argument(error)
    }
}
