//! Objects and unions are read and written as the runtime says.

use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::Serialize;
use serde_json::{from_str, from_value, json, to_string, to_value, Value};

use crate::models::{Assumed, ChatChunk, Problem, Shape, Thing, Told};
use crate::runtime::object::Seen;

/// What is written of what is read.
fn again<T: DeserializeOwned + Serialize>(json: &str) -> String {
    to_string(&from_str::<T>(json).unwrap()).unwrap()
}

/// Why it cannot be read.
fn refused<T: DeserializeOwned + Debug>(json: &str) -> String {
    from_str::<T>(json).unwrap_err().to_string()
}

#[test]
fn kinds() {
    for (read, written) in [
        (r#"{"required":1}"#, r#"{"required":1,"null able":null}"#),
        (
            r#"{"type":null,"optional":null,"null able":null,"required":1}"#,
            r#"{"required":1,"null able":null,"type":null}"#,
        ),
        (
            r#"{"required":1,"null able":2,"optional":3,"type":4,"more":5}"#,
            r#"{"required":1,"null able":2,"optional":3,"type":4,"more":5}"#,
        ),
    ] {
        assert_eq!(again::<Thing>(read), written);
        let value: Value = from_str(read).unwrap();
        assert_eq!(from_value::<Thing>(value).unwrap(), from_str(read).unwrap());
    }
    assert_eq!(
        again::<ChatChunk>(r#"{"text":"a","more":{"b":[]}}"#),
        r#"{"text":"a"}"#
    );
}

#[test]
fn refusals() {
    assert!(refused::<Thing>(r#"{"optional":1}"#).starts_with("missing field `required`"));
    assert!(refused::<Thing>(r#"{"required":null}"#).starts_with("invalid type: null"));
    assert!(refused::<Thing>(r#"{"type":1,"type":1}"#).starts_with("duplicate field `type`"));
    assert!(refused::<ChatChunk>(r#"["a"]"#).starts_with("invalid type: sequence"));
    assert!(refused::<ChatChunk>(r#"{"text":"a""#).starts_with("EOF"));
}

#[test]
fn first_variants() {
    let problem = Problem {
        message: "no".to_owned(),
    };
    for (value, shape) in [
        (json!(1), Shape::Number(1)),
        (json!([1, 2]), Shape::Numbers(vec![1, 2])),
        (json!({"message": "no"}), Shape::Problem(Box::new(problem))),
        (json!("text"), Shape::Unknown(json!("text"))),
        (json!(null), Shape::Unknown(json!(null))),
    ] {
        assert_eq!(from_value::<Shape>(value.clone()).unwrap(), shape);
        assert_eq!(to_value(shape).unwrap(), value);
    }
}

#[test]
fn assumed_variants() {
    let chunk = ChatChunk {
        text: "a".to_owned(),
    };
    for value in [json!({"kind": "other", "text": "a"}), json!({"text": "a"})] {
        assert_eq!(
            from_value::<Assumed>(value).unwrap(),
            Assumed::Chunk(chunk.clone())
        );
    }
    for value in [json!({"kind": "problem", "text": "a"}), json!(["chunk"])] {
        assert_eq!(
            from_value::<Assumed>(value.clone()).unwrap(),
            Assumed::Unknown(value)
        );
    }
}

#[test]
fn told_variants() {
    let chunk = ChatChunk {
        text: "a".to_owned(),
    };
    for kind in ["chunk", "piece"] {
        let value = json!({"kind": kind, "text": "a"});
        assert_eq!(
            from_value::<Told>(value).unwrap(),
            Told::Chunk(chunk.clone())
        );
    }
    for value in [
        json!({"kind": "other", "text": "a"}),
        json!({"kind": "problem", "text": "a"}),
        json!({"text": "a"}),
        json!(["chunk"]),
    ] {
        assert_eq!(
            from_value::<Told>(value.clone()).unwrap(),
            Told::Unknown(value)
        );
    }
}

#[test]
fn members_seen() {
    let mut seen = Seen::default();
    let numbers = [0, 1, 63, 64, 127, 128, 129, 1_000];
    assert!(numbers.iter().all(|&number| seen.add(number)));
    assert!(!numbers.iter().any(|&number| seen.add(number)));
}
