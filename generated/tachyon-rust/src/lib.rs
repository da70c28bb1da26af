//! Tachyon API
//!
//! Chat completions of the Tachyon platform, alone or inside a chatroom.
#![forbid(unsafe_code)]
// Descriptions and names are the vendor's.
#![allow(
    non_snake_case,
    rustdoc::all,
    clippy::disallowed_names,
    clippy::doc_lazy_continuation,
    clippy::doc_overindented_list_items,
    clippy::enum_variant_names,
    clippy::large_enum_variant,
    clippy::module_inception,
    clippy::tabs_in_doc_comments,
    clippy::too_many_arguments,
    clippy::type_complexity
)]

pub mod apis;
pub mod models;
// The same bytes in every crate: each uses what its operations need.
#[allow(dead_code, unused_imports, unused_macros)]
mod runtime;
