//! Fields that may be null and may be absent.

use serde::{Deserialize, Deserializer};

/// Reads `null` as `Some(None)`; what is absent stays `None` by `#[serde(default)]`.
pub(crate) fn deserialize<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}
