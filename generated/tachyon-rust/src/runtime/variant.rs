//! Members of unions that are told by a tag.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// The value of the property that tells a union's member.
pub(crate) fn tag<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

/// The union with its member, or nothing where the value is not what the document says of it.
pub(crate) fn read<T: DeserializeOwned, U>(value: &Value, member: fn(T) -> U) -> Option<U> {
    T::deserialize(value).ok().map(member)
}
