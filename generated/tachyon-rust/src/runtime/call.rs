//! What is sent for a call, put together from an operation's arguments.

use bytes::Bytes;
use reqwest::header::{
    HeaderMap, HeaderName, HeaderValue, ACCEPT, CONTENT_TYPE, COOKIE, USER_AGENT,
};
use reqwest::{Method, Url};
use serde::de::DeserializeOwned;
use serde::Serialize;

use super::body::{Body, Members, Part, PartContent};
use super::data::Data;
use super::error::{ArgumentError, DecodeError, Error, Failure, ResponseContent};
use super::exchange::{self, Answer, Opened, Request};
use super::file::File;
use super::reader::Described;
use super::security::{self, Alternatives, Location};
use super::stream::EventStream;
use super::style::{self, PathStyle, QueryStyle};
use crate::apis::configuration::Configuration;

/// A call that is being put together.
///
/// Its methods take anything that serde serializes, and leave out what serializes as null.
/// What cannot be sent is the error of `send`, or of the stream.
pub struct Call {
    method: Method,
    path: &'static str,
    segments: Vec<(String, String)>,
    query: Vec<String>,
    headers: HeaderMap,
    cookies: Vec<String>,
    body: Body,
    alternatives: Alternatives,
    idempotency: Option<&'static str>,
    server: Option<&'static str>,
    failure: Option<Failure>,
}

impl Call {
    /// A call of an operation; `path` is its template, with `{name}` for each parameter.
    pub fn new(method: Method, path: &'static str) -> Self {
        Self {
            method,
            path,
            segments: Vec::new(),
            query: Vec::new(),
            headers: HeaderMap::new(),
            cookies: Vec::new(),
            body: Body::Empty,
            alternatives: &[],
            idempotency: None,
            server: None,
            failure: None,
        }
    }

    /// A call in a method that reqwest has no name for (OpenAPI 3.2.0, section 4.9.1).
    pub fn named(method: &'static str, path: &'static str) -> Self {
        match Method::from_bytes(method.as_bytes()) {
            Ok(method) => Self::new(method, path),
            Err(_) => {
                let mut call = Self::new(Method::default(), path);
                call.fail(ArgumentError::new(format!("{method:?} is no method")).into());
                call
            }
        }
    }

    /// The base URL of the operation's own server.
    ///
    /// It is called unless the configuration says `ignore_operation_servers`.
    pub fn server(&mut self, base_path: &'static str) {
        self.server = Some(base_path);
    }

    /// A path parameter in the style `simple`, not exploded: OpenAPI's default.
    pub fn path<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        self.path_as(name, value, PathStyle::Simple, false);
    }

    /// A path parameter.
    ///
    /// One that is empty, or that makes a segment `.` or `..`, would address another resource,
    /// and is an error.
    pub fn path_as<T: Serialize + ?Sized>(
        &mut self,
        name: &str,
        value: &T,
        style: PathStyle,
        explode: bool,
    ) {
        if let Some(value) = self.data(value) {
            let text = style::path(name, &value, style, explode);
            self.segments.push((name.to_owned(), text));
        }
    }

    /// A query parameter in the style `form`, exploded: OpenAPI's default.
    pub fn query<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        self.query_as(name, value, QueryStyle::Form, true, false);
    }

    /// A query parameter; `allow_reserved` leaves RFC 3986's reserved characters as they are.
    pub fn query_as<T: Serialize + ?Sized>(
        &mut self,
        name: &str,
        value: &T,
        style: QueryStyle,
        explode: bool,
        allow_reserved: bool,
    ) {
        if let Some(value) = self.data(value) {
            let text = style::query(name, &value, style, explode, allow_reserved);
            if !text.is_empty() {
                self.query.push(text);
            }
        }
    }

    /// A parameter that is the whole query (OpenAPI 3.2.0, section 4.12.1).
    pub fn query_string<T: Serialize + ?Sized>(&mut self, value: &T) {
        if let Some(value) = self.data(value) {
            self.query.push(style::urlencode(value.text()));
        }
    }

    /// A header parameter, not exploded: OpenAPI's default.
    ///
    /// It takes precedence over credentials and over the configuration's headers.
    pub fn header<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        self.header_as(name, value, false);
    }

    /// A header parameter.
    pub fn header_as<T: Serialize + ?Sized>(&mut self, name: &str, value: &T, explode: bool) {
        if let Some(value) = self.data(value) {
            self.set(name, &style::header(&value, explode));
        }
    }

    /// A cookie parameter, exploded: OpenAPI's default.
    pub fn cookie<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        self.cookie_as(name, value, true);
    }

    /// A cookie parameter.
    pub fn cookie_as<T: Serialize + ?Sized>(&mut self, name: &str, value: &T, explode: bool) {
        if let Some(value) = self.data(value) {
            self.cookies.extend(style::cookies(name, &value, explode));
        }
    }

    /// The media type of the answers that are understood.
    pub fn accept(&mut self, media_type: &'static str) {
        self.set(ACCEPT.as_str(), media_type);
    }

    /// The media type of the body, where it is another than the body's method sets. Said after
    /// the body; not for `multipart`, whose media type names its boundary.
    pub fn content_type(&mut self, media_type: &'static str) {
        self.set(CONTENT_TYPE.as_str(), media_type);
    }

    /// A body of JSON.
    pub fn json<T: Serialize + ?Sized>(&mut self, body: &T) {
        match serde_json::to_vec(body) {
            Ok(json) => self.content(json.into(), "application/json"),
            Err(error) => self.fail(Failure::Serde(error)),
        }
    }

    /// A body of JSON whose property `selector` is set to true, which turns the stream on.
    pub fn json_streaming<T: Serialize + ?Sized>(&mut self, body: &T, selector: &str) {
        let selected = serde_json::to_vec(body).and_then(|json| {
            let mut members = Members::of(&json)?;
            members.set_true(selector)?;
            members.to_json()
        });
        match selected {
            Ok(json) => self.content(json.into(), "application/json"),
            Err(error) => self.fail(Failure::Serde(error)),
        }
    }

    /// A body of JSON whose property `selector` is not true, as that would turn the stream on,
    /// which only the function called `instead` reads.
    pub fn json_whole<T: Serialize + ?Sized>(&mut self, body: &T, selector: &str, instead: &str) {
        self.json(body);
        if let Body::Bytes(json) = &self.body {
            if Members::of(json).is_ok_and(|members| members.is_true(selector)) {
                self.fail(
                    ArgumentError::new(format!(
                        "the body's {selector:?} is true: call {instead}, which reads the stream"
                    ))
                    .into(),
                );
            }
        }
    }

    /// A body of text.
    pub fn text(&mut self, body: &str) {
        self.content(
            Bytes::copy_from_slice(body.as_bytes()),
            "text/plain; charset=utf-8",
        );
    }

    /// A body of bytes, or a file that is read while it is sent.
    pub fn file_body(&mut self, body: impl Into<File>, media_type: &'static str) {
        self.body = Body::File(body.into());
        self.content_type(media_type);
    }

    /// A body that is an `application/x-www-form-urlencoded` form; its fields follow.
    pub fn form(&mut self) {
        self.body = Body::Form(Vec::new());
        self.content_type("application/x-www-form-urlencoded");
    }

    /// A body that is a `multipart/form-data` form; its fields and files follow.
    pub fn multipart(&mut self) {
        self.body = Body::Multipart(Vec::new());
    }

    /// A field of a form. In `multipart`, a list is one part for each of its items, and an
    /// object is written as JSON.
    pub fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        self.field_as(name, value, QueryStyle::Form, true, false);
    }

    /// A field of a form; its style is that of `application/x-www-form-urlencoded` (OpenAPI,
    /// Encoding Object).
    pub fn field_as<T: Serialize + ?Sized>(
        &mut self,
        name: &str,
        value: &T,
        style: QueryStyle,
        explode: bool,
        allow_reserved: bool,
    ) {
        if let Some(value) = self.data(value) {
            self.put(name, value, style, explode, allow_reserved);
        }
    }

    /// A part of `multipart` with a media type of its own (OpenAPI, Encoding Object).
    pub fn part<T: Serialize + ?Sized>(&mut self, name: &str, value: &T, media_type: &'static str) {
        let value = self.data(value);
        if let (Some(value), Body::Multipart(parts)) = (value, &mut self.body) {
            parts.extend(fields(name, value, Some(media_type)));
        }
    }

    /// The members of an object, each as a field of a form.
    pub fn fields<T: Serialize + ?Sized>(&mut self, object: &T) {
        match self.data(object) {
            Some(Data::Object(members)) => {
                for (name, value) in members {
                    // An object has no style of its own here, and is written as JSON.
                    let value = match value {
                        Data::Null => continue,
                        Data::Object(_) => Data::Text(value.json()),
                        other => other,
                    };
                    self.put(&name, value, QueryStyle::Form, true, false);
                }
            }
            Some(_) => self.fail(ArgumentError::new("a form is made of an object").into()),
            None => {}
        }
    }

    /// A file of a `multipart` form.
    pub fn file(&mut self, name: &str, file: impl Into<File>) {
        if let Body::Multipart(parts) = &mut self.body {
            parts.push(Part {
                name: name.to_owned(),
                media_type: None,
                content: PartContent::File(file.into()),
            });
        }
    }

    /// The operation's security requirements: the first whose credentials the configuration
    /// holds is met.
    pub fn security(&mut self, alternatives: Alternatives) {
        self.alternatives = alternatives;
    }

    /// The header that holds a key of the call's own (a UUID), the same in each attempt, where
    /// the call does not give one.
    pub fn idempotency(&mut self, header: &'static str) {
        self.idempotency = Some(header);
    }

    /// Sends the call; its answer is JSON.
    ///
    /// # Errors
    ///
    /// Any [`Error`] but `Stream`.
    pub async fn send<T: DeserializeOwned, E: DeserializeOwned>(
        self,
        configuration: &Configuration,
    ) -> Result<T, Error<E>> {
        let answer = self.answer(configuration).await?;
        if answer.status.is_success() {
            return decoded(&answer);
        }
        Err(refused(answer))
    }

    /// Sends the call; its answer has no content that matters.
    ///
    /// # Errors
    ///
    /// Any [`Error`] but `Stream` and `Decode`.
    pub async fn send_empty<E: DeserializeOwned>(
        self,
        configuration: &Configuration,
    ) -> Result<(), Error<E>> {
        self.send_bytes(configuration).await.map(|_| ())
    }

    /// Sends the call; its answer is text, or a string in JSON.
    ///
    /// # Errors
    ///
    /// Any [`Error`] but `Stream`.
    pub async fn send_text<E: DeserializeOwned>(
        self,
        configuration: &Configuration,
    ) -> Result<String, Error<E>> {
        let answer = self.answer(configuration).await?;
        if !answer.status.is_success() {
            return Err(refused(answer));
        }
        if exchange::is_json(&exchange::media_type(&answer.headers)) {
            if let Ok(text) = serde_json::from_slice(&answer.body) {
                return Ok(text);
            }
        }
        Ok(String::from_utf8_lossy(&answer.body).into_owned())
    }

    /// Sends the call; its answer is bytes.
    ///
    /// # Errors
    ///
    /// Any [`Error`] but `Stream` and `Decode`.
    pub async fn send_bytes<E: DeserializeOwned>(
        self,
        configuration: &Configuration,
    ) -> Result<Vec<u8>, Error<E>> {
        let answer = self.answer(configuration).await?;
        if answer.status.is_success() {
            return Ok(answer.body);
        }
        Err(refused(answer))
    }

    /// Sends the call and gives its answer before its body is read, to which no timeout of the
    /// configuration applies any more.
    ///
    /// # Errors
    ///
    /// Any [`Error`] but `Stream` and `Decode`.
    pub async fn send_response<E: DeserializeOwned>(
        self,
        configuration: &Configuration,
    ) -> Result<reqwest::Response, Error<E>> {
        match self.exchanged(configuration, true).await? {
            Opened::Open(response) => Ok(response),
            Opened::Whole(answer) => Err(refused(answer)),
        }
    }

    /// The stream of what the call answers with; it is sent when the stream is first polled.
    pub fn stream<T, E>(
        mut self,
        configuration: &Configuration,
        described: Described,
    ) -> EventStream<T, E> {
        self.accept(described.media_type);
        let configuration = configuration.clone();
        EventStream::new(
            &configuration.clone(),
            described,
            Box::pin(async move {
                let request = self.request(&configuration)?;
                exchange::exchange(&request, &configuration, true).await
            }),
        )
    }

    async fn answer(self, configuration: &Configuration) -> Result<Answer, Failure> {
        match self.exchanged(configuration, false).await? {
            Opened::Whole(answer) => Ok(answer),
            Opened::Open(response) => exchange::read(response, configuration).await,
        }
    }

    async fn exchanged(self, configuration: &Configuration, open: bool) -> Result<Opened, Failure> {
        let request = self.request(configuration)?;
        exchange::limited(
            configuration.timeout.total,
            exchange::exchange(&request, configuration, open),
        )
        .await
    }

    /// The request that the call is.
    fn request(self, configuration: &Configuration) -> Result<Request, Failure> {
        let mut call = self;
        let credentials = security::chosen(call.alternatives, configuration);
        let mut sensitive = Vec::new();
        for credential in credentials {
            match credential.location {
                Location::Header => {
                    if !call.headers.contains_key(credential.name) {
                        call.set(credential.name, &credential.value);
                    }
                    sensitive.extend(HeaderName::try_from(credential.name));
                }
                Location::Query => call.query.push(style::query(
                    credential.name,
                    &Data::Text(credential.value),
                    QueryStyle::Form,
                    true,
                    false,
                )),
                Location::Cookie => call
                    .cookies
                    .push(style::cookie(credential.name, &credential.value)),
            }
        }
        if !call.cookies.is_empty() {
            let cookies = call.cookies.join("; ");
            call.set(COOKIE.as_str(), &cookies);
        }
        if let Some(header) = call.idempotency {
            let configured = configuration.headers.contains_key(header);
            if !configured && !call.headers.contains_key(header) {
                call.set(header, &unique());
            }
        }
        if let Some(user_agent) = &configuration.user_agent {
            if !call.headers.contains_key(USER_AGENT) {
                call.set(USER_AGENT.as_str(), user_agent);
            }
        }
        for (name, value) in &configuration.headers {
            if !call.headers.contains_key(name) {
                call.headers.insert(name, value.clone());
            }
        }
        let url = call.url(match call.server {
            Some(own) if !configuration.ignore_operation_servers => own,
            _ => &configuration.base_path,
        });
        if let Some(failure) = call.failure {
            return Err(failure);
        }
        for name in &sensitive {
            if let Some(value) = call.headers.get_mut(name) {
                value.set_sensitive(true);
            }
        }
        Ok(Request {
            method: call.method,
            url: url?,
            headers: call.headers,
            body: call.body,
        })
    }

    fn url(&self, base_path: &str) -> Result<Url, Failure> {
        let mut text = base_path.trim_end_matches('/').to_owned();
        let start = text.len();
        let mut rest = self.path;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, following)) = after.split_once('}') else {
                break;
            };
            text.push_str(before);
            match self.segments.iter().find(|(held, _)| held == name) {
                Some((_, value)) if !value.is_empty() => text.push_str(value),
                _ => {
                    return Err(ArgumentError::new(format!(
                        "{name} is part of the path {} and cannot be empty",
                        self.path
                    ))
                    .into());
                }
            }
            rest = following;
        }
        text.push_str(rest);
        let path = text.get(start..).unwrap_or_default();
        if !self.segments.is_empty() && path.split('/').any(|part| part == "." || part == "..") {
            return Err(ArgumentError::new(format!(
                "`.` and `..` cannot be segments of the path {path}"
            ))
            .into());
        }
        for part in &self.query {
            text.push(if text.contains('?') { '&' } else { '?' });
            text.push_str(part);
        }
        match Url::parse(&text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
            _ => Err(ArgumentError::new(format!(
                "base_path is {base_path:?}: an absolute http or https URL is accepted"
            ))
            .into()),
        }
    }

    /// The JSON data of an argument, `None` where it is left out.
    fn data<T: Serialize + ?Sized>(&mut self, value: &T) -> Option<Data> {
        match Data::of(value) {
            Ok(Data::Null) => None,
            Ok(value) => Some(value),
            Err(error) => {
                self.fail(Failure::Serde(error));
                None
            }
        }
    }

    /// Sets a header, whose value may not hold control characters (RFC 9110, section 5.5).
    fn set(&mut self, name: &str, value: &str) {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => {
                self.headers.insert(name, value);
            }
            (Ok(name), Err(_)) => self.fail(
                ArgumentError::new(format!(
                    "the header {name} cannot hold control characters such as line ends"
                ))
                .into(),
            ),
            (Err(_), _) => self.fail(
                ArgumentError::new(format!("{name:?} cannot be the name of a header")).into(),
            ),
        }
    }

    /// Adds a field to a form.
    fn put(
        &mut self,
        name: &str,
        value: Data,
        style: QueryStyle,
        explode: bool,
        allow_reserved: bool,
    ) {
        match &mut self.body {
            Body::Multipart(parts) => parts.extend(fields(name, value, None)),
            Body::Form(form) => {
                let text = style::query(name, &value, style, explode, allow_reserved);
                if !text.is_empty() {
                    form.push(text);
                }
            }
            Body::Empty | Body::Bytes(_) | Body::File(_) => {}
        }
    }

    fn content(&mut self, bytes: Bytes, media_type: &'static str) {
        self.body = Body::Bytes(bytes);
        self.content_type(media_type);
    }

    fn fail(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
    }
}

/// The parts that a field of `multipart` is.
fn fields(name: &str, value: Data, media_type: Option<&'static str>) -> Vec<Part> {
    let items = match value {
        Data::List(items) => items,
        item => vec![item],
    };
    items
        .iter()
        .map(|item| {
            let guessed =
                (matches!(item, Data::List(_) | Data::Object(_))).then_some("application/json");
            Part {
                name: name.to_owned(),
                media_type: media_type.or(guessed),
                content: PartContent::Text(item.text()),
            }
        })
        .collect()
}

fn decoded<T: DeserializeOwned, E>(answer: &Answer) -> Result<T, Error<E>> {
    let body = answer.body.trim_ascii();
    // No content is what null says in JSON.
    let json = if body.is_empty() { b"null" } else { body };
    serde_json::from_slice(json).map_err(|source| {
        Error::Decode(DecodeError {
            status: answer.status,
            content: String::from_utf8_lossy(&answer.body).into_owned(),
            source,
        })
    })
}

/// The error that an answer is.
pub(crate) fn refused<E: DeserializeOwned>(answer: Answer) -> Error<E> {
    Error::ResponseError(ResponseContent {
        status: answer.status,
        entity: serde_json::from_slice(&answer.body).ok(),
        content: String::from_utf8_lossy(&answer.body).into_owned(),
        headers: answer.headers,
    })
}

/// A key that no other call has (RFC 9562, version 4).
fn unique() -> String {
    let bits = fastrand::u128(..);
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let hex = format!("{bits:032x}");
    let mut text = String::with_capacity(36);
    for (index, digit) in hex.chars().enumerate() {
        if matches!(index, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}
