//! How a parameter's value is written (OpenAPI, Style Values; RFC 6570).
//!
//! Values are JSON data: a scalar, a list or an object. What is nested deeper has no style,
//! except in `deepObject`, and is written as JSON.

use std::fmt::Write;

use serde::{Serialize, Serializer};
use serde_json::Value;

/// The style of a path parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathStyle {
    /// `3,4,5`
    Simple,
    /// `.3,4,5`
    Label,
    /// `;id=3,4,5`
    Matrix,
}

/// The style of a query parameter, or of a field of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryStyle {
    /// `id=3,4,5`
    Form,
    /// `id=3%204%205`
    SpaceDelimited,
    /// `id=3%7C4%7C5`
    PipeDelimited,
    /// `id[a]=3&id[b]=4`
    DeepObject,
}

/// A value that is written as JSON text wherever it goes: a parameter with a `content`.
#[derive(Debug, Clone, Copy)]
pub struct JsonText<'a, T: ?Sized>(pub &'a T);

impl<T: Serialize + ?Sized> Serialize for JsonText<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = serde_json::to_string(self.0).map_err(serde::ser::Error::custom)?;
        if written == "null" {
            return serializer.serialize_none();
        }
        serializer.serialize_str(&written)
    }
}

/// Names with their values.
pub(crate) type Pairs = Vec<(String, String)>;

/// What is written as it is besides RFC 3986's unreserved characters.
type Safe = &'static str;

// RFC 3986's reserved characters, without those that would end the query or part it.
const RESERVED: Safe = "!$'()*+,/:;=?@%";

// RFC 6265's cookie-octets without `%`, which would not come back as it was sent.
const COOKIE: Safe = "!#$&'()*+-./:<=>?@[]^_`{|}~";

/// The JSON data of an argument.
pub(crate) fn data<T: Serialize + ?Sized>(value: &T) -> Result<Value, serde_json::Error> {
    // By way of text, as a float of 32 bits has fewer digits there than as one of 64.
    serde_json::from_slice(&serde_json::to_vec(value)?)
}

/// Percent-encodes what is not unreserved (RFC 3986, section 2).
pub fn urlencode<T: AsRef<str>>(text: T) -> String {
    quoted(text.as_ref(), "")
}

/// The query parameters of an object in the style `deepObject`; none for what is no object.
pub fn parse_deep_object(prefix: &str, value: &Value) -> Vec<(String, String)> {
    let mut pairs = Pairs::new();
    if value.is_object() {
        deep(prefix, value, &mut pairs);
    }
    pairs
}

/// A scalar as it stands in a URL, a header or a form; anything else as JSON.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A path parameter, percent-encoded.
pub(crate) fn path(name: &str, value: &Value, style: PathStyle, explode: bool) -> String {
    let key = urlencode(name);
    let (prefix, joint) = match (style, explode) {
        (PathStyle::Simple, _) => ("", ","),
        (PathStyle::Label, true) => (".", "."),
        (PathStyle::Label, false) => (".", ","),
        (PathStyle::Matrix, true) => (";", ";"),
        (PathStyle::Matrix, false) => (";", ","),
    };
    let is_matrix = style == PathStyle::Matrix;
    let items: Vec<String> = match value {
        Value::Array(items) => defined(items)
            .map(|item| {
                let item = urlencode(text(item));
                if is_matrix && explode {
                    named(&key, item)
                } else {
                    item
                }
            })
            .collect(),
        Value::Object(members) => {
            let equals = if explode { "=" } else { "," };
            members
                .iter()
                .filter(|(_, held)| !held.is_null())
                .map(|(member, held)| {
                    format!("{}{equals}{}", urlencode(member), urlencode(text(held)))
                })
                .collect()
        }
        scalar => vec![urlencode(text(scalar))],
    };
    let joined = items.join(joint);
    let is_scalar = !value.is_array() && !value.is_object();
    if is_matrix && (!explode || is_scalar) {
        return format!("{prefix}{}", named(&key, joined));
    }
    format!("{prefix}{joined}")
}

/// A query parameter, or a form's field, as `name=value` parts joined by `&`.
///
/// Empty for an empty list or object: RFC 6570 leaves these out.
pub(crate) fn query(
    name: &str,
    value: &Value,
    style: QueryStyle,
    explode: bool,
    allow_reserved: bool,
) -> String {
    let safe = if allow_reserved { RESERVED } else { "" };
    let key = urlencode(name);
    let texts: Vec<String> = match value {
        Value::Array(items) if explode => {
            return defined(items)
                .map(|item| format!("{key}={}", quoted(&text(item), safe)))
                .collect::<Vec<_>>()
                .join("&");
        }
        Value::Array(items) => defined(items)
            .map(|item| quoted(&text(item), safe))
            .collect(),
        Value::Object(members) if style == QueryStyle::DeepObject || explode => {
            let mut pairs = Pairs::new();
            if style == QueryStyle::DeepObject {
                deep(name, value, &mut pairs);
            } else {
                for (member, held) in members {
                    spread(member, held, &mut pairs);
                }
            }
            return pairs
                .iter()
                .map(|(member, held)| format!("{}={}", urlencode(member), quoted(held, safe)))
                .collect::<Vec<_>>()
                .join("&");
        }
        Value::Object(members) => members
            .iter()
            .filter(|(_, held)| !held.is_null())
            .flat_map(|(member, held)| [quoted(member, safe), quoted(&text(held), safe)])
            .collect(),
        scalar => return format!("{key}={}", quoted(&text(scalar), safe)),
    };
    if texts.is_empty() {
        return String::new();
    }
    let delimiter = match style {
        QueryStyle::SpaceDelimited => "%20",
        QueryStyle::PipeDelimited => "%7C",
        QueryStyle::Form | QueryStyle::DeepObject => ",",
    };
    format!("{key}={}", texts.join(delimiter))
}

/// A header parameter in the style `simple`. Headers are not percent-encoded.
pub(crate) fn header(value: &Value, explode: bool) -> String {
    match value {
        Value::Array(items) => defined(items).map(text).collect::<Vec<_>>().join(","),
        Value::Object(members) => {
            let equals = if explode { "=" } else { "," };
            members
                .iter()
                .filter(|(_, held)| !held.is_null())
                .map(|(member, held)| format!("{member}{equals}{}", text(held)))
                .collect::<Vec<_>>()
                .join(",")
        }
        scalar => text(scalar),
    }
}

/// A cookie parameter in the style `form`, as cookies that are `name=value` each.
pub(crate) fn cookies(name: &str, value: &Value, explode: bool) -> Vec<String> {
    let texts: Vec<String> = match value {
        Value::Array(items) if explode => {
            return defined(items)
                .map(|item| cookie(name, &text(item)))
                .collect();
        }
        Value::Array(items) => defined(items).map(text).collect(),
        Value::Object(members) if explode => {
            return members
                .iter()
                .filter(|(_, held)| !held.is_null())
                .map(|(member, held)| cookie(member, &text(held)))
                .collect();
        }
        Value::Object(members) => members
            .iter()
            .filter(|(_, held)| !held.is_null())
            .flat_map(|(member, held)| [member.clone(), text(held)])
            .collect(),
        scalar => return vec![cookie(name, &text(scalar))],
    };
    if texts.is_empty() {
        return Vec::new();
    }
    vec![cookie(name, &texts.join(","))]
}

/// One cookie.
pub(crate) fn cookie(name: &str, value: &str) -> String {
    format!("{}={}", quoted(name, COOKIE), quoted(value, COOKIE))
}

fn named(key: &str, value: String) -> String {
    if value.is_empty() {
        key.to_owned()
    } else {
        format!("{key}={value}")
    }
}

fn defined(items: &[Value]) -> impl Iterator<Item = &Value> {
    items.iter().filter(|item| !item.is_null())
}

fn spread(name: &str, value: &Value, pairs: &mut Pairs) {
    match value {
        Value::Null => {}
        Value::Array(items) => {
            pairs.extend(items.iter().map(|item| (name.to_owned(), text(item))));
        }
        held => pairs.push((name.to_owned(), text(held))),
    }
}

fn deep(name: &str, value: &Value, pairs: &mut Pairs) {
    match value {
        Value::Null => {}
        Value::Object(members) => {
            for (member, held) in members {
                deep(&format!("{name}[{member}]"), held, pairs);
            }
        }
        Value::Array(items) => {
            pairs.extend(defined(items).map(|item| (name.to_owned(), text(item))));
        }
        scalar => pairs.push((name.to_owned(), text(scalar))),
    }
}

fn quoted(text: &str, safe: Safe) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let is_plain = byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'.' | b'_' | b'~')
            || safe.as_bytes().contains(&byte);
        if is_plain {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
