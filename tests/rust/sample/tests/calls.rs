//! Calls against a server on this machine.

mod server;

use std::time::Duration;

use sample::apis::chat_api::{chat, ChatError};
use sample::apis::configuration::{client_builder, ApiKey, Configuration, RetryPolicy, Timeout};
use sample::apis::things_api::{convert, elsewhere, form, say, secured, selected, styles, upload};
use sample::apis::{Error, File, TimeoutError};
use sample::models::{ChatChunk, ChatRequest, Filter, Problem};
use server::{answer, head, json, response, Answer, Server};

const GOOD: &str = r#"{"text":"hi","more":1}"#;

fn configuration(server: &Server) -> Configuration {
    Configuration {
        base_path: format!("{}/", server.url),
        retries: RetryPolicy {
            base: Duration::ZERO,
            ..RetryPolicy::default()
        },
        ..Configuration::default()
    }
}

fn request() -> ChatRequest {
    ChatRequest {
        messages: vec!["hello".to_owned()],
        stream: None,
    }
}

async fn called(configuration: &Configuration) -> Result<ChatChunk, Error<ChatError>> {
    chat(configuration, "a/b c", "me", Some(3), request()).await
}

fn filter() -> Filter {
    Filter {
        to: 2,
        by: "é&".to_owned(),
    }
}

#[tokio::test]
async fn an_operation_calls_its_own_server() {
    let server = Server::new(vec![json("200 OK", "{}")]);
    let own = format!("{}/own/", server.url).leak();
    let configuration = Configuration {
        base_path: "http://127.0.0.1:1/never".to_owned(),
        ..Configuration::default()
    };
    elsewhere(&configuration, own).await.unwrap();
    let targets: Vec<_> = server.requests().into_iter().map(|x| x.target).collect();
    assert_eq!(targets, ["/own/elsewhere"]);
}

#[tokio::test]
async fn an_operations_own_server_is_ignored_when_asked() {
    let server = Server::new(vec![json("200 OK", "{}")]);
    let configuration = Configuration {
        ignore_operation_servers: true,
        ..configuration(&server)
    };
    let never = "http://127.0.0.1:1/own";
    elsewhere(&configuration, never).await.unwrap();
    let targets: Vec<_> = server.requests().into_iter().map(|x| x.target).collect();
    assert_eq!(targets, ["/elsewhere"]);
}

#[tokio::test]
async fn a_call_and_its_answer() {
    let server = Server::new(vec![json("200 OK", GOOD)]);
    let mut configuration = configuration(&server);
    configuration.bearer_access_token = Some("secret".to_owned());
    configuration
        .headers
        .insert("x-operator-id", "other".parse().unwrap());
    configuration
        .headers
        .insert("x-trace", "7".parse().unwrap());
    let chunk = called(&configuration).await.unwrap();
    assert_eq!(chunk.text, "hi");
    let requests = server.requests();
    let [received] = requests.as_slice() else {
        panic!("{requests:?}")
    };
    assert_eq!(received.method, "POST");
    assert_eq!(received.target, "/v1/rooms/a%2Fb%20c/chat?limit=3");
    assert_eq!(received.text(), r#"{"messages":["hello"]}"#);
    assert_eq!(received.header("accept"), Some("application/json"));
    assert_eq!(received.header("content-type"), Some("application/json"));
    assert_eq!(received.header("authorization"), Some("Bearer secret"));
    assert_eq!(received.header("user-agent"), Some("sample/1.0.0/rust"));
    assert_eq!(received.header("x-operator-id"), Some("me"));
    assert_eq!(received.header("x-trace"), Some("7"));
    let key = received.header("idempotency-key").unwrap();
    assert_eq!(
        (key.len(), key.as_bytes()[14], key.matches('-').count()),
        (36, b'4', 4)
    );
    assert!(!format!("{configuration:?}").contains("secret"));
}

#[tokio::test]
async fn nothing_is_sent_of_what_cannot_be() {
    let server = Server::new(vec![]);
    let configuration = configuration(&server);
    let cases = [
        ("", "me", "cannot be empty"),
        ("..", "me", "cannot be segments"),
        ("a", "me\r\nx-evil: 1", "control characters"),
    ];
    for (room, operator, said) in cases {
        let error = chat(&configuration, room, operator, None, request())
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Argument(_)), "{error}");
        assert!(error.to_string().contains(said), "{error}");
    }
    let streaming = ChatRequest {
        stream: Some(true),
        ..request()
    };
    let error = chat(&configuration, "a", "me", None, streaming)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("call chat_stream"), "{error}");
    let nowhere = Configuration {
        base_path: "nowhere".to_owned(),
        ..configuration.clone()
    };
    let error = called(&nowhere).await.unwrap_err();
    assert!(
        error.to_string().contains("absolute http or https URL"),
        "{error}"
    );
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn errors_have_a_type() {
    let server = Server::new(vec![
        json("400 Bad Request", r#"{"message":"no"}"#),
        json("404 Not Found", r#"{"else":1}"#),
        answer("403 Forbidden", &[("x-request-id", "7")], b"<html>"),
        json("200 OK", r#"{"text":1}"#),
    ]);
    let configuration = configuration(&server);
    let Err(Error::ResponseError(refused)) = called(&configuration).await else {
        panic!()
    };
    assert_eq!(refused.status.as_u16(), 400);
    let problem = Problem {
        message: "no".to_owned(),
    };
    assert_eq!(refused.entity, Some(ChatError::Default(problem)));
    let Err(Error::ResponseError(refused)) = called(&configuration).await else {
        panic!()
    };
    assert!(matches!(refused.entity, Some(ChatError::UnknownValue(_))));
    let Err(Error::ResponseError(refused)) = called(&configuration).await else {
        panic!()
    };
    assert_eq!((refused.entity, refused.content.as_str()), (None, "<html>"));
    assert_eq!(refused.headers["x-request-id"], "7");
    let Err(Error::Decode(error)) = called(&configuration).await else {
        panic!()
    };
    assert_eq!(
        (error.status.as_u16(), error.content.as_str()),
        (200, r#"{"text":1}"#)
    );
}

fn busy() -> Answer {
    answer("503 Busy", &[("retry-after-ms", "0")], b"{}")
}

#[tokio::test]
async fn calls_are_tried_again() {
    for (retries, requests) in [(0, 1), (1, 2), (2, 3)] {
        let server = Server::new(vec![busy(), busy(), json("200 OK", GOOD)]);
        let configuration = Configuration {
            retries: retries.into(),
            ..configuration(&server)
        };
        assert_eq!(called(&configuration).await.is_ok(), retries == 2);
        let received = server.requests();
        assert_eq!(received.len(), requests);
        for each in &received {
            assert_eq!(each.headers, received[0].headers);
            assert_eq!(each.body, received[0].body);
            assert_eq!(each.connection, 0);
        }
    }
}

#[tokio::test]
async fn broken_connections_are_tried_again() {
    let whole = response("200 OK", &[], GOOD.as_bytes());
    let server = Server::new(vec![
        Answer::Broken(vec![]),
        Answer::Broken(whole[..whole.len() - 5].to_vec()),
        json("200 OK", GOOD),
    ]);
    assert!(called(&configuration(&server)).await.is_ok());
    assert_eq!(server.requests().len(), 3);
    let error = called(&configuration(&server)).await.unwrap_err();
    assert!(matches!(error, Error::Reqwest(_)), "{error:?}");
    assert!(!error.to_string().contains("rooms"), "{error}");
}

#[tokio::test]
async fn vendors_say_what_to_try_again() {
    for (status, said, requests) in [("409 Conflict", "true", 3), ("503 Busy", "false", 1)] {
        let headers = [("x-should-retry", said), ("retry-after-ms", "0")];
        let server = Server::new((0..3).map(|_| answer(status, &headers, b"")).collect());
        assert!(called(&configuration(&server)).await.is_err());
        assert_eq!(server.requests().len(), requests);
    }
}

#[tokio::test]
async fn a_budget_bounds_all_retries() {
    let server = Server::new((0..9).map(|_| busy()).collect());
    let configuration = Configuration {
        retries: RetryPolicy {
            budget: 3,
            ..RetryPolicy::default()
        },
        ..configuration(&server)
    };
    for _ in 0..3 {
        assert!(called(&configuration.clone()).await.is_err());
    }
    assert_eq!(server.requests().len(), 3 + 3);
}

#[tokio::test]
async fn silence_is_bounded() {
    let whole = response("200 OK", &[], GOOD.as_bytes());
    for sent in [0, whole.len() - 5] {
        let server = Server::new(vec![Answer::Silent(whole[..sent].to_vec())]);
        let read = Duration::from_millis(50);
        let configuration = Configuration {
            retries: 0.into(),
            timeout: Timeout {
                read: Some(read),
                total: None,
            },
            ..configuration(&server)
        };
        let error = called(&configuration).await.unwrap_err();
        assert!(matches!(error, Error::Timeout(TimeoutError::Read(limit)) if limit == read));
    }
}

#[tokio::test]
async fn a_call_is_bounded() {
    let server = Server::new(vec![busy(), busy(), Answer::Silent(vec![])]);
    let total = Duration::from_millis(100);
    let mut configuration = Configuration {
        timeout: Timeout {
            read: None,
            total: Some(total),
        },
        ..configuration(&server)
    };
    let error = called(&configuration).await.unwrap_err();
    assert!(matches!(error, Error::Timeout(TimeoutError::Total(limit)) if limit == total));
    assert_eq!(server.requests().len(), 3);
    // What would be waited for longer than there is time is not waited for.
    let server = Server::new(vec![answer("503 Busy", &[("retry-after", "30")], b"")]);
    configuration.base_path = server.url.clone();
    configuration.timeout.total = Some(Duration::from_secs(20));
    let error = called(&configuration).await.unwrap_err();
    assert!(matches!(error, Error::ResponseError(_)));
}

#[tokio::test]
async fn redirects_keep_what_they_may() {
    let other = Server::new(vec![json("200 OK", GOOD)]);
    let elsewhere = format!("{}/there?x=1", other.url);
    let server = Server::new(vec![
        answer("307 Temporary Redirect", &[("location", "/next")], b""),
        answer("302 Found", &[("location", &elsewhere)], b""),
    ]);
    let mut configuration = configuration(&server);
    configuration.api_key = Some(ApiKey {
        prefix: None,
        key: "secret".to_owned(),
    });
    assert_eq!(called(&configuration).await.unwrap().text, "hi");
    let same = server.requests();
    assert_eq!(same[1].target, "/next");
    assert_eq!(same[1].method, "POST");
    assert_eq!(same[1].body, same[0].body);
    assert_eq!(same[1].header("x-api-key"), Some("secret"));
    let there = &other.requests()[0];
    assert_eq!(
        (there.method.as_str(), there.target.as_str()),
        ("GET", "/there?x=1")
    );
    assert_eq!(there.header("x-api-key"), None);
    assert_eq!(there.header("idempotency-key"), None);
    assert_eq!(there.header("content-type"), None);
    assert_eq!(there.header("x-operator-id"), Some("me"));
    assert!(there.body.is_empty());
}

#[tokio::test]
async fn redirects_are_bounded() {
    let again = || answer("307 Temporary Redirect", &[("location", "/again")], b"");
    let server = Server::new((0..20).map(|_| again()).collect());
    let error = called(&configuration(&server)).await.unwrap_err();
    assert!(matches!(error, Error::ResponseError(refused) if refused.status.as_u16() == 307));
    assert_eq!(server.requests().len(), 11);
}

#[tokio::test]
async fn a_client_of_ones_own() {
    let server = Server::new(vec![json("200 OK", GOOD)]);
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("x-own", "1".parse().unwrap());
    let configuration = Configuration {
        client: client_builder().default_headers(headers).build().unwrap(),
        user_agent: None,
        ..configuration(&server)
    };
    called(&configuration).await.unwrap();
    assert_eq!(server.requests()[0].header("x-own"), Some("1"));
    assert_eq!(server.requests()[0].header("user-agent"), None);
}

#[tokio::test]
async fn parameters_have_styles() {
    let server = Server::new(vec![answer("204 No Content", &[], b"")]);
    let tags = Some(vec!["a".to_owned(), "b|c".to_owned()]);
    styles(&configuration(&server), &[3, 4], &filter(), tags, 0.7)
        .await
        .unwrap();
    let received = &server.requests()[0];
    assert_eq!(
        received.target,
        "/things/.3.4/of;to=2;by=%C3%A9%26?filter%5Bto%5D=2&filter%5Bby%5D=%C3%A9%26\
         &tags=a%7Cb%7Cc&ratio=0.7&json=%7B%22to%22%3A2%2C%22by%22%3A%22%C3%A9%26%22%7D"
    );
    assert_eq!(received.header("x-filter"), Some("to=2,by=\u{e9}&"));
    assert_eq!(
        received.header("cookie"),
        Some("session=a%20b%3Bc; ids=3%2C4")
    );
}

#[tokio::test]
async fn a_parameter_is_the_whole_query() {
    let empty = || answer("204 No Content", &[], b"");
    let server = Server::new(vec![empty(), empty()]);
    let configuration = configuration(&server);
    selected(&configuration, Some(filter())).await.unwrap();
    selected(&configuration, None).await.unwrap();
    let targets: Vec<_> = server.requests().into_iter().map(|x| x.target).collect();
    assert_eq!(
        targets,
        [
            "/selected?%7B%22to%22%3A2%2C%22by%22%3A%22%C3%A9%26%22%7D",
            "/selected"
        ]
    );
}

#[tokio::test]
async fn forms_have_files() {
    let path = std::env::temp_dir().join(format!("chatwright-{}.json", std::process::id()));
    std::fs::write(&path, "[1]").unwrap();
    let server = Server::new(vec![busy(), json("200 OK", "null")]);
    let mask = File::from(b"png".to_vec()).named("a\"b\r\n.png");
    let names = vec!["x".to_owned(), "y".to_owned()];
    let sent = upload(
        &configuration(&server),
        path.clone(),
        Some(mask),
        names,
        &filter(),
    )
    .await;
    let file_name = path.file_name().unwrap().to_str().unwrap().to_owned();
    std::fs::remove_file(&path).unwrap();
    sent.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    for received in &requests {
        let boundary = received
            .header("content-type")
            .and_then(|value| value.strip_prefix("multipart/form-data; boundary="))
            .unwrap();
        let parts = [
            format!(
                "form-data; name=\"file\"; filename=\"{file_name}\"\r\n\
                 Content-Type: application/json\r\n\r\n[1]"
            ),
            "form-data; name=\"mask\"; filename=\"a%22b%0D%0A.png\"\r\n\
             Content-Type: image/png\r\n\r\npng"
                .to_owned(),
            "form-data; name=\"names[]\"\r\n\r\nx".to_owned(),
            "form-data; name=\"names[]\"\r\n\r\ny".to_owned(),
            "form-data; name=\"filter\"\r\nContent-Type: application/json\r\n\r\n\
             {\"to\":2,\"by\":\"é&\"}"
                .to_owned(),
            "form-data; name=\"note\"\r\nContent-Type: text/csv\r\n\r\na,b".to_owned(),
        ];
        let start = format!("--{boundary}\r\nContent-Disposition: ");
        let expected = parts.map(|part| format!("{start}{part}\r\n")).concat();
        assert_eq!(received.text(), format!("{expected}--{boundary}--\r\n"));
        assert_eq!(received.header("transfer-encoding"), None);
    }
    let missing = std::path::PathBuf::from("no such file");
    let error = upload(&configuration(&server), missing, None, vec![], &filter()).await;
    assert!(matches!(error, Err(Error::Io(_))));
}

#[tokio::test]
async fn forms_in_a_urls_clothes() {
    let said = [("content-type", "application/json")];
    let server = Server::new(vec![
        answer("200 OK", &said, b"\"a\""),
        answer("200 OK", &[], b"b"),
    ]);
    let configuration = configuration(&server);
    let tags = ["x", "y z"];
    assert_eq!(form(&configuration, &filter(), &tags).await.unwrap(), "a");
    assert_eq!(form(&configuration, &filter(), &tags).await.unwrap(), "b");
    let received = &server.requests()[0];
    assert_eq!(received.text(), "to=2&by=%C3%A9%26&tags=x%20y%20z");
    let media_type = "application/x-www-form-urlencoded";
    assert_eq!(received.header("content-type"), Some(media_type));
}

#[tokio::test]
async fn bytes_and_text() {
    let path = std::env::temp_dir().join(format!("chatwright-{}.mp3", std::process::id()));
    std::fs::write(&path, b"\xff\x00").unwrap();
    let server = Server::new(vec![
        answer("200 OK", &[], b"\x00\xff"),
        answer("200 OK", &[], b""),
        answer("200 OK", &[], b"left"),
    ]);
    let configuration = configuration(&server);
    let converted = convert(&configuration, path.as_path().into()).await;
    std::fs::remove_file(&path).unwrap();
    assert_eq!(converted.unwrap(), b"\x00\xff");
    assert_eq!(convert(&configuration, vec![7].into()).await.unwrap(), b"");
    let response = say(&configuration, "é").await.unwrap();
    assert_eq!(response.text().await.unwrap(), "left");
    let requests = server.requests();
    assert_eq!(requests[0].body, b"\xff\x00");
    assert_eq!(requests[0].header("content-length"), Some("2"));
    assert_eq!(requests[0].header("content-type"), Some("audio/mpeg"));
    assert_eq!(requests[1].body, [7]);
    assert_eq!(requests[2].text(), "é");
    assert_eq!(
        requests[2].header("content-type"),
        Some("text/plain; charset=utf-8")
    );
}

#[tokio::test]
async fn credentials() {
    let empty = || answer("204 No Content", &[], b"");
    let server = Server::new(vec![empty(), empty(), empty(), empty()]);
    let mut configuration = configuration(&server);
    secured(&configuration).await.unwrap();
    let key = |prefix: Option<&str>, key: &str| ApiKey {
        prefix: prefix.map(str::to_owned),
        key: key.to_owned(),
    };
    configuration.api_key = Some(key(Some("Key"), "a b"));
    configuration
        .api_keys
        .insert("cookie".to_owned(), key(None, "c"));
    secured(&configuration).await.unwrap();
    configuration.oauth_access_token = Some("token".to_owned());
    secured(&configuration).await.unwrap();
    configuration.basic_auth = Some(("me".to_owned(), Some("é".to_owned())));
    secured(&configuration).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests[0].target, "/secured?fixed=1");
    assert_eq!(requests[0].header("authorization"), None);
    assert_eq!(requests[1].header("x-api-key"), Some("Key a b"));
    assert_eq!(requests[1].header("cookie"), Some("key=c"));
    assert_eq!(requests[2].header("authorization"), Some("Bearer token"));
    assert_eq!(requests[2].header("x-api-key"), None);
    assert_eq!(requests[3].header("authorization"), Some("Basic bWU6w6k="));
    assert_eq!(requests[3].target, "/secured?fixed=1&api%20key=Key%20a%20b");
}

#[test]
fn calls_may_move_between_threads() {
    fn sent<T: Send>(_: T) {}
    let configuration = Configuration::default();
    sent(chat(&configuration, "a", "b", None, request()));
    assert!(head("200 OK", &[]).starts_with(b"HTTP"));
}
