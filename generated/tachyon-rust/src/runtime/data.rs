//! JSON data whose members keep their order, which `serde_json::Value` does not promise.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

/// JSON data.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Data {
    /// Null.
    Null,
    /// A number or a boolean, as JSON.
    Plain(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Data>),
    /// An object.
    Object(Vec<(String, Data)>),
}

impl Data {
    /// The JSON data of a value.
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        // By way of text, as a float of 32 bits has fewer digits there than as one of 64.
        serde_json::from_slice(&serde_json::to_vec(value)?)
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// A scalar as it stands in a URL, a header or a form; anything else as JSON.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Plain(text) | Self::Text(text) => text.clone(),
            Self::List(_) | Self::Object(_) => self.json(),
        }
    }

    /// JSON.
    pub(crate) fn json(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Plain(text) => text.clone(),
            Self::Text(text) => quoted(text),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::json).collect();
                format!("[{}]", items.join(","))
            }
            Self::Object(members) => {
                let members: Vec<String> = members
                    .iter()
                    .map(|(name, held)| format!("{}:{}", quoted(name), held.json()))
                    .collect();
                format!("{{{}}}", members.join(","))
            }
        }
    }
}

/// A value that is written as JSON text wherever it goes: a parameter with a `content`.
#[derive(Debug, Clone, Copy)]
pub struct JsonText<'a, T: ?Sized>(pub &'a T);

impl<T: Serialize + ?Sized> Serialize for JsonText<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json = serde_json::to_string(self.0).map_err(serde::ser::Error::custom)?;
        if json == "null" {
            return serializer.serialize_none();
        }
        serializer.serialize_str(&json)
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Json)
    }
}

// What serde_json calls a number where some crate has turned its `arbitrary_precision` on.
const NUMBER: &str = "$serde_json::private::Number";

struct Json;

impl<'de> Visitor<'de> for Json {
    type Value = Data;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Data, E> {
        Ok(Data::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Data, E> {
        Ok(Data::Plain(value.to_string()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Data, E> {
        Ok(Data::Plain(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Data, E> {
        Ok(Data::Plain(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Data, E> {
        serde_json::to_string(&value)
            .map(Data::Plain)
            .map_err(E::custom)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Data, E> {
        Ok(Data::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Data, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Data::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Data, A::Error> {
        let mut object = Vec::new();
        while let Some((name, held)) = members.next_entry::<String, Self::Value>()? {
            match held {
                Data::Text(digits) if name == NUMBER => return Ok(Data::Plain(digits)),
                held => object.push((name, held)),
            }
        }
        Ok(Data::Object(object))
    }
}

fn quoted(text: &str) -> String {
    // Strings have nothing that JSON cannot say.
    serde_json::to_string(text).unwrap_or_default()
}
