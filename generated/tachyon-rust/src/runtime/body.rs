//! Bodies of requests (RFC 7578, WHATWG URL), which each attempt sends anew.

use std::fmt;

use bytes::Bytes;
use reqwest::multipart::{Form, Part as FormPart};
use reqwest::RequestBuilder;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::{to_raw_value, RawValue};

use super::error::Failure;
use super::file::{Content, File};

/// The body of a request.
#[derive(Debug, Clone, Default)]
pub(crate) enum Body {
    /// None.
    #[default]
    Empty,
    /// Bytes.
    Bytes(Bytes),
    /// A file.
    File(File),
    /// The `name=value` parts of an `application/x-www-form-urlencoded` body.
    Form(Vec<String>),
    /// The parts of a `multipart/form-data` body.
    Multipart(Vec<Part>),
}

/// A part of a `multipart/form-data` body.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) media_type: Option<&'static str>,
    pub(crate) content: PartContent,
}

#[derive(Debug, Clone)]
pub(crate) enum PartContent {
    Text(String),
    File(File),
}

/// The members of a JSON object as they stand, in their order.
pub(crate) struct Members(Vec<(String, Box<RawValue>)>);

impl Body {
    /// The request with this body.
    pub(crate) async fn attached(
        &self,
        request: RequestBuilder,
    ) -> Result<RequestBuilder, Failure> {
        match self {
            Self::Empty => Ok(request),
            Self::Bytes(bytes) => Ok(request.body(bytes.clone())),
            Self::Form(parts) => Ok(request.body(Bytes::from(parts.join("&")))),
            Self::File(file) => match &file.content {
                Content::Bytes(bytes) => Ok(request.body(bytes.clone())),
                Content::Path(path) => files::body(request, path).await,
            },
            Self::Multipart(parts) => {
                let mut form = files::form();
                for part in parts {
                    form = form.part(files::quoted(&part.name), part.built().await?);
                }
                Ok(request.multipart(form))
            }
        }
    }
}

impl Part {
    async fn built(&self) -> Result<FormPart, Failure> {
        let file = match &self.content {
            PartContent::Text(text) => {
                let part = FormPart::text(text.clone());
                return match self.media_type {
                    Some(media_type) => part.mime_str(media_type).map_err(Failure::Reqwest),
                    None => Ok(part),
                };
            }
            PartContent::File(file) => file,
        };
        let part = match &file.content {
            Content::Bytes(bytes) => FormPart::stream(bytes.clone()),
            Content::Path(path) => files::part(path).await?,
        };
        let name = file.name(&self.name);
        let guessed = mime_guess::from_path(name.as_ref()).first_or_octet_stream();
        let media_type = file.media_type().or(self.media_type);
        part.file_name(files::quoted(&name))
            .mime_str(media_type.unwrap_or(guessed.essence_str()))
            .map_err(Failure::Reqwest)
    }
}

impl Members {
    /// The members of the object that `json` holds.
    pub(crate) fn of(json: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(json)
    }

    /// Whether the member called `name` is true.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.0
            .iter()
            .any(|(member, held)| member == name && held.get() == "true")
    }

    /// Makes the member called `name` true.
    pub(crate) fn set_true(&mut self, name: &str) -> Result<(), serde_json::Error> {
        let value = to_raw_value(&true)?;
        match self.0.iter_mut().find(|(member, _)| member == name) {
            Some((_, held)) => *held = value,
            None => self.0.push((name.to_owned(), value)),
        }
        Ok(())
    }

    /// The object as JSON.
    pub(crate) fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut json = Vec::new();
        let mut serializer = serde_json::Serializer::new(&mut json);
        let members = self.0.iter().map(|(name, held)| (name, held));
        serde::Serializer::collect_map(&mut serializer, members)?;
        Ok(json)
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod files {
    use std::path::Path;

    use reqwest::header::CONTENT_LENGTH;
    use tokio::fs::File;

    use super::{Failure, Form, FormPart, RequestBuilder};

    /// A form whose names stand as they are given; reqwest's own way is not RFC 7578's.
    pub(super) fn form() -> Form {
        Form::new().percent_encode_noop()
    }

    /// A name as browsers write it (WHATWG HTML, multipart form data).
    pub(super) fn quoted(name: &str) -> String {
        name.replace('"', "%22")
            .replace('\r', "%0D")
            .replace('\n', "%0A")
    }

    /// The request with a file as its body.
    pub(super) async fn body(
        request: RequestBuilder,
        path: &Path,
    ) -> Result<RequestBuilder, Failure> {
        let (file, length) = opened(path).await?;
        Ok(request.header(CONTENT_LENGTH, length).body(file))
    }

    /// A part that is a file.
    pub(super) async fn part(path: &Path) -> Result<FormPart, Failure> {
        let (file, length) = opened(path).await?;
        Ok(FormPart::stream_with_length(file, length))
    }

    async fn opened(path: &Path) -> Result<(File, u64), Failure> {
        let file = File::open(path).await.map_err(Failure::Io)?;
        let length = file.metadata().await.map_err(Failure::Io)?.len();
        Ok((file, length))
    }
}

#[cfg(target_arch = "wasm32")]
mod files {
    use std::path::Path;

    use super::super::error::ArgumentError;
    use super::{Failure, Form, FormPart, RequestBuilder};

    /// A form; browsers quote its names.
    pub(super) fn form() -> Form {
        Form::new()
    }

    pub(super) fn quoted(name: &str) -> String {
        name.to_owned()
    }

    pub(super) async fn body(_: RequestBuilder, path: &Path) -> Result<RequestBuilder, Failure> {
        Err(unreadable(path))
    }

    pub(super) async fn part(path: &Path) -> Result<FormPart, Failure> {
        Err(unreadable(path))
    }

    fn unreadable(path: &Path) -> Failure {
        let path = path.display();
        ArgumentError::new(format!(
            "{path}: there are no files here; bytes are accepted"
        ))
        .into()
    }
}
