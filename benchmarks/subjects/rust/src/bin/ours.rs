//! Our crate.

use subjects::{measured, Outcome};
use tachyon_sdk::apis::chat_api::chat_completion_stream;
use tachyon_sdk::apis::configuration::Configuration;
use tachyon_sdk::models::{ChatCompletionRequest, Message, MessageContent};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    measured(stream).await
}

async fn stream(base_path: String) -> Outcome<usize> {
    let configuration = Configuration {
        base_path,
        ..Configuration::default()
    };
    let message = Message {
        content: Some(Some(MessageContent::String("Hello".to_owned()))),
        ..Message::new("user".to_owned())
    };
    let request = ChatCompletionRequest::new(vec![message]);
    let mut chunks = chat_completion_stream(&configuration, "operator", "Bearer key", request);
    let mut events = 0;
    while let Some(chunk) = chunks.next().await {
        for choice in chunk?.choices {
            events += usize::from(choice.delta.content.flatten().is_some());
        }
    }
    Ok(events)
}
