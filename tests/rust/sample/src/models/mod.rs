//! What is sent and what comes back.

use std::collections::HashMap;

use crate::runtime::object::object;
use crate::runtime::variant::variants;

/// A request for a chat completion.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChatRequest {
    /// The messages so far.
    pub messages: Vec<String>,
    /// Whether to stream the answer.
    pub stream: Option<bool>,
}

object! {
    ChatRequest {
        0 "messages" required messages;
        1 "stream" optional stream;
    }
}

/// A piece of an answer, or all of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChatChunk {
    /// Its text.
    pub text: String,
}

object! {
    ChatChunk {
        0 "text" required text;
    }
}

/// What went wrong.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Problem {
    /// What to tell people.
    pub message: String,
}

object! {
    Problem {
        0 "message" required message;
    }
}

/// An object.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// First by intent, last by name.
    pub to: i32,
    /// Second.
    pub by: String,
}

object! {
    Filter {
        0 "to" required to;
        1 "by" required by;
    }
}

/// An object with a member of each kind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Thing {
    /// It must be there.
    pub required: i32,
    /// It must be there, and may be null.
    pub nullable: Option<i32>,
    /// It may be absent.
    pub optional: Option<i32>,
    /// It may be absent, and may be null.
    pub r#type: Option<Option<i32>>,
    /// What has no field of its own.
    pub additional_properties: HashMap<String, Shape>,
}

object! {
    Thing {
        0 "required" required required;
        1 "null able" nullable nullable;
        2 "optional" optional optional;
        3 "type" optional_nullable r#type;
        ..additional_properties
    }
}

/// A number, numbers, or a problem.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A number.
    Number(i32),
    /// Numbers.
    Numbers(Vec<i32>),
    /// A problem.
    Problem(Box<Problem>),
    /// Anything else.
    Unknown(serde_json::Value),
}

variants! {
    Shape or Unknown {
        Number;
        Numbers;
        Problem;
    }
}

/// A chunk or a problem, which its `kind` tells.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// A chunk.
    Chunk(ChatChunk),
    /// A problem.
    Problem(Problem),
    /// Anything else.
    Unknown(serde_json::Value),
}

variants! {
    Told or Unknown {
        Chunk;
        Problem;
    }
    by "kind" {
        "chunk" is Chunk;
        "piece" is Chunk;
        "problem" is Problem;
    }
}

/// A chunk, unless its `kind` tells a problem.
#[derive(Debug, Clone, PartialEq)]
pub enum Assumed {
    /// A chunk.
    Chunk(ChatChunk),
    /// A problem.
    Problem(Problem),
    /// Anything else.
    Unknown(serde_json::Value),
}

variants! {
    Assumed or Unknown {
        Chunk;
        Problem;
    }
    by "kind" {
        "chunk" is Chunk;
        "problem" is Problem;
        else Chunk;
    }
}
