//! The operations, by tag, and what they share.

pub mod chat_api;
pub mod configuration;

pub use crate::runtime::error::{
    ArgumentError, DecodeError, Error, ResponseContent, StreamError, TimeoutError,
};
pub use crate::runtime::events::ServerSentEvent;
pub use crate::runtime::file::File;
pub use crate::runtime::stream::EventStream;
pub use crate::runtime::style::{parse_deep_object, urlencode};
