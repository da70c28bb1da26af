//! Chat completions.

use reqwest::Method;

use crate::apis::configuration::Configuration;
use crate::apis::{Error, EventStream};
use crate::models;
use crate::runtime::call::Call;
use crate::runtime::reader::Described;
use crate::runtime::security::{Location, Scheme};
use crate::runtime::variant::variants;

/// What [`chat`] and [`chat_stream`] fail with.
#[derive(Debug, Clone, PartialEq)]
pub enum ChatError {
    /// The description's own error.
    Default(models::Problem),
    /// Any other.
    UnknownValue(serde_json::Value),
}

variants! {
    ChatError or UnknownValue {
        Default;
    }
}

/// Answers a chat.
pub async fn chat(
    configuration: &Configuration,
    room_id: &str,
    x_operator_id: &str,
    limit: Option<i32>,
    chat_request: models::ChatRequest,
) -> Result<models::ChatChunk, Error<ChatError>> {
    let mut call = Call::new(Method::POST, "/v1/rooms/{room_id}/chat");
    call.accept("application/json");
    call.path("room_id", room_id);
    call.query("limit", &limit);
    call.header("x-operator-id", x_operator_id);
    call.json_whole(&chat_request, "stream", "chat_stream");
    call.security(SECURITY);
    call.idempotency("Idempotency-Key");
    call.send(configuration).await
}

/// Answers a chat piece by piece.
pub fn chat_stream(
    configuration: &Configuration,
    room_id: &str,
    x_operator_id: &str,
    limit: Option<i32>,
    chat_request: models::ChatRequest,
) -> EventStream<models::ChatChunk, ChatError> {
    let mut call = Call::new(Method::POST, "/v1/rooms/{room_id}/chat");
    call.accept("text/event-stream");
    call.path("room_id", room_id);
    call.query("limit", &limit);
    call.header("x-operator-id", x_operator_id);
    call.json_streaming(&chat_request, "stream");
    call.security(SECURITY);
    call.idempotency("Idempotency-Key");
    call.stream(
        configuration,
        Described {
            media_type: "text/event-stream",
            sentinel: Some("[DONE]"),
            is_text: false,
        },
    )
}

const SECURITY: &[&[Scheme]] = &[
    &[Scheme::Bearer],
    &[Scheme::ApiKey {
        name: "key",
        location: Location::Header,
        parameter: "X-Api-Key",
    }],
];
