//! Streams from a server on this machine.

mod server;

use std::future::poll_fn;
use std::pin::Pin;
use std::time::{Duration, Instant};

use futures_core::Stream;
use sample::apis::chat_api::{chat_stream, ChatError};
use sample::apis::configuration::{Configuration, RetryPolicy, Timeout};
use sample::apis::things_api::{lines, words};
use sample::apis::{Error, EventStream, TimeoutError};
use sample::models::{ChatChunk, ChatRequest, Problem};
use server::{answer, chunk, json, stream, stream_head, Answer, Server};

const WHOLE: &[u8] =
    b": hi\r\n\r\ndata: {\"text\":\"a\"}\r\n\r\ndata:{\"text\":\ndata:\"\xc3\xa9\"}\n\n\ndata: [DONE]\n\n";

fn configuration(server: &Server) -> Configuration {
    Configuration {
        base_path: server.url.clone(),
        retries: RetryPolicy {
            base: Duration::ZERO,
            ..RetryPolicy::default()
        },
        ..Configuration::default()
    }
}

fn opened(configuration: &Configuration) -> EventStream<ChatChunk, ChatError> {
    let request = ChatRequest {
        messages: vec!["hello".to_owned()],
        stream: Some(false),
    };
    chat_stream(configuration, "a", "me", None, request)
}

/// The texts of the items, and the error that follows them.
async fn read(configuration: &Configuration) -> (Vec<String>, Option<Error<ChatError>>) {
    let mut stream = opened(configuration);
    let mut texts = Vec::new();
    let mut error = None;
    while let Some(item) = stream.next().await {
        assert!(error.is_none(), "{item:?} follows {error:?}");
        match item {
            Ok(chunk) => texts.push(chunk.text),
            Err(found) => error = Some(found),
        }
    }
    assert!(stream.next().await.is_none());
    (texts, error)
}

/// What a stream of these bytes gives.
async fn given(bytes: &[u8]) -> (Vec<String>, Option<Error<ChatError>>) {
    let server = Server::new(vec![stream(&[bytes])]);
    read(&configuration(&server)).await
}

#[tokio::test]
async fn items_come_however_they_are_cut() {
    let single: Vec<&[u8]> = WHOLE.chunks(1).collect();
    let mut answers = vec![stream(&[WHOLE]), stream(&single)];
    for at in 1..WHOLE.len() {
        let (start, end) = WHOLE.split_at(at);
        answers.push(stream(&[start, end]));
    }
    let count = answers.len();
    let server = Server::new(answers);
    let configuration = configuration(&server);
    for _ in 0..count {
        let (texts, error) = read(&configuration).await;
        assert_eq!(texts, ["a", "é"]);
        assert!(error.is_none(), "{error:?}");
    }
    let requests = server.requests();
    assert_eq!(requests.len(), count);
    assert_eq!(
        requests[0].text(),
        r#"{"messages":["hello"],"stream":true}"#
    );
    assert_eq!(requests[0].header("accept"), Some("text/event-stream"));
    // A stream that was read to its end gives its connection back.
    assert!(requests.iter().all(|each| each.connection == 0));
}

#[tokio::test]
async fn an_item_comes_with_its_last_byte() {
    let mut bytes = stream_head();
    bytes.extend(chunk(b"data: {\"text\":\"a\"}\n\n"));
    let server = Server::new(vec![Answer::Silent(bytes)]);
    let mut stream = opened(&configuration(&server));
    assert_eq!(stream.next().await.unwrap().unwrap().text, "a");
    assert_eq!(server.left(), 0);
    // A stream that is dropped closes its connection.
    drop(stream);
    let since = Instant::now();
    while server.left() == 0 && since.elapsed() < Duration::from_secs(20) {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.left(), 1);
}

#[tokio::test]
async fn nothing_is_sent_before_it_is_asked_for() {
    let server = Server::new(vec![]);
    let stream = opened(&configuration(&server));
    assert!(format!("{stream:?}").contains("[DONE]"));
    drop(stream);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn it_is_a_stream() {
    fn moved<S: Stream<Item = Result<ChatChunk, Error<ChatError>>> + Send + Unpin + 'static>(
        stream: S,
    ) -> S {
        stream
    }
    let server = Server::new(vec![stream(&[WHOLE])]);
    let mut stream = moved(opened(&configuration(&server)));
    let item = poll_fn(|context| Pin::new(&mut stream).poll_next(context)).await;
    assert_eq!(item.unwrap().unwrap().text, "a");
}

#[tokio::test]
async fn it_is_tried_again_until_it_starts() {
    let busy = answer("503 Busy", &[("retry-after-ms", "0")], b"{}");
    let server = Server::new(vec![Answer::Broken(vec![]), busy, stream(&[WHOLE])]);
    let (texts, error) = read(&configuration(&server)).await;
    assert_eq!((texts.len(), error.is_none()), (2, true));
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn it_is_never_tried_again_in_the_middle() {
    let event = b"data: {\"text\":\"a\"}\n\n";
    let mut bytes = stream_head();
    bytes.extend(chunk(event));
    let server = Server::new(vec![Answer::Broken(bytes), stream(&[WHOLE])]);
    let (texts, error) = read(&configuration(&server)).await;
    assert_eq!(texts, ["a"]);
    let Some(Error::Stream(error)) = error else {
        panic!("{error:?}")
    };
    assert!(error.reason.contains("broke off"));
    assert!(error.source.is_some());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn streams_that_break_off() {
    let cases: [(&[u8], usize, &str); 3] = [
        (b"data: {\"text\":\"a\"}\n\n", 1, "without [DONE]"),
        (
            b"data: {\"text\":\"a\"}\n\ndata: {\"te",
            1,
            "without [DONE]",
        ),
        (b"", 0, "without [DONE]"),
    ];
    for (bytes, items, said) in cases {
        let (texts, error) = given(bytes).await;
        assert_eq!(texts.len(), items);
        assert!(error.unwrap().to_string().contains(said));
    }
    let (_, error) = given(b"data: {\"text\":\"a\"}\n\ndata: [DONE]").await;
    assert!(error.is_none());
}

#[tokio::test]
async fn errors_in_a_stream() {
    let cases: [(&[u8], usize); 5] = [
        (
            b"data: {\"text\":\"a\"}\n\ndata: {\"error\":{\"message\":\"no\"}}\n\n",
            1,
        ),
        (
            b"data: {\"text\":\"\",\"error\":\"no\"}\n\ndata: [DONE]\n\n",
            0,
        ),
        (b"event: error\ndata: {\"message\":\"no\"}\n\n", 0),
        (b"event: error\ndata: no\n\n", 0),
        (b"{\"error\": {\"message\": \"no\"}}", 0),
    ];
    for (bytes, items) in cases {
        let (texts, error) = given(bytes).await;
        assert_eq!(texts.len(), items);
        let Some(Error::Stream(error)) = error else {
            panic!("{error:?}")
        };
        assert!(error.reason.contains("error"), "{error}");
        assert!(error.event.unwrap().text().contains("no"));
    }
    let (_, error) = given(b"event: error\ndata: {\"message\":\"no\"}\n\n").await;
    let Some(Error::Stream(error)) = error else {
        panic!("{error:?}")
    };
    let problem = Problem {
        message: "no".to_owned(),
    };
    assert_eq!(error.entity, Some(ChatError::Default(problem)));
}

#[tokio::test]
async fn events_that_are_no_errors() {
    let quiet = ["null", "false", "\"\"", "{}", "[]", "0"];
    for error in quiet {
        let event = format!("data: {{\"text\":\"a\",\"error\":{error}}}\n\ndata: [DONE]\n\n");
        let (texts, failed) = given(event.as_bytes()).await;
        assert_eq!((texts.len(), failed.is_none()), (1, true), "{error}");
    }
    let (texts, failed) =
        given(b"data:\n\ndata: {\"text\":\"\\\"error\\\"\"}\n\ndata:  [DONE] \n\n").await;
    assert_eq!((texts.len(), failed.is_none()), (1, true));
}

#[tokio::test]
async fn events_that_do_not_fit() {
    let (texts, error) =
        given(b"data: {\"text\":\"a\"}\n\ndata: {\"text\":1}\n\ndata: {\"text\":\"b\"}\n\n").await;
    assert_eq!(texts, ["a"]);
    let Some(Error::Decode(error)) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.content, "{\"text\":1}");
}

#[tokio::test]
async fn answers_that_are_no_stream() {
    let server = Server::new(vec![
        json("400 Bad Request", r#"{"message":"no"}"#),
        answer("200 OK", &[("content-type", "text/html")], b"<p>"),
        json("200 OK", r#"{"text":"a"}"#),
    ]);
    let configuration = configuration(&server);
    let (_, error) = read(&configuration).await;
    assert!(matches!(error, Some(Error::ResponseError(refused)) if refused.entity.is_some()));
    for said in ["no stream (text/html)", "JSON document"] {
        let (texts, error) = read(&configuration).await;
        assert!(texts.is_empty());
        assert!(error.unwrap().to_string().contains(said));
    }
}

#[tokio::test]
async fn events_are_bounded() {
    let large = format!("data: {{\"text\":\"a\"}}\n\ndata: {}", "x".repeat(100));
    let server = Server::new(vec![stream(&[large.as_bytes()])]);
    let configuration = Configuration {
        max_event_size: 99,
        ..configuration(&server)
    };
    let (texts, error) = read(&configuration).await;
    assert_eq!(texts, ["a"]);
    assert!(error.unwrap().to_string().contains("larger than 99 bytes"));
}

#[tokio::test]
async fn silence_is_bounded() {
    let limit = Duration::from_millis(50);
    let mut bytes = stream_head();
    bytes.extend(chunk(b"data: {\"text\":\"a\"}\n\n"));
    for (timeout, expected) in [
        (
            Timeout {
                read: Some(limit),
                total: None,
            },
            TimeoutError::Read(limit),
        ),
        (
            Timeout {
                read: None,
                total: Some(limit * 4),
            },
            TimeoutError::Total(limit * 4),
        ),
    ] {
        let server = Server::new(vec![Answer::Silent(bytes.clone())]);
        let configuration = Configuration {
            timeout,
            ..configuration(&server)
        };
        let (texts, error) = read(&configuration).await;
        assert_eq!(texts, ["a"]);
        assert!(
            matches!(error, Some(Error::Timeout(found)) if found == expected),
            "{error:?}"
        );
    }
    let server = Server::new(vec![Answer::Silent(vec![])]);
    let configuration = Configuration {
        retries: 0.into(),
        timeout: Timeout {
            read: None,
            total: Some(limit),
        },
        ..configuration(&server)
    };
    let (_, error) = read(&configuration).await;
    assert!(matches!(
        error,
        Some(Error::Timeout(TimeoutError::Total(_)))
    ));
}

#[tokio::test]
async fn lines_and_words() {
    let server = Server::new(vec![
        answer(
            "200 OK",
            &[("content-type", "application/x-ndjson")],
            b"1\n\n2\n3",
        ),
        answer(
            "200 OK",
            &[("content-type", "application/json-seq")],
            b"\x1e1\n\x1e2",
        ),
        answer(
            "200 OK",
            &[("content-type", "text/event-stream")],
            b"data: a b\n\ndata: [DONE]\n\n",
        ),
    ]);
    let configuration = configuration(&server);
    let mut stream = lines(&configuration);
    for expected in 1..=3 {
        assert_eq!(stream.next().await.unwrap().unwrap(), expected);
    }
    assert!(stream.next().await.is_none());
    let mut stream = lines(&configuration);
    assert_eq!(stream.next().await.unwrap().unwrap(), 1);
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("middle of an item"), "{error}");
    let mut stream = words(&configuration);
    assert_eq!(stream.next().await.unwrap().unwrap(), "a b");
    assert!(stream.next().await.is_none());
}
