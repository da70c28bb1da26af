//! How a parameter's value is written (OpenAPI, Style Values; RFC 6570).
//!
//! Values are JSON data: a scalar, a list or an object. What is nested deeper has no style,
//! except in `deepObject`, and is written as JSON.

use std::fmt::Write;

use serde_json::Value;

use super::data::Data;

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

/// Names with their values.
pub(crate) type Pairs = Vec<(String, String)>;

/// What is written as it is besides RFC 3986's unreserved characters.
type Safe = &'static str;

// RFC 3986's reserved characters, without those that would end the query or part it.
const RESERVED: Safe = "!$'()*+,/:;=?@%";

// RFC 6265's cookie-octets without `%`, which would not come back as it was sent.
const COOKIE: Safe = "!#$&'()*+-./:<=>?@[]^_`{|}~";

/// Percent-encodes what is not unreserved (RFC 3986, section 2).
pub fn urlencode<T: AsRef<str>>(text: T) -> String {
    quoted(text.as_ref(), "")
}

/// The query parameters of an object in the style `deepObject`; none for what is no object.
pub fn parse_deep_object(prefix: &str, value: &Value) -> Vec<(String, String)> {
    let mut pairs = Pairs::new();
    if let Ok(object @ Data::Object(_)) = Data::of(value) {
        deep(prefix, &object, &mut pairs);
    }
    pairs
}

/// A path parameter, percent-encoded.
pub(crate) fn path(name: &str, value: &Data, style: PathStyle, explode: bool) -> String {
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
        Data::List(items) => defined(items)
            .map(|item| {
                let item = urlencode(item.text());
                if is_matrix && explode {
                    named(&key, item)
                } else {
                    item
                }
            })
            .collect(),
        Data::Object(members) => {
            let equals = if explode { "=" } else { "," };
            members
                .iter()
                .filter(|(_, held)| !held.is_null())
                .map(|(member, held)| {
                    format!("{}{equals}{}", urlencode(member), urlencode(held.text()))
                })
                .collect()
        }
        scalar => vec![urlencode(scalar.text())],
    };
    let joined = items.join(joint);
    let is_scalar = !matches!(value, Data::List(_) | Data::Object(_));
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
    value: &Data,
    style: QueryStyle,
    explode: bool,
    allow_reserved: bool,
) -> String {
    let safe = if allow_reserved { RESERVED } else { "" };
    let key = urlencode(name);
    let texts: Vec<String> = match value {
        Data::List(items) if explode => {
            return defined(items)
                .map(|item| format!("{key}={}", quoted(&item.text(), safe)))
                .collect::<Vec<_>>()
                .join("&");
        }
        Data::List(items) => defined(items)
            .map(|item| quoted(&item.text(), safe))
            .collect(),
        Data::Object(members) if style == QueryStyle::DeepObject || explode => {
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
        Data::Object(members) => members
            .iter()
            .filter(|(_, held)| !held.is_null())
            .flat_map(|(member, held)| [quoted(member, safe), quoted(&held.text(), safe)])
            .collect(),
        scalar => return format!("{key}={}", quoted(&scalar.text(), safe)),
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
pub(crate) fn header(value: &Data, explode: bool) -> String {
    match value {
        Data::List(items) => defined(items).map(Data::text).collect::<Vec<_>>().join(","),
        Data::Object(members) => {
            let equals = if explode { "=" } else { "," };
            members
                .iter()
                .filter(|(_, held)| !held.is_null())
                .map(|(member, held)| format!("{member}{equals}{}", held.text()))
                .collect::<Vec<_>>()
                .join(",")
        }
        scalar => scalar.text(),
    }
}

/// A cookie parameter in the style `form`, as cookies that are `name=value` each.
pub(crate) fn cookies(name: &str, value: &Data, explode: bool) -> Vec<String> {
    let texts: Vec<String> = match value {
        Data::List(items) if explode => {
            return defined(items)
                .map(|item| cookie(name, &item.text()))
                .collect();
        }
        Data::List(items) => defined(items).map(Data::text).collect(),
        Data::Object(members) if explode => {
            return members
                .iter()
                .filter(|(_, held)| !held.is_null())
                .map(|(member, held)| cookie(member, &held.text()))
                .collect();
        }
        Data::Object(members) => members
            .iter()
            .filter(|(_, held)| !held.is_null())
            .flat_map(|(member, held)| [member.clone(), held.text()])
            .collect(),
        scalar => return vec![cookie(name, &scalar.text())],
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

fn defined(items: &[Data]) -> impl Iterator<Item = &Data> {
    items.iter().filter(|item| !item.is_null())
}

fn spread(name: &str, value: &Data, pairs: &mut Pairs) {
    match value {
        Data::Null => {}
        Data::List(items) => {
            pairs.extend(items.iter().map(|item| (name.to_owned(), item.text())));
        }
        held => pairs.push((name.to_owned(), held.text())),
    }
}

fn deep(name: &str, value: &Data, pairs: &mut Pairs) {
    match value {
        Data::Null => {}
        Data::Object(members) => {
            for (member, held) in members {
                deep(&format!("{name}[{member}]"), held, pairs);
            }
        }
        Data::List(items) => {
            pairs.extend(defined(items).map(|item| (name.to_owned(), item.text())));
        }
        scalar => pairs.push((name.to_owned(), scalar.text())),
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
