//! JSON objects that are structs: how they are read and written.
//!
//! [`object!`](object) lists a struct's members once. The loops over them are here and not in
//! each struct, as those that serde derives are, which take most of the time of compiling a
//! crate.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor,
};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// Reads and writes a struct as a JSON object.
///
/// Each line is a member: its number, its name in JSON, its kind, and its field.
///
/// - `required`: it must be there.
/// - `nullable`: its field is `None` where it is null, or absent, and written as null.
/// - `optional`: its field is `None` where it is absent, or null, and not written.
/// - `optional_nullable`: its field is `None` where it is absent, and `Some(None)` where it is null.
///
/// `..field` is a map of the members that have no line.
///
/// ```text
/// object! {
///     Message {
///         0 "role" required role;
///         1 "content" optional_nullable content;
///         ..additional_properties
///     }
/// }
/// ```
macro_rules! object {
    ($name:ident {
        $($number:literal $wire:literal $kind:ident $field:ident;)*
        $(..$others:ident)?
    }) => {
        impl $crate::runtime::object::Object for $name {
            const MEMBERS: &'static [$crate::runtime::object::Member] =
                &[$($crate::runtime::object::Member::$kind($wire)),*];
            $(
                const OTHERS: Option<&'static str> = Some(stringify!($others));

                fn read_other<'de, A: ::serde::de::MapAccess<'de>>(
                    &mut self,
                    name: String,
                    from: &mut A,
                ) -> Result<(), A::Error> {
                    $crate::runtime::object::other(&mut self.$others, name, from)
                }
            )?

            // Some objects have no members.
            #[allow(unused_variables)]
            fn read<'de, A: ::serde::de::MapAccess<'de>>(
                &mut self,
                number: usize,
                from: &mut A,
            ) -> Result<(), A::Error> {
                match number {
                    $($number => $crate::runtime::object::$kind(&mut self.$field, from),)*
                    _ => Ok(()),
                }
            }

            #[allow(unused_variables)]
            fn write<M: ::serde::ser::SerializeMap>(
                &self,
                to: &mut $crate::runtime::object::Writer<M>,
            ) {
                $(to.$kind($wire, &self.$field);)*
                $(to.others(&self.$others);)?
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::runtime::object::read(deserializer)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                $crate::runtime::object::write(self, serializer)
            }
        }
    };
}
pub(crate) use object;

/// A struct that is a JSON object.
pub(crate) trait Object: Default {
    /// The members that have fields, by their numbers.
    const MEMBERS: &'static [Member];
    /// The field of the members that have none of their own.
    const OTHERS: Option<&'static str> = None;

    /// Reads the value of a member into its field.
    fn read<'de, A: MapAccess<'de>>(&mut self, number: usize, from: &mut A)
        -> Result<(), A::Error>;

    /// Reads the value of a member that has no field of its own.
    fn read_other<'de, A: MapAccess<'de>>(
        &mut self,
        _: String,
        from: &mut A,
    ) -> Result<(), A::Error> {
        from.next_value::<IgnoredAny>().map(drop)
    }

    /// Writes the members.
    fn write<M: SerializeMap>(&self, to: &mut Writer<M>);
}

/// A member that has a field.
pub(crate) struct Member {
    name: &'static str,
    is_required: bool,
}

impl Member {
    pub(crate) const fn required(name: &'static str) -> Self {
        let is_required = true;
        Self { name, is_required }
    }

    pub(crate) const fn nullable(name: &'static str) -> Self {
        Self::optional(name)
    }

    pub(crate) const fn optional(name: &'static str) -> Self {
        let is_required = false;
        Self { name, is_required }
    }

    pub(crate) const fn optional_nullable(name: &'static str) -> Self {
        Self::optional(name)
    }
}

/// Reads a member into its field.
pub(crate) fn required<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    field: &mut T,
    from: &mut A,
) -> Result<(), A::Error> {
    *field = from.next_value()?;
    Ok(())
}

/// Reads a member that may be null into its field.
pub(crate) fn nullable<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    field: &mut Option<T>,
    from: &mut A,
) -> Result<(), A::Error> {
    required(field, from)
}

/// Reads a member into its field, which is `None` without it.
pub(crate) fn optional<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    field: &mut Option<T>,
    from: &mut A,
) -> Result<(), A::Error> {
    required(field, from)
}

/// Reads a member that may be null into its field, which is `None` only without it.
pub(crate) fn optional_nullable<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    field: &mut Option<T>,
    from: &mut A,
) -> Result<(), A::Error> {
    *field = Some(from.next_value()?);
    Ok(())
}

/// Reads a member into a map.
pub(crate) fn other<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    field: &mut HashMap<String, T>,
    name: String,
    from: &mut A,
) -> Result<(), A::Error> {
    field.insert(name, from.next_value()?);
    Ok(())
}

/// The struct that an object is.
pub(crate) fn read<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(Reading(PhantomData))
}

struct Reading<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for Reading<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        let mut object = T::default();
        read_members(
            T::MEMBERS,
            T::OTHERS.is_some(),
            members,
            &mut |name, from| match name {
                Name::Known(number) => object.read(number, from),
                Name::Other(name) => object.read_other(name, from),
            },
        )?;
        Ok(object)
    }
}

/// The name of a member.
enum Name {
    /// That of the member with this number.
    Known(usize),
    /// One that has no field; empty where nobody asks for it.
    Other(String),
}

/// Reads all members, each once, and all that are required.
fn read_members<'de, A: MapAccess<'de>>(
    known: &'static [Member],
    is_open: bool,
    mut from: A,
    read: &mut dyn FnMut(Name, &mut A) -> Result<(), A::Error>,
) -> Result<(), A::Error> {
    let mut seen = Seen::default();
    let mut next = 0;
    while let Some(name) = from.next_key_seed(Names {
        known,
        is_open,
        next,
    })? {
        if let Name::Known(number) = name {
            if !seen.add(number) {
                let name = known.get(number).map_or("", |member| member.name);
                return Err(A::Error::duplicate_field(name));
            }
            next = number + 1;
        }
        read(name, &mut from)?;
    }
    for (number, member) in known.iter().enumerate() {
        if member.is_required && seen.add(number) {
            return Err(A::Error::missing_field(member.name));
        }
    }
    Ok(())
}

/// The numbers of the members that have come.
#[derive(Default)]
pub(crate) struct Seen {
    low: u128,
    high: Vec<usize>,
}

impl Seen {
    /// Whether the number is new.
    pub(crate) fn add(&mut self, number: usize) -> bool {
        if number >= 128 {
            let is_new = !self.high.contains(&number);
            if is_new {
                self.high.push(number);
            }
            return is_new;
        }
        let bit = 1 << number;
        let is_new = self.low & bit == 0;
        self.low |= bit;
        is_new
    }
}

/// Finds the members that names are those of.
struct Names {
    known: &'static [Member],
    is_open: bool,
    /// The member that most likely comes, as vendors write all objects in one order.
    next: usize,
}

impl<'de> DeserializeSeed<'de> for Names {
    type Value = Name;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Name, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Names {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Name, E> {
        let is_named = |member: &Member| member.name == name;
        let number = match self.known.get(self.next) {
            Some(member) if is_named(member) => Some(self.next),
            _ => self.known.iter().position(is_named),
        };
        Ok(match number {
            Some(number) => Name::Known(number),
            None if self.is_open => Name::Other(name.to_owned()),
            None => Name::Other(String::new()),
        })
    }
}

/// Writes the object that a struct is.
pub(crate) fn write<T: Object, S: Serializer>(
    object: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut writer = Writer {
        members: serializer.serialize_map(None)?,
        failure: None,
    };
    object.write(&mut writer);
    match writer.failure {
        None => writer.members.end(),
        Some(failure) => Err(failure),
    }
}

/// Writes members until one fails.
pub(crate) struct Writer<M: SerializeMap> {
    members: M,
    failure: Option<M::Error>,
}

impl<M: SerializeMap> Writer<M> {
    pub(crate) fn required<T: Serialize>(&mut self, name: &str, value: &T) {
        if self.failure.is_none() {
            self.failure = self.members.serialize_entry(name, value).err();
        }
    }

    pub(crate) fn nullable<T: Serialize>(&mut self, name: &str, value: &T) {
        self.required(name, value);
    }

    pub(crate) fn optional<T: Serialize>(&mut self, name: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.required(name, value);
        }
    }

    pub(crate) fn optional_nullable<T: Serialize>(&mut self, name: &str, value: &Option<T>) {
        self.optional(name, value);
    }

    pub(crate) fn others<T: Serialize>(&mut self, values: &HashMap<String, T>) {
        for (name, value) in values {
            self.required(name, value);
        }
    }
}
