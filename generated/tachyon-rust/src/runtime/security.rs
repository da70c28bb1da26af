//! How calls are authenticated (OpenAPI, Security Scheme and Security Requirement Objects).

use base64::engine::general_purpose::STANDARD;
use base64::Engine;

use crate::apis::configuration::Configuration;

/// A security scheme, which is looked up in the [`Configuration`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// A key in the header, query parameter or cookie called `parameter`: that of
    /// `Configuration::api_keys` under the scheme's `name`, else `Configuration::api_key`.
    ApiKey {
        /// The name of the scheme in the document.
        name: &'static str,
        /// Where the key goes.
        location: Location,
        /// The name of the header, query parameter or cookie.
        parameter: &'static str,
    },
    /// A user and a password (RFC 7617): `Configuration::basic_auth`.
    Basic,
    /// A token (RFC 6750): `Configuration::bearer_access_token`.
    Bearer,
    /// An access token of OAuth 2.0 or OpenID Connect, which is sent as a bearer token:
    /// `Configuration::oauth_access_token`.
    OAuth,
    /// A scheme that this crate does not know: an alternative with it is never chosen.
    Unknown,
}

/// Where a credential goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// A header.
    Header,
    /// A query parameter.
    Query,
    /// A cookie.
    Cookie,
}

/// Alternatives, each of which needs all of its schemes.
pub type Alternatives = &'static [&'static [Scheme]];

/// A credential as it is sent.
pub(crate) struct Credential {
    pub(crate) location: Location,
    pub(crate) name: &'static str,
    pub(crate) value: String,
}

/// The credentials of the first alternative that has all of them.
///
/// An empty alternative makes authentication optional: credentials that are there are still
/// used. Empty where no alternative is complete; the vendor then answers that.
pub(crate) fn chosen(alternatives: Alternatives, configuration: &Configuration) -> Vec<Credential> {
    alternatives
        .iter()
        .filter(|schemes| !schemes.is_empty())
        .find_map(|schemes| {
            schemes
                .iter()
                .map(|scheme| credential(*scheme, configuration))
                .collect()
        })
        .unwrap_or_default()
}

fn credential(scheme: Scheme, configuration: &Configuration) -> Option<Credential> {
    let value = match scheme {
        Scheme::ApiKey {
            name,
            location,
            parameter,
        } => {
            let held = configuration.api_keys.get(name);
            let key = held.or(configuration.api_key.as_ref())?;
            return Some(Credential {
                location,
                name: parameter,
                value: match &key.prefix {
                    Some(prefix) => format!("{prefix} {}", key.key),
                    None => key.key.clone(),
                },
            });
        }
        Scheme::Basic => {
            let (user, password) = configuration.basic_auth.as_ref()?;
            let pair = format!("{user}:{}", password.as_deref().unwrap_or_default());
            format!("Basic {}", STANDARD.encode(pair))
        }
        Scheme::Bearer => format!("Bearer {}", configuration.bearer_access_token.as_ref()?),
        Scheme::OAuth => format!("Bearer {}", configuration.oauth_access_token.as_ref()?),
        Scheme::Unknown => return None,
    };
    Some(Credential {
        location: Location::Header,
        name: "authorization",
        value,
    })
}
