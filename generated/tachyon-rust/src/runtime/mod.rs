//! What every operation shares: requests are built, sent, tried again and decoded here.
//!
//! The bytes of this folder are the same in every crate that Chatwright writes. A generated
//! operation builds a [`Call`](call::Call) from its arguments and ends with one of its `send`
//! methods, or with `stream`:
//!
//! ```text
//! let mut call = Call::new(Method::POST, "/v1/rooms/{room_id}/chat/completions");
//! call.path("room_id", room_id);
//! call.query("limit", &limit);
//! call.header("x-operator-id", x_operator_id);
//! call.json(&chat_completion_request);
//! call.security(&[&[Scheme::Bearer]]);
//! call.send(configuration).await
//! ```
//!
//! Arguments are anything that serde serializes; what serializes as null, such as `None`, is
//! left out. Nothing is sent, and nothing fails, before `send` is awaited or the stream is
//! polled: the first argument that cannot be sent is the error that these give. Building and
//! exchanging do not depend on the types of the answer, so that they are compiled once.
#![deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

pub mod body;
pub mod call;
pub mod clock;
pub mod data;
pub mod error;
pub mod events;
pub mod exchange;
pub mod file;
pub mod object;
pub mod reader;
pub mod redirect;
pub mod retry;
pub mod security;
pub mod stream;
pub mod style;
pub mod variant;
