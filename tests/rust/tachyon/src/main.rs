//! Calls the API at the URL in its argument in each way, and prints what comes back as JSON lines:
//! an answer, the chunks of a stream, and the refusal of a stream that nobody would read. With a
//! second argument, one call only.

use std::error::Error;

use tachyon_sdk::apis::chat_api::{chat_completion, chat_completion_stream};
use tachyon_sdk::apis::configuration::Configuration;
use tachyon_sdk::models::{ChatCompletionRequest, Message, MessageContent};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let base_path = std::env::args().nth(1).ok_or("no URL")?;
    let configuration = Configuration {
        base_path,
        retries: 1.into(),
        ..Configuration::default()
    };
    let message = Message {
        content: Some(Some(MessageContent::String("Say hello.".to_owned()))),
        ..Message::new("user".to_owned())
    };
    let request = ChatCompletionRequest {
        model: Some(Some("tachyon:fast".to_owned())),
        temperature: Some(None),
        ..ChatCompletionRequest::new(vec![message])
    };

    let answer = chat_completion(&configuration, "operator", "Bearer key", request.clone()).await;
    match answer {
        Ok(answer) => println!("{}", serde_json::to_string(&answer)?),
        Err(error) => println!("{}", serde_json::to_string(&error.to_string())?),
    }
    if std::env::args().nth(2).is_some() {
        return Ok(());
    }

    let mut stream =
        chat_completion_stream(&configuration, "operator", "Bearer key", request.clone());
    while let Some(chunk) = stream.next().await {
        println!("{}", serde_json::to_string(&chunk?)?);
    }

    let streaming = ChatCompletionRequest {
        stream: Some(Some(true)),
        ..request
    };
    match chat_completion(&configuration, "operator", "Bearer key", streaming).await {
        Ok(_) => Err("a stream was asked for, and not refused".into()),
        Err(error) => {
            println!("{}", serde_json::to_string(&error.to_string())?);
            Ok(())
        }
    }
}
