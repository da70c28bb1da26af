//! Values that are enums of what they may be: how they are read and written.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads and writes an enum each of whose variants holds what it may be.
///
/// The first variant that a value can be read as is it, and what follows `or` where there is none.
/// With `by`, the value of a property tells the variant; the one after `else` is what any other
/// value tells.
///
/// ```text
/// variants! {
///     Part or Unknown {
///         Text;
///         Image;
///     }
///     by "type" {
///         "text" is Text;
///         "image" is Image;
///         else Text;
///     }
/// }
/// ```
macro_rules! variants {
    ($name:ident or $other:ident { $($member:ident;)* }) => {
        $crate::runtime::variant::variants!(@serialize $name { $($member;)* $other; });

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                let value: ::serde_json::Value = ::serde::Deserialize::deserialize(deserializer)?;
                $(
                    if let Some(read) = $crate::runtime::variant::read(&value, Self::$member) {
                        return Ok(read);
                    }
                )*
                Ok(Self::$other(value))
            }
        }
    };
    (
        $name:ident or $other:ident { $($member:ident;)* }
        by $tag:literal { $($value:literal is $of:ident;)* $(else $default:ident;)? }
    ) => {
        $crate::runtime::variant::variants!(@serialize $name { $($member;)* $other; });

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                let value: ::serde_json::Value = ::serde::Deserialize::deserialize(deserializer)?;
                let read = match $crate::runtime::variant::tag(&value, $tag) {
                    $(Some($value) => $crate::runtime::variant::read(&value, Self::$of),)*
                    _ => $crate::runtime::variant::variants!(@other value $($default)?),
                };
                Ok(read.unwrap_or(Self::$other(value)))
            }
        }
    };
    (@other $value:ident) => {
        None
    };
    (@other $value:ident $default:ident) => {
        $crate::runtime::variant::read(&$value, Self::$default)
    };
    (@serialize $name:ident { $($member:ident;)* }) => {
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$member(held) => ::serde::Serialize::serialize(held, serializer),)*
                }
            }
        }
    };
}
pub(crate) use variants;

/// The value of the property that tells a variant.
pub(crate) fn tag<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

/// The enum with a variant, or nothing where the value cannot be read as what that holds.
pub(crate) fn read<T: DeserializeOwned, U>(value: &Value, variant: fn(T) -> U) -> Option<U> {
    T::deserialize(value).ok().map(variant)
}
