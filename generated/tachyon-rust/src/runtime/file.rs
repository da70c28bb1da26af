//! Files that are sent.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use bytes::Bytes;

/// A file that is sent: bytes, or the path of a file that is read while it is sent.
///
/// Without a name of its own, a path gives its last component and bytes the field's name; the
/// media type follows from the name.
#[derive(Debug, Clone)]
pub struct File {
    pub(crate) content: Content,
    name: Option<String>,
    media_type: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) enum Content {
    Bytes(Bytes),
    Path(PathBuf),
}

impl File {
    /// The same file with another name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The same file with another media type.
    #[must_use]
    pub fn typed(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// The file's name, `field` where it has none.
    pub(crate) fn name<'a>(&'a self, field: &'a str) -> Cow<'a, str> {
        if let Some(name) = &self.name {
            return Cow::Borrowed(name);
        }
        match &self.content {
            Content::Bytes(_) => Cow::Borrowed(field),
            Content::Path(path) => path
                .file_name()
                .map_or(Cow::Borrowed(field), |name| name.to_string_lossy()),
        }
    }

    /// The media type that the caller gave.
    pub(crate) fn media_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }
}

impl From<PathBuf> for File {
    fn from(path: PathBuf) -> Self {
        Content::Path(path).into()
    }
}

impl From<&Path> for File {
    fn from(path: &Path) -> Self {
        Content::Path(path.to_owned()).into()
    }
}

impl From<Vec<u8>> for File {
    fn from(bytes: Vec<u8>) -> Self {
        Content::Bytes(bytes.into()).into()
    }
}

impl From<Bytes> for File {
    fn from(bytes: Bytes) -> Self {
        Content::Bytes(bytes).into()
    }
}

impl From<Content> for File {
    fn from(content: Content) -> Self {
        Self {
            content,
            name: None,
            media_type: None,
        }
    }
}
