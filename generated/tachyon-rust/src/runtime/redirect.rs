//! Where answers redirect to (RFC 9110, section 15.4).

use reqwest::header::{
    HeaderMap, AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, LOCATION,
    PROXY_AUTHORIZATION,
};
use reqwest::{Method, StatusCode};

use super::body::Body;
use super::exchange::Request;

/// How many redirects of a call are followed.
pub(crate) const LIMIT: u32 = 10;

/// What sounds as if it held credentials.
const SENSITIVE: [&str; 9] = [
    "auth",
    "cookie",
    "credential",
    "key",
    "password",
    "secret",
    "session",
    "signature",
    "token",
];

/// The request that an answer redirects to, `None` where it does not.
///
/// Credentials stay behind when the origin changes, and those of the query always do: the
/// redirect says what the query is. One from https to http is not followed.
pub(crate) fn followed(
    request: &Request,
    status: StatusCode,
    headers: &HeaderMap,
) -> Option<Request> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = headers.get(LOCATION)?.to_str().ok()?;
    let mut url = request.url.join(location).ok()?;
    url.set_fragment(None);
    let is_known = matches!(url.scheme(), "http" | "https");
    if !is_known || (request.url.scheme() == "https" && url.scheme() == "http") {
        return None;
    }
    let mut followed = request.clone();
    if url.origin() != request.url.origin() {
        for (name, value) in &request.headers {
            let sounds = SENSITIVE.iter().any(|word| name.as_str().contains(word));
            if value.is_sensitive() || sounds {
                followed.headers.remove(name);
            }
        }
        for name in [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION] {
            followed.headers.remove(name);
        }
    }
    let code = status.as_u16();
    if code == 303 || (matches!(code, 301 | 302) && request.method == Method::POST) {
        if followed.method != Method::HEAD {
            followed.method = Method::GET;
        }
        followed.body = Body::Empty;
        for name in [CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE] {
            followed.headers.remove(name);
        }
    }
    followed.url = url;
    Some(followed)
}
