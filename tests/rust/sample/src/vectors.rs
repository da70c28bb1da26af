//! The cases that the Python runtime passes too.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use serde::Deserialize;

use crate::runtime::data::Data;
use crate::runtime::events::{Decoder, Events, Malformed, ServerSentEvent};
use crate::runtime::retry::{decide, Outcome, RetryPolicy};
use crate::runtime::style::{self, PathStyle, QueryStyle};

#[derive(Deserialize)]
struct Vectors<T> {
    cases: Vec<T>,
}

fn cases<T: serde::de::DeserializeOwned>(json: &str) -> Vec<T> {
    serde_json::from_str::<Vectors<T>>(json).unwrap().cases
}

/// The bytes of a text each of whose characters is one.
fn bytes(text: &str) -> Vec<u8> {
    text.chars()
        .map(|byte| u8::try_from(byte).unwrap())
        .collect()
}

#[derive(Deserialize)]
struct StreamCase {
    name: String,
    media_type: String,
    stream: String,
    #[serde(default = "megabyte")]
    limit: usize,
    events: Vec<EventCase>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct EventCase {
    data: String,
    event: Option<String>,
    #[serde(default)]
    id: String,
    retry: Option<u64>,
}

fn megabyte() -> usize {
    1 << 20
}

fn decoded(case: &StreamCase, pieces: &[&[u8]]) -> (Vec<ServerSentEvent>, Option<&'static str>) {
    let mut decoder = Decoder::new(&case.media_type, case.limit);
    let mut events = Events::new();
    let mut outcome = Ok(());
    for piece in pieces {
        outcome = outcome.and_then(|()| decoder.feed(piece, &mut events));
    }
    let outcome = outcome
        .and_then(|()| decoder.end())
        .map(|last| events.extend(last));
    let error = outcome.err().map(|malformed| match malformed {
        Malformed::TooLarge => "too-large",
        Malformed::CutOff => "broken-off",
    });
    (events.into(), error)
}

#[test]
fn streams_are_decoded_wherever_they_are_cut() {
    let cases: Vec<StreamCase> = cases(include_str!("../vectors/event_streams.json"));
    assert!(cases.len() > 50);
    for case in &cases {
        let stream = bytes(&case.stream);
        let expected: Vec<ServerSentEvent> = case
            .events
            .iter()
            .map(|event| ServerSentEvent {
                event: event.event.clone().unwrap_or("message".into()).into(),
                data: bytes(&event.data),
                id: event.id.clone(),
                retry: event.retry,
            })
            .collect();
        let expected = (expected, case.error.as_deref());
        let name = &case.name;
        for size in [1, 2, 3, stream.len().max(1)] {
            let pieces: Vec<&[u8]> = stream.chunks(size).collect();
            assert_eq!(decoded(case, &pieces), expected, "{name} by {size}");
        }
        for at in 0..stream.len() {
            let (start, end) = stream.split_at(at);
            assert_eq!(decoded(case, &[start, end]), expected, "{name} at {at}");
        }
    }
}

#[derive(Deserialize)]
struct RetryCase {
    name: String,
    #[serde(default)]
    policy: PolicyCase,
    #[serde(default = "one")]
    attempt: u32,
    method: Option<String>,
    status: Option<u16>,
    #[serde(default)]
    headers: std::collections::HashMap<String, String>,
    delay: Option<[f64; 2]>,
}

#[derive(Deserialize, Default)]
struct PolicyCase {
    retries: Option<u32>,
    base: Option<f64>,
    cap: Option<f64>,
    retry_after_cap: Option<f64>,
    statuses: Option<Vec<u16>>,
    methods: Option<Vec<String>>,
}

fn one() -> u32 {
    1
}

fn policy(case: &PolicyCase) -> RetryPolicy {
    let default = RetryPolicy::default();
    let seconds = |given: Option<f64>, default| given.map_or(default, Duration::from_secs_f64);
    RetryPolicy {
        retries: case.retries.unwrap_or(default.retries),
        base: seconds(case.base, default.base),
        cap: seconds(case.cap, default.cap),
        retry_after_cap: seconds(case.retry_after_cap, default.retry_after_cap),
        statuses: case.statuses.as_ref().map(|statuses| {
            let status = |code: &u16| StatusCode::from_u16(*code).unwrap();
            statuses.iter().map(status).collect()
        }),
        methods: case
            .methods
            .as_ref()
            .map(|methods| methods.iter().map(|name| name.parse().unwrap()).collect()),
        budget: default.budget,
    }
}

#[test]
fn calls_are_tried_again() {
    let cases: Vec<RetryCase> = cases(include_str!("../vectors/retries.json"));
    assert!(cases.len() > 40);
    let now: SystemTime = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    for case in &cases {
        let mut headers = HeaderMap::new();
        for (name, value) in &case.headers {
            let value = dated(value, now).parse::<HeaderValue>().unwrap();
            headers.insert(name.parse::<HeaderName>().unwrap(), value);
        }
        let outcome = match case.status {
            None => Outcome::Broken,
            Some(status) => Outcome::Answered(StatusCode::from_u16(status).unwrap(), &headers),
        };
        // Methods of HTTP are in capitals; the cases show that Python's callers need not know.
        let method = case.method.as_ref().map_or(Method::GET, |name| {
            name.to_ascii_uppercase().parse().unwrap()
        });
        let delay = |jitter| {
            let policy = policy(&case.policy);
            decide(&policy, case.attempt, &method, &outcome, now, jitter)
        };
        let found = delay(0.0).zip(delay(1.0));
        let found = found.map(|(least, most)| [least.as_secs_f64(), most.as_secs_f64()]);
        match (found, case.delay) {
            // The clock does not move here, so that what is left is all of it.
            (Some([least, most]), Some([from, to])) if from < to && least == most => {
                assert!(from <= least && most <= to, "{}: {least}", case.name);
            }
            (found, expected) => assert_eq!(found, expected, "{}", case.name),
        }
    }
}

/// A header's value with the date that it is to have, such as `{now+30}`.
fn dated(value: &str, now: SystemTime) -> String {
    let Some(offset) = value
        .strip_prefix("{now")
        .and_then(|rest| rest.strip_suffix('}'))
    else {
        return value.to_owned();
    };
    let seconds: i64 = offset.parse().unwrap();
    let distance = Duration::from_secs(seconds.unsigned_abs());
    let then = if seconds < 0 {
        now - distance
    } else {
        now + distance
    };
    httpdate::fmt_http_date(then)
}

#[derive(Deserialize)]
struct StyleCase {
    r#in: String,
    style: String,
    explode: bool,
    value: Data,
    written: serde_json::Value,
}

#[test]
fn parameters_are_written_in_their_styles() {
    let cases: Vec<StyleCase> = cases(include_str!("../vectors/styles.json"));
    assert!(cases.len() > 60);
    for case in &cases {
        let (value, explode) = (&case.value, case.explode);
        let written: serde_json::Value = match case.r#in.as_str() {
            "path" => {
                let style = match case.style.as_str() {
                    "label" => PathStyle::Label,
                    "matrix" => PathStyle::Matrix,
                    _ => PathStyle::Simple,
                };
                style::path("color", value, style, explode).into()
            }
            "query" => {
                let style = match case.style.as_str() {
                    "spaceDelimited" => QueryStyle::SpaceDelimited,
                    "pipeDelimited" => QueryStyle::PipeDelimited,
                    "deepObject" => QueryStyle::DeepObject,
                    _ => QueryStyle::Form,
                };
                style::query("color", value, style, explode, false).into()
            }
            "header" => style::header(value, explode).into(),
            _ => style::cookies("color", value, explode).into(),
        };
        let expected = match case.r#in.as_str() {
            "cookie" => pairs(&case.written),
            _ => case.written.clone(),
        };
        assert_eq!(
            written, expected,
            "{value:?} in {} as {}",
            case.r#in, case.style
        );
    }
}

/// Cookies as they are sent.
fn pairs(written: &serde_json::Value) -> serde_json::Value {
    let pairs: Vec<(String, String)> = serde_json::from_value(written.clone()).unwrap();
    let cookie = |(name, value): &(String, String)| style::cookie(name, value);
    pairs.iter().map(cookie).collect()
}

#[test]
fn names_and_values_are_encoded() {
    let value = Data::Text("https://h/p?q=1&r=2#f".to_owned());
    let written = style::query("a[b]&c", &value, QueryStyle::Form, true, true);
    assert_eq!(written, "a%5Bb%5D%26c=https://h/p?q=1%26r=2%23f");
    assert_eq!(style::cookie("a;b", "c d;%"), "a%3Bb=c%20d%3B%25");
}

#[test]
fn data_is_what_json_says() {
    let text = r#"{"z":[1,2.5,-3,null],"a":{"q\"":"\u0000é"},"f":0.7,"t":true}"#;
    let data: Data = serde_json::from_str(text).unwrap();
    assert_eq!(data.json(), text);
    assert_eq!(Data::of(&0.7_f32).unwrap(), Data::Plain("0.7".to_owned()));
    assert_eq!(Data::of(&u64::MAX).unwrap().text(), u64::MAX.to_string());
}
