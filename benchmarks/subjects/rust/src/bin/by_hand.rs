//! reqwest and serde_json, and no more than this stream needs: its lines end in LF, its events
//! have one line of data each, and nothing of it is an error.

use memchr::memmem;
use serde::Deserialize;
use subjects::{measured, Outcome};

#[derive(Deserialize)]
#[allow(dead_code)]
struct Chunk {
    choices: Vec<Choice>,
    created: i64,
    id: String,
    model: String,
    object: String,
    system_fingerprint: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Choice {
    delta: Delta,
    finish_reason: Option<String>,
    index: i32,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Delta {
    content: Option<String>,
    role: Option<String>,
    tool_calls: Option<Vec<serde_json::Value>>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    measured(stream).await
}

async fn stream(base_path: String) -> Outcome<usize> {
    let mut response = reqwest::Client::new()
        .post(format!("{base_path}/v1/llms/chat/completions"))
        .body(r#"{"messages":[{"content":"Hello","role":"user"}],"stream":true}"#)
        .send()
        .await?
        .error_for_status()?;
    let mut held = Vec::new();
    let mut events = 0;
    while let Some(bytes) = response.chunk().await? {
        held.extend_from_slice(&bytes);
        let mut start = 0;
        while let Some(length) = memmem::find(&held[start..], b"\n\n") {
            let event = &held[start..start + length];
            start += length + 2;
            let Some(data) = event.strip_prefix(b"data: ") else {
                continue;
            };
            if data == b"[DONE]" {
                return Ok(events);
            }
            for choice in serde_json::from_slice::<Chunk>(data)?.choices {
                events += usize::from(choice.delta.content.is_some());
            }
        }
        held.drain(..start);
    }
    Err("the stream broke off".into())
}
