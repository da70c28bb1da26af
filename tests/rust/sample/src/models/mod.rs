//! What is sent and what comes back.

use serde::{Deserialize, Serialize};

/// A request for a chat completion.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ChatRequest {
    /// The messages so far.
    #[serde(rename = "messages")]
    pub messages: Vec<String>,
    /// Whether to stream the answer.
    #[serde(rename = "stream", skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
}

/// A piece of an answer, or all of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ChatChunk {
    /// Its text.
    #[serde(rename = "text")]
    pub text: String,
}

/// What went wrong.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// What to tell people.
    #[serde(rename = "message")]
    pub message: String,
}

/// An object.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Filter {
    /// First by intent, last by name.
    #[serde(rename = "to")]
    pub to: i32,
    /// Second.
    #[serde(rename = "by")]
    pub by: String,
}
