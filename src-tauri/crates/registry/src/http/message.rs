//! What is asked of a server: method, address, headers, and a body that is in memory. Knows nothing of how it is sent.

use std::fmt;

use bytes::Bytes;
use reqwest::{
    Method, Request,
    header::{
        ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RANGE,
    },
};
use url::Url;
use zeroize::Zeroizing;

use crate::Place;

/// What is asked of a server.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) accept: Option<&'static str>,
    /// Only the bytes from here on.
    pub(crate) range_from: Option<u64>,
    /// And only up to this one, which is included.
    pub(crate) range_to: Option<u64>,
    pub(crate) body: Body,
    /// What it is about, for errors.
    pub(crate) place: Place,
}

/// What is sent along.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    None,
    Form(Form),
    /// Bytes that are sent as they are.
    Whole {
        media_type: HeaderValue,
        bytes: Bytes,
    },
}

/// A form, already encoded. It may hold a secret: it prints as nothing, and is wiped with its last copy.
#[derive(Clone)]
pub(crate) struct Form(Bytes);

/// The part of a blob that a streamed request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) from: u64,
    pub(crate) length: u64,
    /// One chunk of several, which says so in `Content-Range`.
    pub(crate) is_chunk: bool,
}

impl Form {
    pub(crate) fn new(encoded: String) -> Self {
        Self(Bytes::from_owner(Zeroizing::new(encoded.into_bytes())))
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

impl Message {
    /// A request without a body.
    pub(crate) fn new(method: Method, url: Url, place: Place) -> Self {
        Self {
            method,
            url,
            accept: None,
            range_from: None,
            range_to: None,
            body: Body::None,
            place,
        }
    }

    /// Whether sending it twice does nothing twice. A token form only asks again, a whole content is put over itself;
    /// an upload begins again.
    pub(crate) fn is_repeatable(&self) -> bool {
        match &self.body {
            Body::Form(_) => true,
            Body::Whole { .. } => self.method == Method::PUT,
            Body::None => matches!(self.method, Method::GET | Method::HEAD | Method::DELETE),
        }
    }

    pub(crate) fn request(&self, url: Url, authorization: Option<&HeaderValue>) -> Request {
        let mut request = self.without_body(url, authorization);
        let headers = request.headers_mut();
        match &self.body {
            Body::Form(form) => {
                let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
                headers.insert(CONTENT_TYPE, form_type);
                *request.body_mut() = Some(form.0.clone().into());
            }
            Body::Whole { media_type, bytes } => {
                headers.insert(CONTENT_TYPE, media_type.clone());
                *request.body_mut() = Some(bytes.clone().into());
            }
            Body::None if matches!(self.method, Method::POST | Method::PUT | Method::PATCH) => {
                headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
            }
            Body::None => {}
        }
        request
    }

    /// The request with a body that comes from elsewhere; its length is said before.
    pub(crate) fn streamed(&self, authorization: Option<&HeaderValue>, part: Part, body: reqwest::Body) -> Request {
        let mut request = self.without_body(self.url.clone(), authorization);
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
        headers.insert(CONTENT_LENGTH, HeaderValue::from(part.length));
        if part.is_chunk && part.length > 0 {
            // Source: distribution-spec 1.1, "Pushing a blob in chunks": both ends are included, without a unit.
            insert(
                headers,
                CONTENT_RANGE,
                &format!("{}-{}", part.from, part.from + part.length - 1),
            );
        }
        *request.body_mut() = Some(body);
        request
    }

    fn without_body(&self, url: Url, authorization: Option<&HeaderValue>) -> Request {
        let mut request = Request::new(self.method.clone(), url);
        let headers = request.headers_mut();
        if let Some(authorization) = authorization {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        if let Some(accept) = self.accept {
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
        }
        if let Some(from) = self.range_from {
            let to = self.range_to.map(|to| to.to_string()).unwrap_or_default();
            insert(headers, RANGE, &format!("bytes={from}-{to}"));
        }
        request
    }
}

/// Sets a header whose text is made of digits.
fn insert(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}
