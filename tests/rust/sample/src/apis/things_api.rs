//! Everything else that operations may be.

use std::path::PathBuf;

use reqwest::Method;
use serde_json::Value;

use crate::apis::configuration::Configuration;
use crate::apis::{Error, EventStream, File};
use crate::models;
use crate::runtime::call::Call;
use crate::runtime::data::JsonText;
use crate::runtime::reader::Described;
use crate::runtime::security::{Location, Scheme};
use crate::runtime::style::{PathStyle, QueryStyle};

/// Parameters in all of their styles.
pub async fn styles(
    configuration: &Configuration,
    id: &[i32],
    filter: &models::Filter,
    tags: Option<Vec<String>>,
    ratio: f32,
) -> Result<(), Error<Value>> {
    let mut call = Call::new(Method::GET, "/things/{id}/of{filter}");
    call.path_as("id", id, PathStyle::Label, true);
    call.path_as("filter", filter, PathStyle::Matrix, true);
    call.query_as("filter", filter, QueryStyle::DeepObject, true, false);
    call.query_as("tags", &tags, QueryStyle::PipeDelimited, false, false);
    call.query("ratio", &ratio);
    call.query("json", &JsonText(filter));
    call.query("absent", &JsonText(&None::<i32>));
    call.header_as("x-filter", filter, true);
    call.cookie("session", "a b;c");
    call.cookie_as("ids", id, false);
    call.send_empty(configuration).await
}

/// A parameter that is the whole query.
pub async fn selected(
    configuration: &Configuration,
    filter: Option<models::Filter>,
) -> Result<(), Error<Value>> {
    let mut call = Call::new(Method::GET, "/selected");
    call.query_string(&JsonText(&filter));
    call.send_empty(configuration).await
}

/// What is on a server of its own.
pub async fn elsewhere(
    configuration: &Configuration,
    server: &'static str,
) -> Result<(), Error<Value>> {
    let mut call = Call::new(Method::GET, "/elsewhere");
    call.server(server);
    call.send_empty(configuration).await
}

/// A form of many kinds of parts.
pub async fn upload(
    configuration: &Configuration,
    file: PathBuf,
    mask: Option<File>,
    names: Vec<String>,
    filter: &models::Filter,
) -> Result<Value, Error<Value>> {
    let mut call = Call::new(Method::POST, "/files");
    call.multipart();
    call.file("file", file);
    if let Some(mask) = mask {
        call.file("mask", mask);
    }
    call.field("names[]", &names);
    call.field("filter", filter);
    call.part("note", "a,b", "text/csv");
    call.field("absent", &None::<i32>);
    call.send(configuration).await
}

/// A form in a URL's clothes.
pub async fn form(
    configuration: &Configuration,
    filter: &models::Filter,
    tags: &[&str],
) -> Result<String, Error<Value>> {
    let mut call = Call::new(Method::POST, "/form");
    call.form();
    call.fields(filter);
    call.field_as("tags", tags, QueryStyle::SpaceDelimited, false, false);
    call.send_text(configuration).await
}

/// Bytes there and back.
pub async fn convert(configuration: &Configuration, body: File) -> Result<Vec<u8>, Error<Value>> {
    let mut call = Call::new(Method::PUT, "/convert");
    call.file_body(body, "audio/mpeg");
    call.send_bytes(configuration).await
}

/// Text there, and an answer that is left unread.
pub async fn say(
    configuration: &Configuration,
    body: &str,
) -> Result<reqwest::Response, Error<Value>> {
    let mut call = Call::new(Method::POST, "/say");
    call.text(body);
    call.send_response(configuration).await
}

/// Credentials of all kinds.
pub async fn secured(configuration: &Configuration) -> Result<(), Error<Value>> {
    let mut call = Call::new(Method::GET, "/secured?fixed=1");
    call.security(&[
        &[Scheme::Unknown],
        &[
            Scheme::Basic,
            Scheme::ApiKey {
                name: "query",
                location: Location::Query,
                parameter: "api key",
            },
        ],
        &[],
        &[Scheme::OAuth],
        &[
            Scheme::ApiKey {
                name: "header",
                location: Location::Header,
                parameter: "X-Api-Key",
            },
            Scheme::ApiKey {
                name: "cookie",
                location: Location::Cookie,
                parameter: "key",
            },
        ],
    ]);
    call.send_empty(configuration).await
}

/// Lines of JSON.
pub fn lines(configuration: &Configuration) -> EventStream<i64, Value> {
    let call = Call::new(Method::GET, "/lines");
    let described = Described {
        media_type: "application/x-ndjson",
        sentinel: None,
        is_text: false,
    };
    call.stream(configuration, described)
}

/// Events that are text.
pub fn words(configuration: &Configuration) -> EventStream<String, Value> {
    let call = Call::new(Method::GET, "/words");
    let described = Described {
        media_type: "text/event-stream",
        sentinel: None,
        is_text: true,
    };
    call.stream(configuration, described)
}
